"""Offers as promotions publish them, for the tests of orders."""

from datetime import timedelta
from typing import Any

from commerce.promotion import budget as promotion_budget
from commerce.promotion import offer
from commerce.values import Offer
from support.commerce.catalogue import Goods
from support.commerce.orders import Checkout
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store import reads, writes
from troupe.store.buckets import level
from troupe.store.commit import commit


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
    given |= {"limited": limit is not None} | more
    uses = promotion_budget.uses(TENANT, promotion_id)
    budget = promotion_budget.opened(TENANT, promotion_id, state, None)
    if limit is not None:
        budget = uses.opened(limit, limit - remaining, additional={"state": state})
    commit(
        [
            writes.put(promotion_budget.offer_key(TENANT, promotion_id), offer.published(Offer(**given))),
            *budget,
        ]
    )
    return promotion_id


def left(promotion_id: str) -> int | None:
    """How many more orders may have it."""
    found = reads.batch(promotion_budget.uses(TENANT, promotion_id).keys)
    return level(found.values()).available if found else None
