"""An offer: what a promotion takes off a unit just now, for whom, and what it counts against. All of it pure.

A promotion publishes it as its part OFFER, with every change. Orders read nothing else of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

PART = "OFFER"
BUDGET = "BUDGET"  # {state, limit?, remaining?}: the part that every order with the offer takes one from


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`discounts`: cents off a unit, by variant. `communities`: where it is shown, beside `everywhere`."""

    promotion_id: str
    state: str
    starts_at: datetime
    ends_at: datetime
    discounts: Mapping[str, int]
    currency: str
    everywhere: bool = False
    communities: tuple[str, ...] = ()
    per_customer: int | None = None  # how many orders of one customer may have it

    def discount(self, variant_id: str, community_id: str | None, now: datetime) -> int | None:
        """Cents off a unit; None where the offer does not hold there, or not now."""
        shown = self.everywhere or community_id in self.communities
        if self.state != "active" or not shown or not self.starts_at <= now < self.ends_at:
            return None
        return self.discounts.get(variant_id)


_OFFER = TypeAdapter(Offer)


def budget_of(customer_id: str) -> str:
    """The part that counts one customer's orders with the offer."""
    return f"{BUDGET}#CUSTOMER#{customer_id}"


def published(offer: Offer) -> dict[str, Any]:
    """The offer as its part has it."""
    return {"offer": _OFFER.dump_json(offer).decode()}


def offer_of(item: Mapping[str, Any] | None) -> Offer | None:
    return _OFFER.validate_json(item["offer"]) if item else None
