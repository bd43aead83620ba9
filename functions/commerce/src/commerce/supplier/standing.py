"""What others of the context go by of a supplier: the standing that it publishes in its own transactions.

{status, limits: {products, promotions}}; orders, products and promotions check one of its copies in theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troupe.domain.decider import Invalid, Rejected
from troupe.edge.principal import Forbidden, Principal
from troupe.edge.request import Request
from troupe.store import copies, keys, reads
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

STANDING = "SUPPLIER_STANDING"
ADMINISTER = "supplier:oversee"  # do in any supplier's name what it may do itself
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


def _stands(tenant_id: str, supplier_id: str) -> Key:
    return Key(keys.view(tenant_id, STANDING, supplier_id), STANDING)


def standing(tenant_id: str, supplier_id: str) -> Key:
    """The copy that is read."""
    return copies.key(_stands(tenant_id, supplier_id))


def published(tenant_id: str, supplier_id: str, status_of: Standing) -> tuple[Action, ...]:
    """The writes of the present standing, for the transaction that changes it."""
    limits = {"products": status_of.products, "promotions": status_of.promotions}
    return copies.written(_stands(tenant_id, supplier_id), {"status": status_of.status, "limits": limits})


def standing_of(item: Mapping[str, Any]) -> Standing:
    return Standing(status=item["status"], **item["limits"])


def status_of(at: Snapshot, supplier_id: str) -> Standing | None:
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
    found = status_of(at, supplier_id)
    if found is None or not found.sells:
        raise Rejected("supplier_not_verified", "Only a verified supplier sells.")
    return found


def still_selling(tenant_id: str, supplier_id: str, found: Standing) -> Action:
    """Hold a transaction to it that the supplier sells, under the limits that were read."""
    limits = {"products": found.products, "promotions": found.promotions}
    return copies.check(
        _stands(tenant_id, supplier_id),
        "#status = :status AND limits = :limits",
        {"status": found.status, "limits": limits},
        names={"#status": "status"},
    )


def verified(tenant_id: str, supplier_id: str, refused: Rejected) -> Action:
    """Hold a transaction to it that the supplier is verified."""
    return copies.check(
        _stands(tenant_id, supplier_id),
        "#status = :verified",
        {"verified": "verified"},
        names={"#status": "status"},
        refused=refused,
    )


def as_read(tenant_id: str, supplier_id: str, status: str) -> Action:
    """Hold a transaction to the status that was read."""
    values, names = {"as_read": status}, {"#status": "status"}
    return copies.check(_stands(tenant_id, supplier_id), "#status = :as_read", values, names=names)


def check_active(tenant_id: str, supplier_id: str) -> Action:
    """Hold a transaction to it that there is such a supplier, neither suspended nor deleted."""
    return copies.check(
        _stands(tenant_id, supplier_id),
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
        raise Forbidden("permission_required", f"For others, this takes the permission {ADMINISTER}.")
    return wanted


def acts_for(principal: Principal, supplier_id: str) -> bool:
    """Whether the principal is the supplier, or oversees suppliers and may act for it."""
    return principal.id == supplier_id or ADMINISTER in principal.permissions


def sees(principal: Principal, supplier_id: str) -> bool:
    """Whether the principal may see unpublished products and stock by location."""
    return acts_for(principal, supplier_id) or INSPECT in principal.permissions


def listed(tenant_id: str, supplier_id: str) -> Key:
    """How many products a supplier has published."""
    return keys.counter(tenant_id, "published_products", supplier_id)
