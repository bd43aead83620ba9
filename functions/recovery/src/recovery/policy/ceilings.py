"""How often a network lets the same card be charged in vain, by any merchant and for any invoice.

What counts is a charge that reached the network, once. Processors disagree on the scope of the rules, so it
is a parameter, and the strictest reading is the default.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Literal


def free_at(times: Iterable[datetime], limit: int, window: timedelta) -> datetime | None:
    """From when one more is within the limit, if anything keeps it back: what is a window old has left it."""
    if limit < 1:
        raise ValueError("a limit is positive")
    latest = sorted(times)[-limit:]
    return latest[0] + window if len(latest) == limit else None


type Initiator = Literal["stripe", "troupe", "customer"]


@dataclass(frozen=True, slots=True, kw_only=True)
class CardCharge:
    """A charge of a card. `account` is Stripe's, which is the network's acceptor.

    `never_rule` is the rule of a decline after which this card is not charged again.
    """

    charge_id: str
    at: datetime
    account: str
    amount_cents: int
    currency: str
    approved: bool
    reached_network: bool = True
    initiator: Initiator = "stripe"
    invoice_id: str | None = None
    never_rule: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Intended:
    """The charge that is to be made."""

    account: str
    amount_cents: int
    currency: str
    brand: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ceiling:
    """A network's rule: fewer than `limit` within the window, or no charge.

    `counts`: every decline, or charges that follow a decline. An approval forgets what came before it where
    `approval_resets`.
    """

    rule: str
    brands: tuple[str, ...]
    counts: Literal["declines", "reattempts"]
    limit: int
    window_hours: int
    same_amount: bool
    same_account: bool
    approval_resets: bool
    edition: str
    source: str
    checked_on: str

    @property
    def window(self) -> timedelta:
        return timedelta(hours=self.window_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowed:
    rules: tuple[str, ...] = ()  # those that were asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    rule: str
    edition: str
    not_before: datetime


MASTERCARD = ("mastercard", "maestro")
CEILINGS = (
    Ceiling(
        rule="visa.reattempt_limit",
        brands=("visa",),
        counts="reattempts",
        limit=20,
        window_hours=30 * 24,
        same_amount=True,
        same_account=False,
        approval_resets=False,
        edition="2026-04-18",
        source="Visa Core Rules, 18 April 2026, ID# 0030640, 7.3.6.3",
        checked_on="2026-09-30",
    ),
    Ceiling(
        rule="mastercard.consecutive_declines",
        brands=MASTERCARD,
        counts="declines",
        limit=10,
        window_hours=24,
        same_amount=False,
        same_account=True,
        approval_resets=True,
        edition="2022-10-01",
        source="https://support.paya.com/44505-fees/mastercard-excessive-authorization-attempts",
        checked_on="2026-09-30",
    ),
    Ceiling(
        rule="mastercard.same_amount_declines",
        brands=MASTERCARD,
        counts="declines",
        limit=35,
        window_hours=30 * 24,
        same_amount=True,
        same_account=True,
        approval_resets=False,
        edition="2024-04-01",
        source="https://developer.paypal.com/braintree/articles/risk-and-security/compliance/network-updates/2024/mc-s24",
        checked_on="2026-09-30",
    ),
)
# A reattempt is known by the decline before it, so twice the longest window has to be remembered.
LOOK_BACK = 2 * max(ceiling.window for ceiling in CEILINGS)
NETWORKS = frozenset(
    {"visa", *MASTERCARD, "amex", "diners", "discover", "jcb", "unionpay", "eftpos_au", "cartes_bancaires"}
)


def next_allowed(
    history: Iterable[CardCharge], intended: Intended, now: datetime, ceilings: Sequence[Ceiling] = CEILINGS
) -> Allowed | Denied:
    """Whether the card may be charged now; if not, by the rule that holds it back longest.

    A card whose network is not known is held to the rules of all.
    """
    brand = (intended.brand or "").lower()
    asked = [each for each in ceilings if brand in each.brands or brand not in NETWORKS]
    charges = distinct(history)
    denials = [
        Denied(rule=each.rule, edition=each.edition, not_before=free)
        for each in asked
        if (free := free_at(_counted(charges, intended, each), each.limit, each.window)) and free > now
    ]
    if denials:
        return max(denials, key=lambda denied: denied.not_before)
    return Allowed(rules=tuple(each.rule for each in asked))


def distinct(history: Iterable[CardCharge]) -> tuple[CardCharge, ...]:
    """Each charge once, oldest first; of two accounts of one charge, the stricter."""
    ordered = sorted(history, key=_strictness)
    return tuple(sorted({each.charge_id: each for each in ordered}.values(), key=_when))


def _strictness(charge: CardCharge) -> tuple[bool, bool, datetime, int, str, str]:
    """In full, so that the order in which accounts of a charge come never decides between them."""
    counts = charge.reached_network, not charge.approved
    return *counts, charge.at, charge.amount_cents, charge.currency, charge.account


def _when(charge: CardCharge) -> tuple[datetime, str]:
    return charge.at, charge.charge_id


def _counted(charges: Sequence[CardCharge], intended: Intended, ceiling: Ceiling) -> list[datetime]:
    """When the charges were made that a rule counts against the intended one."""
    scope = [each for each in charges if each.reached_network and _in_scope(each, intended, ceiling)]
    if ceiling.approval_resets:
        last = max((index for index, each in enumerate(scope) if each.approved), default=-1)
        scope = scope[last + 1 :]
    if ceiling.counts == "declines":
        return [each.at for each in scope if not each.approved]
    return [
        each.at
        for before, each in pairwise(scope)
        if not before.approved and each.at - before.at < ceiling.window
    ]


def _in_scope(charge: CardCharge, intended: Intended, ceiling: Ceiling) -> bool:
    amount = (charge.amount_cents, charge.currency) == (intended.amount_cents, intended.currency)
    return (amount or not ceiling.same_amount) and (
        charge.account == intended.account or not ceiling.same_account
    )
