"""What an order takes of its promotions' budgets, and gives back: one use of each, and one of its customer's.

A promotion keeps BUDGET {state, limit?, remaining?} in the transactions that change it.
"""

from commerce.promotion.offer import BUDGET, PART, budget_of, offer_of
from commerce.values import Offer
from troupe.domain.decider import Rejected
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

UNAVAILABLE = Rejected("promotion_unavailable", "A promotion is over or used up: ask for another quote.")


def offer_key(tenant_id: str, promotion_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, PART)


def _budget(tenant_id: str, promotion_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, BUDGET)


def _customers(tenant_id: str, promotion_id: str, customer_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, budget_of(customer_id))


def find(at: Snapshot, promotion_id: str) -> Offer | None:
    return offer_of(at.item(offer_key(at.scope.tenant_id, promotion_id)))


def taken(tenant_id: str, offer: Offer, customer_id: str) -> tuple[Action, ...]:
    """One use, if it is active still and there is one left: the condition is what keeps the limit."""
    use = writes.update(
        _budget(tenant_id, offer.promotion_id),
        "ADD remaining :less",
        {"less": -1, "one": 1, "active": "active"},
        condition="#state = :active AND (attribute_not_exists(#limit) OR remaining >= :one)",
        names={"#state": "state", "#limit": "limit"},
        refused=UNAVAILABLE,
    )
    used = _customers(tenant_id, offer.promotion_id, customer_id)
    if offer.per_customer is None:
        return (use, writes.update(used, "ADD used :one", {"one": 1}))
    limit = {"one": 1, "limit": offer.per_customer}
    condition = "attribute_not_exists(used) OR used < :limit"
    return (use, writes.update(used, "ADD used :one", limit, condition=condition, refused=UNAVAILABLE))


def returned(tenant_id: str, promotion_id: str, customer_id: str) -> tuple[Action, ...]:
    """The use is given back, with the order that had it; whatever became of the promotion."""
    return (
        writes.update(_budget(tenant_id, promotion_id), "ADD remaining :one", {"one": 1}),
        writes.update(_customers(tenant_id, promotion_id, customer_id), "ADD used :less", {"less": -1}),
    )
