"""Connected accounts that the platform opens, and the page on which a business tells Stripe the rest."""

from typing import Any

from stripe_simulator.model import Account, Capability
from stripe_simulator.platform.model import AccountLink
from stripe_simulator.world import Refused, World

LINK_LASTS = 300  # https://docs.stripe.com/api/account_links/object#account_link_object-expires_at
COUNTRIES = frozenset(
    {
        "AE",
        "AT",
        "AU",
        "BE",
        "BG",
        "BR",
        "CA",
        "CH",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GB",
        "GI",
        "GR",
        "HK",
        "HR",
        "HU",
        "IE",
        "IN",
        "IT",
        "JP",
        "LI",
        "LT",
        "LU",
        "LV",
        "MT",
        "MX",
        "MY",
        "NL",
        "NO",
        "NZ",
        "PL",
        "PT",
        "RO",
        "SE",
        "SG",
        "SI",
        "SK",
        "TH",
        "US",
    }
)  # fmt: skip -- https://stripe.com/global


def create(world: World, country: str, requested: list[str], **fields: Any) -> Account:
    """An Express account, of which nothing is known yet."""
    if country not in COUNTRIES:
        raise Refused(f"{country} is not currently supported by Stripe.", "country_unsupported", "country")
    account = world.open_account(
        country=country,
        kind="express",
        livemode=False,
        details_submitted=False,
        capabilities=dict.fromkeys(requested, "inactive"),
        **fields,
    )
    world.tell(account.id, "account.updated", account)
    return account


def link(world: World, account: Account, refresh_url: str, return_url: str) -> AccountLink:
    made = AccountLink(
        id=world.identifier("al"),
        account=account.id,
        of=account.id,
        created=world.now,
        expires_at=world.now + LINK_LASTS,
        refresh_url=refresh_url,
        return_url=return_url,
    )
    return world.add(made)


def onboard(world: World, account: Account, transfers: Capability = "active") -> None:
    """Everything is told and verified; `transfers` may be kept back."""
    previous = {
        "details_submitted": account.details_submitted,
        "capabilities": dict(account.capabilities),
    }
    account.details_submitted = True
    account.capabilities = dict.fromkeys(account.capabilities, "active")
    account.capabilities["transfers"] = transfers
    world.tell(account.id, "account.updated", account, previous)


def use(world: World, made: AccountLink) -> bool:
    """Whether the page opens: once, and not when it is too old."""
    if made.used or world.now >= made.expires_at:
        return False
    made.used = True
    return True
