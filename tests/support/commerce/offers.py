"""Offers as promotions publish them, for the tests of orders."""

from datetime import timedelta
from typing import Any

from checkout import Checkout
from commerce import budgets, offers
from commerce.offers import Offer
from spec import TENANT
from stall import Goods
from troupe import keys, reads, writes
from troupe.commit import commit
from troupe.ids import new_id


def publishes(
    checkout: Checkout,
    goods: Goods,
    *,
    remaining: int = 10,
    limit: int | None = 10,
    state: str = "active",
    **more: Any,
) -> str:
    """What a promotion keeps beside its state."""
    promotion_id, (variant,) = new_id(), goods.variants.values()
    now = checkout.clock()
    given = {
        "promotion_id": promotion_id,
        "state": "active",
        "starts_at": now - timedelta(days=1),
        "ends_at": now + timedelta(days=1),
        "discounts": {variant: 1000},
        "currency": "EUR",
        "everywhere": True,
    }
    budget = {"state": state} | ({} if limit is None else {"limit": limit, "remaining": remaining})
    commit(
        [
            writes.put(budgets.offer_key(TENANT, promotion_id), offers.published(Offer(**given | more))),
            writes.put(keys.part(TENANT, "promotion", promotion_id, offers.BUDGET), budget),
        ]
    )
    return promotion_id


def left(promotion_id: str) -> int | None:
    """How many more orders may have it."""
    found = reads.one(keys.part(TENANT, "promotion", promotion_id, offers.BUDGET))
    return found and found.get("remaining")
