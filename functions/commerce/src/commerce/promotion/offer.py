"""How a promotion stores its offer, and the parts that count its orders.

A promotion publishes it as its part OFFER, with every change. Orders read nothing else of it.
"""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from commerce.values import Offer

PART = "OFFER"
BUDGET = "BUDGET"  # {state, used?, available?}: the part that every order with the offer takes one from


_OFFER = TypeAdapter(Offer)


def budget_of(customer_id: str) -> str:
    """The part that counts one customer's orders with the offer."""
    return f"{BUDGET}#CUSTOMER#{customer_id}"


def published(offer: Offer) -> dict[str, Any]:
    """The offer as its part has it."""
    return {"offer": _OFFER.dump_json(offer).decode()}


def offer_of(item: Mapping[str, Any] | None) -> Offer | None:
    return _OFFER.validate_json(item["offer"]) if item else None
