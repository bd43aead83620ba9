"""A supplier: a business that sells, from its registration through its verification to its end.

What it is and how it changes is in supplier_state.py; what is asked of its record in supplier_record.py.
"""

from commerce.supplier import verification_rules
from commerce.supplier.commands import (
    BeginReview,
    ChangeBankDetails,
    Command,
    Decision,
    DeleteSupplier,
    ExpireSupplier,
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
from commerce.supplier.events import (
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
from commerce.supplier.state import Supplier, begin, evolve
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.lifecycle import Lifecycle, Move
from troupe.security.credential import PROVE_WITHIN

LIMITS = Limits(products=500, promotions=50)  # until the platform sets others


def create(command: RegisterSupplier, context: Context) -> tuple[Event, ...]:
    return (SupplierCreated(company=command.company, limits=LIMITS, created_at=context.now),)


def decide(command: Command, state: Supplier, context: Context) -> tuple[Event, ...]:
    if isinstance(command, RestoreSupplier):
        return _restore(state, context)
    if isinstance(command, ExpireSupplier):
        return _expire(state, context)
    if isinstance(command, DeleteSupplier):
        return () if state.status == "deleted" else (SupplierDeleted(deleted_at=context.now),)
    if state.status == "deleted":
        raise Rejected("supplier_deleted", "A deleted supplier is restored before anything else.")
    return _decide(command, state, context)


def _expire(state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.address_verified_at or state.status == "deleted":
        return ()
    if context.now < state.created_at + PROVE_WITHIN:
        raise Rejected("not_expired", "The address can still be proved.")
    return (SupplierDeleted(deleted_at=context.now),)


def _restore(state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.former is None:
        return ()
    if state.address_verified_at is None:
        raise Rejected("never_verified", "The address was never confirmed: register the business again.")
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
            return verification_rules.enter(command, state, context)
        case SubmitSupplier():
            return verification_rules.submit(command, state, context.now)
        case OpenPayoutAccount():
            return _open(command, state, context)
        case NotePayoutAccount():
            return _note(command, state, context)
        case _:
            return REVIEWS.decide(command, state, context)


REVIEWS = Lifecycle[Supplier, Event](
    {
        BeginReview: Move(
            {"submitted"},
            "under_review",
            lambda _command, _state, context: SupplierReviewBegan(
                reviewer_id=context.actor, began_at=context.now
            ),
        ),
        VerifySupplier: Move(
            {"under_review"},
            "verified",
            lambda _command, _state, context: SupplierVerified(
                reviewer_id=context.actor, verified_at=context.now
            ),
        ),
        RejectSupplier: Move(
            {"under_review"},
            "rejected",
            lambda command, _state, context: SupplierRejected(
                reviewer_id=context.actor, reason=command.reason, rejected_at=context.now
            ),
        ),
        SuspendSupplier: Move(
            {"verified"},
            "suspended",
            lambda command, _state, context: SupplierSuspended(
                reason=command.reason, suspended_at=context.now
            ),
        ),
        ReinstateSupplier: Move(
            {"suspended"},
            "verified",
            lambda _command, _state, context: SupplierReinstated(reinstated_at=context.now),
        ),
    }
)


def _open(command: OpenPayoutAccount, state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.payout_account:
        if state.payout_account.stripe_account_id == command.stripe_account_id:
            return ()
        raise Rejected("payout_account_exists", "A supplier has one account for payouts.")
    payable(state)
    opened = SupplierPayoutAccountOpened(stripe_account_id=command.stripe_account_id, opened_at=context.now)
    return (opened,)


def payable(state: Supplier) -> None:
    """Refuse a payout account to a supplier that is not verified."""
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


def _listed(state: Supplier, supplier_id: str) -> Listing:
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


SUPPLIER = Decider[Supplier, RegisterSupplier | Command, Event](
    name="supplier",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("supplier", Event),
    state=Supplier,
    listed=_listed,
    deleted_at=lambda state: state.deleted_at,
)
