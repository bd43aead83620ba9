"""A supplier: a business that sells, from its registration through its verification to its end.

What it is and how it changes is in supplier_state.py; what is asked of its record in supplier_record.py.
"""

from typing import assert_never

from commerce import supplier_record
from commerce.supplier_commands import (
    BeginReview,
    ChangeBankDetails,
    Command,
    Decision,
    DeleteSupplier,
    NotePayoutAccount,
    OpenPayoutAccount,
    RegisterSupplier,
    ReinstateSupplier,
    RejectSupplier,
    RequestDocumentUpload,
    RestoreSupplier,
    SubmitSupplier,
    SuspendSupplier,
    UpdateSupplier,
    VerifySupplier,
    VerifySupplierAddress,
)
from commerce.supplier_events import (
    EVENTS,
    Event,
    Limits,
    Status,
    SupplierAddressVerified,
    SupplierCreated,
    SupplierDeleted,
    SupplierPayoutAccountOpened,
    SupplierPayoutAccountUpdated,
    SupplierReinstated,
    SupplierRejected,
    SupplierRestored,
    SupplierReviewBegan,
    SupplierSuspended,
    SupplierVerified,
)
from commerce.supplier_state import NoSupplier, State, Supplier, evolve
from troupe.clock import rfc3339
from troupe.decider import Context, Decider, Listing, Rejected

LIMITS = Limits(products=500, promotions=50)  # until the platform sets others


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    if isinstance(command, RegisterSupplier):
        if isinstance(state, Supplier):
            raise Rejected("supplier_exists", "A supplier is registered once.")
        return (SupplierCreated(company=command.company, limits=LIMITS, created_at=context.now),)
    if isinstance(state, NoSupplier):
        raise Rejected("no_supplier", "There is no such supplier.")
    if isinstance(command, RestoreSupplier):
        return _restore(state, context)
    if isinstance(command, DeleteSupplier):
        return () if state.status == "deleted" else (SupplierDeleted(deleted_at=context.now),)
    if state.status == "deleted":
        raise Rejected("supplier_deleted", "A deleted supplier is restored before anything else.")
    return _decide(command, state, context)


def _restore(state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.former is None:
        return ()
    return (SupplierRestored(status=state.former, restored_at=context.now),)


type _OfOneThere = (
    VerifySupplierAddress
    | UpdateSupplier
    | RequestDocumentUpload
    | ChangeBankDetails
    | SubmitSupplier
    | Decision
    | OpenPayoutAccount
    | NotePayoutAccount
)


def _decide(command: _OfOneThere, state: Supplier, context: Context) -> tuple[Event, ...]:
    match command:
        case VerifySupplierAddress():
            known = state.address_verified_at is not None
            return () if known else (SupplierAddressVerified(verified_at=context.now),)
        case UpdateSupplier() | RequestDocumentUpload() | ChangeBankDetails():
            return supplier_record.enter(command, state, context)
        case SubmitSupplier():
            return supplier_record.submit(command, state, context.now)
        case OpenPayoutAccount():
            return _open(command, state, context)
        case NotePayoutAccount():
            return _note(command, state, context)
        case _:
            return _judge(command, state, context)


def _judge(command: Decision, state: Supplier, context: Context) -> tuple[Event, ...]:
    """In effect already is no event. A review lifts no suspension, and a reinstatement is no review."""
    event, was, to = _judgement(command, context)
    if state.status == to:
        return ()
    if state.status != was:
        raise Rejected("invalid_transition", f"What is {state.status} cannot become {to} so.")
    return (event,)


def _judgement(command: Decision, context: Context) -> tuple[Event, Status, Status]:
    """What comes of it, and the move of the lifecycle that it is."""
    now, who = context.now, context.actor
    match command:
        case BeginReview():
            return SupplierReviewBegan(reviewer_id=who, began_at=now), "submitted", "under_review"
        case VerifySupplier():
            return SupplierVerified(reviewer_id=who, verified_at=now), "under_review", "verified"
        case RejectSupplier(reason=reason):
            rejected = SupplierRejected(reviewer_id=who, reason=reason, rejected_at=now)
            return rejected, "under_review", "rejected"
        case SuspendSupplier(reason=reason):
            return SupplierSuspended(reason=reason, suspended_at=now), "verified", "suspended"
        case ReinstateSupplier():
            return SupplierReinstated(reinstated_at=now), "suspended", "verified"
        case _:
            assert_never(command)


def _open(command: OpenPayoutAccount, state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.payout_account:
        if state.payout_account.stripe_account_id == command.stripe_account_id:
            return ()
        raise Rejected("payout_account_exists", "A supplier has one account for payouts.")
    payable(state)
    opened = SupplierPayoutAccountOpened(stripe_account_id=command.stripe_account_id, opened_at=context.now)
    return (opened,)


def payable(state: Supplier) -> None:
    """Refuse an account for payouts to whom nobody has looked at."""
    if state.status != "verified":
        raise Rejected("supplier_not_verified", "Only a verified supplier is paid.")


def _note(command: NotePayoutAccount, state: Supplier, context: Context) -> tuple[Event, ...]:
    account = state.payout_account
    if account is None or account.stripe_account_id != command.stripe_account_id:
        raise Rejected("payout_account_unknown", "That is not the supplier's account.")
    told = SupplierPayoutAccountUpdated(
        details_submitted=command.details_submitted,
        transfers_enabled=command.transfers_enabled,
        updated_at=context.now,
    )
    stands = (account.details_submitted, account.transfers_enabled)
    return () if stands == (told.details_submitted, told.transfers_enabled) else (told,)


def collection(status: Status) -> str:
    return f"SUPPLIERS#{status}"


QUEUE = "SUPPLIER_REVIEWS"  # who waits for a review, or is in one


def _listed(state: State, supplier_id: str) -> Listing:
    if isinstance(state, NoSupplier):
        return Listing()
    waits = state.submitted_at if state.status in {"submitted", "under_review"} else None
    shown = {
        "status": state.status,
        "name": state.company.trade_name or state.company.legal_name,
        "legal_name": state.company.legal_name,
        "country": state.company.country,
        "logo_url": state.company.logo_url,
        "submitted_at": waits and rfc3339(waits),
        "reviewer_id": state.reviewer_id if state.status == "under_review" else None,
    }
    return Listing(
        collection=(collection(state.status), supplier_id),
        queue=(QUEUE, f"{rfc3339(waits)}#{supplier_id}") if waits else None,
        summary={name: value for name, value in shown.items() if value is not None},
    )


SUPPLIER = Decider[State, Command, Event](
    name="supplier",
    initial=NoSupplier(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    state=State,
    listed=_listed,
    deleted_at=lambda state: None if isinstance(state, NoSupplier) else state.deleted_at,
)
