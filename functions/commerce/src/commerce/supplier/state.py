"""A supplier as it stands, and how events bring it there."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from commerce.supplier.events import (
    BankAccount,
    Company,
    Document,
    Later,
    Limits,
    Numbers,
    Status,
    SupplierAddressVerified,
    SupplierBankDetailsChanged,
    SupplierCreated,
    SupplierDeleted,
    SupplierDocumentRequested,
    SupplierPayoutAccountOpened,
    SupplierPayoutAccountUpdated,
    SupplierReinstated,
    SupplierRejected,
    SupplierRestored,
    SupplierReviewBegan,
    SupplierSubmitted,
    SupplierSuspended,
    SupplierUpdated,
    SupplierVerified,
)

MOST_DOCUMENTS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutAccount:
    """The connected Stripe account that payouts go to."""

    stripe_account_id: str
    opened_at: datetime
    details_submitted: bool = False
    transfers_enabled: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplier:
    """`pending`: documents that may be uploaded, the latest last; `reason`: of a rejection or a suspension.

    `former` is the status that a deleted supplier comes back to.
    """

    status: Status
    company: Company
    limits: Limits
    created_at: datetime
    address_verified_at: datetime | None = None
    numbers: Numbers | None = None
    documents: tuple[Document, ...] = ()
    pending: tuple[Document, ...] = ()
    bank_account: BankAccount | None = None
    payout_after: datetime | None = None
    payout_account: PayoutAccount | None = None
    submitted_at: datetime | None = None
    reviewer_id: str | None = None
    verified_at: datetime | None = None
    reason: str | None = None
    former: Status | None = None
    deleted_at: datetime | None = None
    sealed: int = 0  # how many items were sealed beside it
    state: Literal["supplier"] = "supplier"


def begin(event: SupplierCreated) -> Supplier:
    return Supplier(
        status="registered", company=event.company, limits=event.limits, created_at=event.created_at
    )


def evolve(state: Supplier, event: Later) -> Supplier:  # noqa: C901, PLR0911, PLR0912 -- one line for each event
    match event:
        case SupplierAddressVerified(verified_at=at):
            return replace(state, address_verified_at=at)
        case SupplierUpdated():
            return _updated(state, event)
        case SupplierDocumentRequested(document=document):
            return replace(state, pending=(*state.pending, document)[-MOST_DOCUMENTS:])
        case SupplierSubmitted(documents=documents, submitted_at=at):
            submitted = replace(state, status="submitted", documents=documents, submitted_at=at)
            return replace(submitted, pending=(), reviewer_id=None, reason=None)
        case SupplierReviewBegan(reviewer_id=reviewer_id):
            return replace(state, status="under_review", reviewer_id=reviewer_id)
        case SupplierVerified(verified_at=at):
            return replace(state, status="verified", verified_at=at)
        case SupplierRejected(reason=reason):
            return replace(state, status="rejected", reason=reason)
        case SupplierSuspended(reason=reason):
            return replace(state, status="suspended", reason=reason)
        case SupplierReinstated():
            return replace(state, status="verified", reason=None)
        case SupplierBankDetailsChanged(account=account, payout_after=after):
            sealed = max(state.sealed, account.part)
            return replace(state, bank_account=account, payout_after=after, sealed=sealed)
        case SupplierPayoutAccountOpened() | SupplierPayoutAccountUpdated():
            return replace(state, payout_account=_payout_account(state, event))
        case SupplierDeleted(deleted_at=at):
            return replace(state, status="deleted", former=state.status, deleted_at=at)
        case SupplierRestored(status=status):
            return replace(state, status=status, former=None, deleted_at=None)
        case _:
            assert_never(event)


def _updated(state: Supplier, event: SupplierUpdated) -> Supplier:
    part = event.numbers.part if event.numbers else 0
    changed = replace(state, company=event.company, numbers=event.numbers, limits=event.limits)
    return replace(changed, sealed=max(state.sealed, part))


def _payout_account(
    state: Supplier, event: SupplierPayoutAccountOpened | SupplierPayoutAccountUpdated
) -> PayoutAccount | None:
    if isinstance(event, SupplierPayoutAccountOpened):
        return PayoutAccount(stripe_account_id=event.stripe_account_id, opened_at=event.opened_at)
    if state.payout_account is None:  # never: an account is opened before anything is told of it
        return None
    told = replace(state.payout_account, details_submitted=event.details_submitted)
    return replace(told, transfers_enabled=event.transfers_enabled)
