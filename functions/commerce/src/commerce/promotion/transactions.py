"""Promotion commands and the items written with them: offer, budget, approval queues, the supplier's count.

The transaction also checks that supplier, products and communities have not changed since they were read.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from commerce import settings
from commerce.product import transactions
from commerce.product.decider import Product
from commerce.promotion import budget, offer
from commerce.promotion.commands import Command, CreatePromotion
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL, Details, Event
from commerce.promotion.state import ALWAYS, RUNNING, Promotion, summary
from commerce.supplier import standing as supplier_standing
from commerce.values import Offer
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.edge.principal import Principal
from troupe.edge.request import Request
from troupe.store import copies, keys, reads, writes
from troupe.store.aggregates import Change, Ref
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import Action

type PromotionRef = Ref[Promotion, CreatePromotion | Command, Event]
type Make = Callable[[Snapshot, Promotion], tuple[Snapshot, Command]]  # and what was read for it
type AdditionalWrites = Callable[[Snapshot, Promotion], tuple[Action, ...]]

ADMINISTER = "promotion:oversee"  # decide for the whole tenant and any community; act in a supplier's name
NO_COMMUNITY = Rejected("no_community", "One of the communities is not there, or not open to promotions.")


def _no_writes(_at: Snapshot, _promotion: Promotion) -> tuple[Action, ...]:
    return ()


def promotion_ref(promotion_id: str, *, creates: bool = False) -> PromotionRef:
    return Ref(decider=PROMOTION, id=promotion_id, creates=creates)


def acts_for(principal: Principal, supplier_id: str) -> bool:
    return supplier_standing.acts_for(principal, supplier_id) or ADMINISTER in principal.permissions


def own(at: Snapshot, ref: PromotionRef, principal: Principal) -> Promotion:
    """The promotion, if the principal may act for its supplier; others get 404."""
    found = at.of(ref).state
    if not acts_for(principal, found.supplier_id):
        raise Unknown(ref.id)
    return found


def change(request: Request[Any], command: Command, additional: AdditionalWrites = _no_writes) -> Answer:
    """Carry out a supplier's command on the promotion that the path names, with what holds it to be right."""
    return changed_by(request, lambda at, _promotion: (at, command), additional)


def changed_by(request: Request[Any], make: Make, additional: AdditionalWrites = _no_writes) -> Answer:
    """The same with a command that rests on more than the promotion."""
    ref = promotion_ref(request.id("promotion_id"))

    def decide(at: Snapshot) -> Decision:
        promotion = own(at, ref, request.caller)
        at, command = make(at, promotion)
        changed = at.decide(ref, command)
        held = additional(at, promotion) if changed.events else ()
        return Decision(changes=(changed,), actions=(*moved(at.scope.tenant_id, changed), *held))

    return request.transact((ref, *supplier_standing.own_standing(request)), decide)


def completed(at: Snapshot, promotion: Promotion) -> Snapshot:
    """With what a submission rests on."""
    tenant_id, details = at.scope.tenant_id, promotion.details
    wanted = (
        settings.key_to_read(tenant_id),
        supplier_standing.standing(tenant_id, promotion.supplier_id),
        *product_keys(tenant_id, details),
        *(keys.community_standing(tenant_id, each) for each in details.communities),
    )
    return replace(at, items={**at.items, **reads.batch(wanted)})


def product_keys(tenant_id: str, details: Details) -> tuple[Key, ...]:
    return tuple(transactions.product_ref(each.product_id).key(tenant_id) for each in details.products)


def featured(at: Snapshot, details: Details) -> dict[str, Product]:
    """The products that are there, as they were read."""
    found: dict[str, Product] = {}
    for each in details.products:
        stored = at.find(transactions.product_ref(each.product_id))
        if isinstance(stored.state, Product) and not stored.deleted:
            found[each.product_id] = stored.state
    return found


def as_read(at: Snapshot, details: Details) -> tuple[Action, ...]:
    """Hold a transaction to the products that were read."""
    refs = [transactions.product_ref(each.product_id) for each in details.products]
    return tuple(writes.unchanged(ref.key(at.scope.tenant_id), at.of(ref).version) for ref in refs)


def selling(at: Snapshot, supplier_id: str) -> tuple[Action, ...]:
    """Refuse a supplier that does not sell, and hold the transaction to it that it does."""
    standing = supplier_standing.selling(at, supplier_id)
    return (supplier_standing.still_selling(at.scope.tenant_id, supplier_id, standing),)


def open_communities(at: Snapshot, details: Details) -> tuple[Action, ...]:
    """Refuse communities that are not public: the answer does not tell which private ones exist."""
    tenant_id = at.scope.tenant_id
    for each in details.communities:
        found = at.item(keys.community_standing(tenant_id, each))
        if found is None or found["status"] == "deleted" or found["visibility"] != "public":
            raise NO_COMMUNITY
    return tuple(
        copies.check(
            keys.community_standing(tenant_id, each),
            "NOT #status = :deleted AND visibility = :public",
            {"deleted": "deleted", "public": "public"},
            names={"#status": "status"},
            refused=NO_COMMUNITY,
        )
        for each in details.communities
    )


def running(tenant_id: str, supplier_id: str) -> Key:
    """How many promotions a supplier has under way."""
    return keys.counter(tenant_id, "running_promotions", supplier_id)


def counted(at: Snapshot, supplier_id: str) -> Action:
    """One more under way, if the supplier's limit has room for it."""
    limit = supplier_standing.selling(at, supplier_id).promotions
    return writes.update(
        running(at.scope.tenant_id, supplier_id),
        "ADD running :one",
        {"one": 1, "limit": limit, "none": 0},
        condition="running < :limit OR (attribute_not_exists(running) AND :none < :limit)",
        refused=Rejected("promotion_limit_reached", "The supplier runs as many promotions as it may."),
    )


def moved(tenant_id: str, changed: Change[Promotion, Any, Event]) -> tuple[Action, ...]:
    """What follows from the change alone; `counted` goes with a submission, where the limit was read."""
    was, now = changed.before.state, changed.after.state
    if not changed.events or now is None or was is None:
        return ()
    queues = _queues(tenant_id, changed.ref.id, was, now)
    if not now.submitted_at:
        return queues
    key = budget.offer_key(tenant_id, changed.ref.id)
    offered = writes.put(key, offer.published(_offer(changed.ref.id, now)))
    return (*queues, offered, *_budget(tenant_id, changed.ref.id, was, now), *_freed(tenant_id, was, now))


def _offer(promotion_id: str, state: Promotion) -> Offer:
    """What orders go by: what was submitted, where it is approved, within its window."""
    return Offer(
        promotion_id=promotion_id,
        state=state.status,
        starts_at=state.details.starts_at,
        ends_at=state.details.ends_at or ALWAYS,
        discounts={each.id: each.discount_cents for ware in state.products for each in ware.variants},
        currency=state.products[0].currency,
        everywhere=GLOBAL in state.approved,
        communities=tuple(each for each in state.approved if each != GLOBAL),
        limited=state.details.limits.uses is not None,
        per_customer=state.details.limits.per_customer,
    )


def _budget(tenant_id: str, promotion_id: str, was: Promotion, now: Promotion) -> Iterable[Action]:
    limit = now.details.limits.uses
    if was.submitted_at != now.submitted_at:
        return budget.opened(tenant_id, promotion_id, now.status, limit)
    return () if was.status == now.status else budget.moved(tenant_id, promotion_id, now.status, limit)


def _freed(tenant_id: str, was: Promotion, now: Promotion) -> tuple[Action, ...]:
    if was.status not in RUNNING or now.status in RUNNING:
        return ()
    return (writes.update(running(tenant_id, now.supplier_id), "ADD running :less", {"less": -1}),)


def queue(target: str) -> str:
    """The list of what waits for a target's decision, the oldest first."""
    return f"PROMOTION_APPROVALS#{target}"


def _queues(tenant_id: str, promotion_id: str, was: Promotion, now: Promotion) -> tuple[Action, ...]:
    """One item for each target, which is in a queue while it may decide (approvals.py)."""
    before, after = set(was.open), set(now.open)
    gone = [
        writes.update(
            approval(tenant_id, promotion_id, each),
            "REMOVE GSI2PK, GSI2SK, summary",
            {},
            condition="attribute_exists(PK)",
        )
        for each in before - after
    ]
    come = [
        writes.put(approval(tenant_id, promotion_id, each), _waiting(tenant_id, promotion_id, each, now))
        for each in after - before
    ]
    return (*gone, *come)


def approval(tenant_id: str, promotion_id: str, target: str) -> Key:
    return keys.part(tenant_id, "promotion", promotion_id, f"APPROVAL#{target}")


def _waiting(tenant_id: str, promotion_id: str, target: str, promotion: Promotion) -> Mapping[str, Any]:
    submitted_at = rfc3339(promotion.submitted_at or promotion.updated_at)
    decide_by = rfc3339(promotion.decide_by or promotion.updated_at)
    return {
        "target": target,
        "submitted_at": submitted_at,
        "GSI2PK": keys.listing(tenant_id, queue(target)),
        "GSI2SK": f"{submitted_at}#{promotion_id}",
        "summary": {
            "id": promotion_id,
            **summary(promotion),
            "submitted_at": submitted_at,
            "decide_by": decide_by,
        },
    }
