"""What an order takes of its promotions' budgets, and gives back: one use of each, and one of its customer's.

A promotion keeps BUDGET {state, limit?, remaining?} in the transactions that change it.
"""

from commerce.promotion.offer import BUDGET, PART, budget_of, offer_of
from commerce.values import Offer
from troupe.domain.decider import Rejected
from troupe.store import copies, keys, writes
from troupe.store.buckets import Held, Sum
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

UNAVAILABLE = Rejected("promotion_unavailable", "A promotion is over or used up: ask for another quote.")

_ACTIVE = Held(
    condition="#state = :active",
    values={"active": "active"},
    names={"#state": "state"},
    holds=lambda bucket: bucket.get("state") == "active",
)


def offer_key(tenant_id: str, promotion_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, PART)


def _budget(tenant_id: str, promotion_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, BUDGET)


def uses(tenant_id: str, promotion_id: str) -> Sum:
    """The orders that may have the offer, where there is a limit."""
    return Sum(_budget(tenant_id, promotion_id))


def _customers(tenant_id: str, promotion_id: str, customer_id: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, budget_of(customer_id))


def find(at: Snapshot, promotion_id: str) -> Offer | None:
    return offer_of(at.item(offer_key(at.scope.tenant_id, promotion_id)))


def opened(tenant_id: str, promotion_id: str, state: str, limit: int | None) -> tuple[Action, ...]:
    """A submission opens the budget: a promotion that was never active has no uses."""
    if limit is None:
        return copies.written(_budget(tenant_id, promotion_id), {"state": state})
    return uses(tenant_id, promotion_id).opened(limit, absent=False, additional={"state": state})


def moved(tenant_id: str, promotion_id: str, state: str, limit: int | None) -> tuple[Action, ...]:
    """Another state, and nothing of what is used."""
    if limit is None:
        return opened(tenant_id, promotion_id, state, limit)
    return tuple(
        writes.update(key, "SET #state = :state", {"state": state}, names={"#state": "state"})
        for key in uses(tenant_id, promotion_id).keys
    )


def used(tenant_id: str, offer: Offer, customer_id: str) -> tuple[Action, ...]:
    """One use, if it is active still and there is one left: the condition is what keeps the limit."""
    used = _customers(tenant_id, offer.promotion_id, customer_id)
    use = _use(tenant_id, offer)
    if offer.per_customer is None:
        return (use, writes.update(used, "ADD used :one", {"one": 1}))
    limit = {"one": 1, "limit": offer.per_customer}
    condition = "attribute_not_exists(used) OR used < :limit"
    return (use, writes.update(used, "ADD used :one", limit, condition=condition, refused=UNAVAILABLE))


def _use(tenant_id: str, offer: Offer) -> Action:
    if offer.limited:
        return uses(tenant_id, offer.promotion_id).take(1, UNAVAILABLE, _ACTIVE)
    return copies.check(
        _budget(tenant_id, offer.promotion_id),
        _ACTIVE.condition,
        _ACTIVE.values,
        names=_ACTIVE.names,
        refused=UNAVAILABLE,
    )


def returned(tenant_id: str, offer: Offer, customer_id: str) -> tuple[Action, ...]:
    """Gives the use of a cancelled order back, also when the promotion has ended."""
    used = _customers(tenant_id, offer.promotion_id, customer_id)
    given = (uses(tenant_id, offer.promotion_id).give_back(1),) if offer.limited else ()
    return (*given, writes.update(used, "ADD used :less", {"less": -1}))
