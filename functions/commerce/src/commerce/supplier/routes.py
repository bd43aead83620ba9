"""The plain commands of a supplier, which its shop decides on."""

from typing import Any

from commerce.supplier import transactions
from commerce.supplier.commands import (
    BeginReview,
    DeleteSupplier,
    ExpireSupplier,
    ReinstateSupplier,
    RejectSupplier,
    RestoreSupplier,
    SuspendSupplier,
    VerifySupplier,
)
from commerce.supplier.decider import SUPPLIER
from troupe.edge.routes import Routes
from troupe.store.aggregates import Ref


def _credential(_tenant_id: str, supplier_id: str) -> tuple[Ref[Any, Any, Any], ...]:
    return (transactions.credential_ref(supplier_id),)


routes = Routes(SUPPLIER, reads=_credential, also=transactions.with_credential)
WRONG_MOVE = ("invalid_transition",)

begin_review = routes.post(
    "/suppliers/{supplier_id}/begin-review", BeginReview, permission="supplier:review", refusals=WRONG_MOVE
)
verify_supplier = routes.post(
    "/suppliers/{supplier_id}/verify", VerifySupplier, permission="supplier:verify", refusals=WRONG_MOVE
)
reject_supplier = routes.post(
    "/suppliers/{supplier_id}/reject",
    RejectSupplier,
    permission="supplier:reject",
    refusals=WRONG_MOVE,
    example={"reason": "The licence has expired."},
)
suspend_supplier = routes.post(
    "/suppliers/{supplier_id}/suspend",
    SuspendSupplier,
    permission="supplier:suspend",
    refusals=WRONG_MOVE,
    example={"reason": "Parcels were sent empty."},
)
reinstate_supplier = routes.post(
    "/suppliers/{supplier_id}/reinstate",
    ReinstateSupplier,
    permission="supplier:reinstate",
    refusals=WRONG_MOVE,
)
delete_supplier = routes.delete(
    "/suppliers/{supplier_id}",
    DeleteSupplier,
    permission="supplier:delete",
    deleted=True,
    refusals=("address_moved",),
)
expire_supplier = routes.started(
    "the sweep of orders", ExpireSupplier, deleted=True, refusals=("not_expired",)
)
restore_supplier = routes.post(
    "/suppliers/{supplier_id}/restore",
    RestoreSupplier,
    permission="supplier:restore",
    deleted=True,
    refusals=("never_verified",),
)
