"""What others of the context go by of a supplier: the standing that it publishes in its own transactions.

{status, limits: {products, promotions}}; orders, products and promotions check it in theirs. Whatever checks
an item conflicts with whatever else does at that moment, so there are several copies, and each transaction
checks any one of them.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troupe.domain.decider import Invalid, Rejected
from troupe.edge.principal import Forbidden, Principal
from troupe.edge.request import Request
from troupe.store import keys, reads, writes
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

STANDING = "SUPPLIER_STANDING"
COPIES = 8
OVERSEE = "supplier:oversee"  # do in any supplier's name what it may do itself
INSPECT = "supplier:inspect"  # see any supplier's affairs


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Only who is verified sells."""

    status: str
    products: int  # how many may be published at a time
    promotions: int

    @property
    def sells(self) -> bool:
        return self.status == "verified"


def standing(tenant_id: str, supplier_id: str, copy: int = 0) -> Key:
    return Key(keys.view(tenant_id, STANDING, supplier_id), f"{STANDING}#{copy}")


def any_standing(tenant_id: str, supplier_id: str) -> Key:
    """The copy that a transaction checks."""
    return standing(tenant_id, supplier_id, random.randrange(COPIES))  # noqa: S311 -- no secret


def published(tenant_id: str, supplier_id: str, stands: Standing) -> tuple[Action, ...]:
    """The standing as it is now, in all copies; it goes with whatever changes it."""
    limits = {"products": stands.products, "promotions": stands.promotions}
    return tuple(
        writes.put(standing(tenant_id, supplier_id, copy), {"status": stands.status, "limits": limits})
        for copy in range(COPIES)
    )


def standing_of(item: Mapping[str, Any]) -> Standing:
    return Standing(status=item["status"], **item["limits"])


def stands(at: Snapshot, supplier_id: str) -> Standing | None:
    """The standing as it was read, or as it is, where it was not; none where there is no such supplier."""
    key = standing(at.scope.tenant_id, supplier_id)
    item = at.item(key) or reads.one(key)
    return standing_of(item) if item else None


def own_standing(request: Request[Any]) -> tuple[Key, ...]:
    """What a supplier's request reads of itself, beside what it is about."""
    caller = request.caller
    return (standing(request.tenant_id, caller.id),) if caller.kind == "supplier" else ()


def selling(at: Snapshot, supplier_id: str) -> Standing:
    """The standing of a supplier that sells, or a refusal."""
    found = stands(at, supplier_id)
    if found is None or not found.sells:
        raise Rejected("supplier_not_verified", "Only a verified supplier sells.")
    return found


def still_selling(tenant_id: str, supplier_id: str, found: Standing) -> Action:
    """Hold a transaction to it that the supplier sells, under the limits that were read."""
    limits = {"products": found.products, "promotions": found.promotions}
    return writes.check(
        any_standing(tenant_id, supplier_id),
        "#status = :status AND limits = :limits",
        {"status": found.status, "limits": limits},
        names={"#status": "status"},
    )


def at_work(tenant_id: str, supplier_id: str) -> Action:
    """Hold a transaction to it that there is such a supplier, neither suspended nor deleted."""
    return writes.check(
        any_standing(tenant_id, supplier_id),
        "attribute_exists(PK) AND NOT #status IN (:suspended, :deleted)",
        {"suspended": "suspended", "deleted": "deleted"},
        names={"#status": "status"},
        refused=Rejected("supplier_not_active", "There is no such supplier, or it is suspended."),
    )


def named(principal: Principal, supplier_id: str | None) -> str:
    """The supplier that a request is for: the principal itself, or whom it names and may act for."""
    wanted = supplier_id or (principal.id if principal.kind == "supplier" else None)
    if wanted is None:
        raise Invalid("supplier_required", "Name the supplier in whose name it is done.", "supplier_id")
    if not acts_for(principal, wanted):
        raise Forbidden("permission_required", f"For others, this takes the permission {OVERSEE}.")
    return wanted


def acts_for(principal: Principal, supplier_id: str) -> bool:
    """Whether somebody may do what a supplier may do itself: the supplier, or who oversees suppliers."""
    return principal.id == supplier_id or OVERSEE in principal.permissions


def sees(principal: Principal, supplier_id: str) -> bool:
    """Whether somebody may see what is not on sale yet, and how much lies where."""
    return acts_for(principal, supplier_id) or INSPECT in principal.permissions


def listed(tenant_id: str, supplier_id: str) -> Key:
    """How many products a supplier has published."""
    return keys.tally(tenant_id, "published_products", supplier_id)
