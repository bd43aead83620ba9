"""Invariants of a supplier, with any commands in any order."""

import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from commerce.supplier.commands import (
    BeginReview,
    ChangeBankDetails,
    DeleteSupplier,
    MaskedNumbers,
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
    Uploaded,
    VerifySupplier,
    VerifySupplierAddress,
)
from commerce.supplier.decider import SUPPLIER
from commerce.supplier.events import LIFECYCLE
from commerce.supplier.state import Supplier
from support.commerce.supplier_histories import ACCOUNT, COMPANY, LICENSE, READY
from support.spec import NOON, assert_folds_as_stored
from troupe.domain.decider import Rejected
from troupe.store.aggregates import dump

COMMANDS = st.one_of(
    st.just(RegisterSupplier(company=COMPANY)),
    st.just(VerifySupplierAddress()),
    st.builds(
        UpdateSupplier,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "legal_name": st.sampled_from(["A", "B"]),
                "country": st.sampled_from(["DE", "FR"]),
                "phone": st.none() | st.just("1234"),
            },
        ),
        numbers=st.none() | st.just(MaskedNumbers(tax_id="1234")),
        limits=st.none() | st.just({"products": 1}),
        overseen=st.booleans(),
    ),
    st.just(RequestDocumentUpload(kind="other", content_type="image/png", size_bytes=5)),
    st.just(SubmitSupplier(uploaded=())),
    st.just(SubmitSupplier(uploaded=(Uploaded(id=LICENSE.id, version="v"),))),
    st.just(BeginReview()),
    st.just(VerifySupplier()),
    st.just(RejectSupplier(reason="no")),
    st.just(SuspendSupplier(reason="no")),
    st.just(ReinstateSupplier()),
    st.just(ChangeBankDetails(tail="3000", country="DE", currency="EUR")),
    st.sampled_from([ACCOUNT, "acct_2"]).map(lambda each: OpenPayoutAccount(stripe_account_id=each)),
    st.builds(
        NotePayoutAccount,
        stripe_account_id=st.just(ACCOUNT),
        details_submitted=st.booleans(),
        transfers_enabled=st.booleans(),
    ),
    st.just(DeleteSupplier()),
    st.just(RestoreSupplier()),
)


@given(st.booleans(), st.lists(COMMANDS, max_size=25))
def test_it_moves_along_the_lifecycle_alone_and_folds_as_stored(ready, commands):
    history = list(READY) if ready else []
    state = SUPPLIER.fold(history)
    for command in commands:
        was = state
        try:
            events = SUPPLIER.answer(command, state, NOON)
        except Rejected:
            continue
        history += events
        state = SUPPLIER.fold(events, state)
        if isinstance(was, Supplier) and isinstance(state, Supplier):
            assert was.status == state.status or state.status in LIFECYCLE.moves[was.status]
            assert state.sealed in {was.sealed, was.sealed + 1}
    assert_folds_as_stored(SUPPLIER, tuple(history))
    if isinstance(state, Supplier):
        _holds(state)


def _holds(state: Supplier) -> None:
    if state.status in {"submitted", "under_review", "verified", "suspended"}:
        assert state.address_verified_at
        assert state.numbers
        assert state.documents
        assert all(each.filed for each in state.documents)
    assert (state.bank_account is None) == (state.payout_after is None)
    assert state.payout_after in {None, NOON.now + timedelta(hours=72)}
    assert (state.status == "deleted") == (state.deleted_at is not None) == (state.former is not None)


@given(st.lists(COMMANDS, max_size=10))
def test_the_same_twice_is_once_but_for_what_is_sealed_or_asked_for_anew(commands):
    """Deciding again what was just decided yields no event; sealed numbers are never compared."""
    state = SUPPLIER.fold(READY)
    for command in commands:
        try:
            state = SUPPLIER.fold(SUPPLIER.answer(command, state, NOON), state)
        except Rejected:
            continue
        anew = isinstance(command, ChangeBankDetails | RequestDocumentUpload)
        if anew or (isinstance(command, UpdateSupplier) and command.numbers):
            continue
        assert SUPPLIER.answer(command, state, NOON) == ()


def test_no_event_has_a_number_whole():
    """What a number is known again by is at most its last four characters."""
    for event in READY:
        text = dump(type(event), event)
        assert "DE123456789" not in text
        tails = (json.loads(text).get("numbers") or {}).get("tax_id", "")
        assert len(tails) <= 4
