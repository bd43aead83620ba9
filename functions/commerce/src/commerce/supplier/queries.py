"""What may be asked about suppliers: who there is, who waits for a review, and one's own account."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from commerce.query_routes import ROUTES
from commerce.supplier import documents, encryption, rating_projection, standing, transactions
from commerce.supplier.decider import QUEUE, collection
from commerce.supplier.events import Status
from commerce.supplier.rating_decider import collection as ratings_of
from commerce.supplier.responses import (
    BankAccountView,
    CompanyNumbers,
    DocumentView,
    LimitsView,
    Metrics,
    NumbersView,
    RatingRow,
    ReviewRow,
    SupplierAccount,
    SupplierRow,
    SupplierView,
    company_view,
    metrics,
    payout_account_view,
    to_response,
)
from commerce.supplier.state import Supplier
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.principal import Forbidden
from troupe.edge.queries import Paging, found, listed, listing, page_of
from troupe.edge.request import Request
from troupe.security.credential import Credential
from troupe.store import keys, reads
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown


class OfStatus(Paging, frozen=True):
    """Without a status: who sells."""

    status: Status = "verified"


@ROUTES.get("/suppliers", permission="supplier:read", reply=page_of(SupplierRow), parameters=OfStatus)
def every_supplier(request: Request[NoBody]) -> Answer:
    """All callers see active suppliers; who may see suppliers' accounts sees the rest too."""
    status: Status = request.parameters.status
    if status != "verified" and standing.INSPECT not in request.caller.permissions:
        raise Forbidden("permission_required", f"This takes the permission {standing.INSPECT}.")
    return listing(request, collection(status), SupplierRow)


@ROUTES.get("/supplier-reviews", permission="supplier:inspect", reply=page_of(ReviewRow), parameters=Paging)
def supplier_reviews(request: Request[NoBody]) -> Answer:
    rows = List(
        tenant_id=request.tenant_id,
        pk=keys.listing(request.tenant_id, QUEUE),
        index="GSI2",
        ascending=True,
    )

    def row(item: Mapping[str, Any]) -> dict[str, Any]:
        return ReviewRow.model_validate(item["summary"]).model_dump(mode="json")

    return listed(rows, request, row)


@ROUTES.get("/suppliers/{supplier_id}", permission="supplier:read", reply=SupplierView)
def one_supplier(request: Request[NoBody]) -> Answer:
    """A supplier that does not sell is there for itself and for who may see suppliers' accounts."""
    supplier_id = request.id("supplier_id")
    sees = standing.sees(request.caller, supplier_id)
    stored, _, numbers = _read(request, supplier_id, private=sees)
    supplier = transactions.supplier_of(stored)
    if supplier.status != "verified" and not sees:
        raise Unknown(supplier_id)
    return found(to_response(supplier_id, supplier, numbers), stored.version)


@ROUTES.get("/suppliers/{supplier_id}/account", permission="supplier:read", reply=SupplierAccount)
def supplier_account(request: Request[NoBody]) -> Answer:
    """For the supplier itself, and for who may see suppliers' accounts."""
    supplier_id = request.id("supplier_id")
    if not standing.sees(request.caller, supplier_id):
        raise Unknown(supplier_id)
    return _account(request, supplier_id)


@ROUTES.get("/me/supplier", permission="supplier:read", reply=SupplierAccount)
def my_supplier(request: Request[NoBody]) -> Answer:
    """The account of the supplier that is signed in."""
    return _account(request, request.caller.id)


@ROUTES.get(
    "/suppliers/{supplier_id}/registration-numbers", permission="supplier:review", reply=CompanyNumbers
)
def supplier_registration_numbers(request: Request[NoBody]) -> Answer:
    """The numbers of the tax office and the register as they were given, for the review."""
    supplier_id = request.id("supplier_id")
    supplier = _snapshot(request, supplier_id).of(transactions.ref(supplier_id)).state
    if supplier.numbers is None:
        raise Unknown(supplier_id)
    key = encryption.part(request.tenant_id, supplier_id, "company", supplier.numbers.part)
    sealed = reads.one(key)
    if sealed is None:
        raise Unknown(supplier_id)
    return found(CompanyNumbers.model_validate(encryption.decrypted(key, "company", sealed)))


@ROUTES.get(
    "/suppliers/{supplier_id}/ratings",
    permission="supplier:read",
    reply=page_of(RatingRow),
    parameters=Paging,
)
def supplier_ratings(request: Request[NoBody]) -> Answer:
    """What customers say, without who they are."""
    return listing(request, ratings_of(request.id("supplier_id")), RatingRow)


def _snapshot(request: Request[Any], supplier_id: str) -> Snapshot:
    tenant_id = request.tenant_id
    wanted = [
        transactions.ref(supplier_id).key(tenant_id),
        transactions.credential_ref(supplier_id).key(tenant_id),
        rating_projection.key_of(tenant_id, supplier_id),
        standing.listed(tenant_id, supplier_id),
    ]
    return Snapshot(scope=request.scope, items=reads.batch(wanted))


def _read(request: Request[Any], supplier_id: str, *, private: bool) -> tuple[Stored[Any], str, Metrics]:
    """The supplier, its address and its numbers, in one batch."""
    at, tenant_id = _snapshot(request, supplier_id), request.tenant_id
    stored = at.of(transactions.ref(supplier_id), deleted=private)
    who = at.find(transactions.credential_ref(supplier_id)).state
    row = at.item(rating_projection.key_of(tenant_id, supplier_id)) or {}
    published = (at.item(standing.listed(tenant_id, supplier_id)) or {}).get("published", 0)
    email = who.email if isinstance(who, Credential) else ""
    return stored, email, metrics(row, published, private=private)


def _account(request: Request[Any], supplier_id: str) -> Answer:
    stored, email, numbers = _read(request, supplier_id, private=True)
    supplier = transactions.supplier_of(stored)
    bank, given = supplier.bank_account, supplier.numbers
    account = SupplierAccount(
        id=supplier_id,
        status=supplier.status,
        email=email,
        address_verified=supplier.address_verified_at is not None,
        company=company_view(supplier.company),
        numbers=given and NumbersView(tax_id=given.tax_id, registration_number=given.registration_number),
        documents=_documents(request, supplier_id, supplier),
        bank_account=bank and BankAccountView(tail=bank.tail, country=bank.country, currency=bank.currency),
        payout_after=supplier.payout_after,
        payout_account=payout_account_view(supplier.payout_account),
        limits=LimitsView(**asdict(supplier.limits)),
        submitted_at=supplier.submitted_at,
        reviewer_id=supplier.reviewer_id,
        verified_at=supplier.verified_at,
        reason=supplier.reason,
        created_at=supplier.created_at,
        metrics=numbers,
    )
    return found(account, stored.version)


def _documents(request: Request[Any], supplier_id: str, supplier: Supplier) -> tuple[DocumentView, ...]:
    return tuple(
        DocumentView(
            id=each.id,
            kind=each.kind,
            content_type=each.content_type,
            size_bytes=each.size_bytes,
            requested_at=each.requested_at,
            url=documents.download(request.tenant_id, supplier_id, each),
        )
        for each in (*supplier.documents, *supplier.pending)
    )
