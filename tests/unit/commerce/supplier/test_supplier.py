"""A supplier: every command in every status, and what its record must have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.supplier.commands import (
    BeginReview,
    ChangeBankDetails,
    DeleteSupplier,
    ExpireSupplier,
    NotePayoutAccount,
    OpenPayoutAccount,
    RegisterSupplier,
    ReinstateSupplier,
    RejectSupplier,
    RequestDocumentUpload,
    RestoreSupplier,
    SuspendSupplier,
    UpdateSupplier,
    VerifySupplier,
    VerifySupplierAddress,
)
from commerce.supplier.decider import QUEUE, SUPPLIER, collection
from commerce.supplier.events import (
    LIFECYCLE,
    SupplierPayoutAccountUpdated,
    SupplierReinstated,
    SupplierRestored,
)
from support.commerce.supplier_histories import (
    ACCOUNT,
    COMPANY,
    FILED,
    HISTORIES,
    NOW,
    READY,
    SUBMIT,
    address_verified,
    bank_changed,
    began,
    created,
    deleted,
    opened,
    rejected,
    requested,
    submitted,
    supplier,
    suspended,
    verified,
)
from support.spec import assert_folds_as_stored

MOVES = {
    "begin": (BeginReview(), "submitted", began),
    "verify": (VerifySupplier(), "under_review", verified),
    "reject": (RejectSupplier(reason="expired"), "under_review", rejected),
    "suspend": (SuspendSupplier(reason="fraud"), "verified", suspended),
    "reinstate": (ReinstateSupplier(), "suspended", SupplierReinstated(reinstated_at=NOW)),
}
REACHED = {
    "begin": "under_review",
    "verify": "verified",
    "reject": "rejected",
    "suspend": "suspended",
    "reinstate": "verified",
}
EVERYTHING = [
    VerifySupplierAddress(),
    UpdateSupplier(changes={"phone": "+49 30 1"}),
    RequestDocumentUpload(kind="other", content_type="image/png", size_bytes=1),
    SUBMIT,
    ChangeBankDetails(tail="1", country="DE", currency="EUR"),
    OpenPayoutAccount(stripe_account_id=ACCOUNT),
    *(command for command, _, _ in MOVES.values()),
]


def test_it_is_registered_once():
    register = RegisterSupplier(company=COMPANY)
    supplier().when(register).then(created)


@pytest.mark.parametrize("command", EVERYTHING)
def test_a_deleted_one_is_restored_before_anything_else(command):
    supplier(*HISTORIES["deleted"]).when(command).then_rejected("supplier_deleted")


@pytest.mark.parametrize("history", [HISTORIES["verified"], HISTORIES["deleted"]])
def test_one_that_is_confirmed_or_deleted_does_not_expire(history):
    supplier(*history).when(ExpireSupplier()).then_nothing()


@pytest.mark.parametrize("status", [each for each in HISTORIES if each != "deleted"])
@pytest.mark.parametrize("move", MOVES)
def test_a_decision_is_one_move_of_the_lifecycle(status, move):
    command, was, event = MOVES[move]
    when = supplier(*HISTORIES[status]).when(command)
    if status == was:
        when.then(event)
        assert REACHED[move] in LIFECYCLE.moves[was]
    elif status == REACHED[move]:
        when.then_nothing()
    else:
        when.then_rejected("invalid_transition")


@pytest.mark.parametrize("status", HISTORIES)
def test_it_comes_to_the_status_that_it_is_said_to_have(status):
    assert supplier(*HISTORIES[status]).state.status == status


@pytest.mark.parametrize("status", HISTORIES)
def test_only_unverified_suppliers_submit(status):
    when = supplier(*HISTORIES[status], *([requested] if status == "rejected" else [])).when(SUBMIT)
    if status == "registered":
        when.then(submitted)
    elif status == "rejected":
        when.then(replace(submitted, documents=(FILED, FILED)))
    elif status == "submitted":
        when.then_nothing()
    else:
        when.then_rejected("supplier_deleted" if status == "deleted" else "invalid_transition")


def test_a_suspended_one_changes_nothing():
    given = supplier(*HISTORIES["suspended"])
    given.when(UpdateSupplier(changes={"phone": "1"})).then_rejected("supplier_suspended")
    bank = ChangeBankDetails(tail="3000", country="DE", currency="EUR")
    given.when(bank).then_rejected("supplier_suspended")


def test_the_country_is_fixed_with_the_account_for_payouts():
    given = supplier(*HISTORIES["verified"], opened)
    move = UpdateSupplier(changes={"country": "FR"}, overseen=True)
    given.when(move).then_rejected("country_fixed")


@pytest.mark.parametrize("status", ["registered", "rejected", "verified"])
def test_s_29_a_change_of_the_bank_details_holds_payouts_for_three_days(status):
    """S-29: the bank account that was changed yesterday gets nothing before payout_after."""
    change = ChangeBankDetails(tail="3000", country="DE", currency="EUR")
    given = supplier(*HISTORIES[status])
    given.when(change).then(bank_changed)
    state = supplier(*HISTORIES[status], bank_changed).state
    assert state.payout_after == NOW + timedelta(hours=72)
    later = supplier(*HISTORIES[status], bank_changed).at(NOW + timedelta(hours=24)).when(change)
    (event,) = later.act()
    assert (event.account.part, event.payout_after) == (3, NOW + timedelta(hours=96))


@pytest.mark.parametrize("status", ["submitted", "under_review"])
def test_the_bank_account_that_is_reviewed_stays(status):
    bank = ChangeBankDetails(tail="3000", country="DE", currency="EUR")
    supplier(*HISTORIES[status]).when(bank).then_rejected("record_fixed")


def test_an_account_for_payouts_is_opened_once_and_for_who_is_verified():
    command = OpenPayoutAccount(stripe_account_id=ACCOUNT)
    supplier(*HISTORIES["verified"]).when(command).then(opened)
    supplier(*HISTORIES["verified"], opened).when(command).then_nothing()
    other = OpenPayoutAccount(stripe_account_id="acct_other")
    supplier(*HISTORIES["verified"], opened).when(other).then_rejected("payout_account_exists")
    supplier(*HISTORIES["under_review"]).when(command).then_rejected("supplier_not_verified")


def test_what_stripe_says_of_the_account():
    history = (*HISTORIES["verified"], opened)
    told = {"details_submitted": True, "transfers_enabled": False}
    note = NotePayoutAccount(stripe_account_id=ACCOUNT, **told)
    updated = SupplierPayoutAccountUpdated(updated_at=NOW, **told)
    supplier(*history).when(note).then(updated)
    supplier(*history, updated).when(note).then_nothing()
    account = supplier(*history, updated).state.payout_account
    assert (account.details_submitted, account.transfers_enabled) == (True, False)
    other = replace(note, stripe_account_id="acct_other")
    supplier(*history).when(other).then_rejected("payout_account_unknown")
    supplier(*HISTORIES["verified"]).when(note).then_rejected("payout_account_unknown")
    assert supplier(*HISTORIES["verified"], updated).state.payout_account is None


def test_the_address_is_verified_once():
    supplier(created).when(VerifySupplierAddress()).then(address_verified)
    supplier(*READY).when(VerifySupplierAddress()).then_nothing()


@pytest.mark.parametrize("status", [each for each in HISTORIES if each != "deleted"])
def test_a_product_of_any_status_is_deleted_and_restored(status):
    given = supplier(*HISTORIES[status])
    given.when(DeleteSupplier()).then(deleted)
    given.when(RestoreSupplier()).then_nothing()
    gone = supplier(*HISTORIES[status], deleted)
    gone.when(DeleteSupplier()).then_nothing()
    restored = SupplierRestored(status=status, restored_at=NOW)
    gone.when(RestoreSupplier()).then(restored)
    assert supplier(*HISTORIES[status], deleted, restored).state == given.state
    assert SUPPLIER.deleted_at(gone.state) == NOW


@pytest.mark.parametrize("status", HISTORIES)
def test_where_it_is_listed(status):
    listing = SUPPLIER.listed(supplier(*HISTORIES[status]).state, "s")
    assert listing.collection == (collection(status), "s")
    assert (listing.queue is not None) == (status in {"submitted", "under_review"})
    if listing.queue:
        assert listing.queue[0] == QUEUE
        assert ("reviewer_id" in listing.summary) == (status == "under_review")
    assert listing.summary["name"] == "Bakery GmbH"


def test_a_reinstated_one_stands_as_before_its_suspension():
    back = SupplierReinstated(reinstated_at=NOW)
    again = supplier(*HISTORIES["suspended"], back).state
    assert again == supplier(*HISTORIES["verified"]).state


@pytest.mark.parametrize("status", HISTORIES)
def test_its_history_folds_as_it_is_stored(status):
    assert_folds_as_stored(SUPPLIER, (*HISTORIES[status], bank_changed, opened))
