"""Links in dunning mails: each is good for one purpose and one step of one attempt, and for a while.

Who has the link may do what it is for, and that is all: it shows no one who pays, or how much.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlsplit

from troupe.security.signing import Unsigned, sign, unsign
from troupe.store import keys
from troupe.store.keys import ForeignKey
from troupe.store.transact import Unknown

type Purpose = Literal["open", "click", "opt_out"]

LASTS: Mapping[Purpose, timedelta] = {
    "open": timedelta(days=60),
    "click": timedelta(days=60),
    "opt_out": timedelta(days=400),  # as long as the address of a mail is kept
}
_PATHS: Mapping[Purpose, str] = {"open": "opens", "click": "clicks", "opt_out": "opt-outs"}
# Where Stripe has people pay, on its own domains; https://docs.stripe.com/domains
HOSTS = frozenset({"invoice.stripe.com", "pay.stripe.com", "checkout.stripe.com", "billing.stripe.com"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """`about_id` is an attempt, and `step_id` one of its steps; without a step it is a subscription at risk.

    `url` is where a click leads: the page of this invoice of this account. `at`: when the mail was written.
    """

    purpose: Purpose
    tenant_id: str
    about_id: str
    step_id: str | None
    workspace_id: str
    customer_id: str  # Stripe's
    at: datetime  # whole seconds
    url: str | None = None
    account_id: str | None = None
    invoice_id: str | None = None


def address(link: Link) -> str:
    """The URL that stands in the mail."""
    base = os.environ["PUBLIC_URL"].rstrip("/")
    return f"{base}/v1/recovery/{_PATHS[link.purpose]}/{_token(link)}"


def read(token: str, purpose: Purpose, now: datetime) -> Link:
    """The link that was made for this purpose and is still good; `Unknown` for every other token alike."""
    try:
        payload = unsign(token, purpose=_purpose(purpose))
        if now.timestamp() >= payload["e"]:
            raise Unknown("link")
        link = Link(
            purpose=purpose,
            tenant_id=keys.tenant(payload["t"]),
            about_id=payload["a"],
            step_id=payload["s"],
            workspace_id=payload["w"],
            customer_id=payload["c"],
            at=datetime.fromtimestamp(payload["i"], now.tzinfo),
            url=payload["u"],
            account_id=payload["m"],
            invoice_id=payload["n"],
        )
    except (Unsigned, ForeignKey, KeyError) as wrong:
        raise Unknown("link") from wrong
    return link


def payable(url: str | None) -> str | None:
    """The address of a page of Stripe's where an invoice is paid; None for any other address.

    Where Stripe is a simulator (STRIPE_URL), its own pages are such too.
    """
    parts = urlsplit(url or "")
    simulated = os.environ.get("STRIPE_URL", "")
    ours = bool(simulated) and parts[:2] == urlsplit(simulated)[:2]
    stripe = parts.scheme == "https" and parts.netloc in HOSTS  # neither a port nor a user's name
    plain = url is not None and url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    return url if plain and (stripe or ours) else None


def _token(link: Link) -> str:
    issued = int(link.at.timestamp())
    payload = {
        "t": link.tenant_id,
        "a": link.about_id,
        "s": link.step_id,
        "w": link.workspace_id,
        "c": link.customer_id,
        "i": issued,
        "e": issued + int(LASTS[link.purpose].total_seconds()),
        "u": link.url,
        "m": link.account_id,
        "n": link.invoice_id,
    }
    return sign(payload, purpose=_purpose(link.purpose))


def _purpose(purpose: Purpose) -> str:
    return f"recovery.{purpose}"
