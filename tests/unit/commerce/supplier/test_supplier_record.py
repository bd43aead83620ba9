"""A supplier's record: what it must have before a review, and when it may change."""

from dataclasses import replace

import pytest

from commerce.supplier.commands import MaskedNumbers, RequestDocumentUpload, SubmitSupplier, UpdateSupplier
from commerce.supplier.decider import LIMITS
from commerce.supplier.events import SupplierDocumentRequested, SupplierUpdated
from commerce.supplier.state import MOST_DOCUMENTS
from support.commerce.supplier_histories import (
    COMPANY,
    FILED,
    HISTORIES,
    LICENSE,
    NOW,
    NUMBERS,
    READY,
    SUBMIT,
    address_verified,
    bank_changed,
    began,
    created,
    numbered,
    rejected,
    requested,
    submitted,
    supplier,
)


@pytest.mark.parametrize(
    ("history", "uploaded", "lacking"),
    [
        ((created, numbered, requested), SUBMIT.uploaded, "a confirmed e-mail address"),
        ((created, address_verified, requested), SUBMIT.uploaded, "a tax id"),
        (READY, (), "a document"),
        ((created, address_verified, numbered), SUBMIT.uploaded, "a document"),
        ((created,), (), "a confirmed e-mail address, a tax id, a document"),
    ],
)
def test_there_is_no_review_of_half_a_record(history, uploaded, lacking):
    given = supplier(*history).when(SubmitSupplier(uploaded=uploaded))
    given.then_rejected("record_incomplete")
    with pytest.raises(Exception, match=f"without {lacking}"):
        given.act()


@pytest.mark.parametrize("status", ["registered", "rejected"])
def test_a_document_may_be_sent_until_the_submission(status):
    form = {"kind": "other", "content_type": "image/png", "size_bytes": 1}
    (event,) = supplier(*HISTORIES[status]).when(RequestDocumentUpload(**form)).act()
    assert (event.document.kind, event.document.size_bytes, event.document.filed) == ("other", 1, None)
    assert event.document.id not in {FILED.id, LICENSE.id}


def test_a_document_that_did_not_arrive_is_left_out():
    other = SupplierDocumentRequested(document=replace(LICENSE, id="x"))
    supplier(*READY, other).when(SUBMIT).then(submitted)


def test_a_new_submission_begins_with_what_was_filed():
    again = supplier(*HISTORIES["rejected"]).when(SubmitSupplier(uploaded=()))
    again.then(submitted)
    state = supplier(*HISTORIES["rejected"], submitted).state
    assert (state.documents, state.pending, state.reviewer_id, state.reason) == ((FILED,), (), None, None)


def test_there_is_an_end_to_documents():
    command = RequestDocumentUpload(kind="other", content_type="image/png", size_bytes=1)
    many = replace(submitted, documents=(FILED,) * MOST_DOCUMENTS)
    history = (*READY, many, began, rejected)
    supplier(*history).when(command).then_rejected("too_many_documents")
    supplier(*history, requested).when(SUBMIT).then_rejected("too_many_documents")
    state = supplier(*READY, *[requested] * (MOST_DOCUMENTS + 5)).state
    assert len(state.pending) == MOST_DOCUMENTS


@pytest.mark.parametrize("status", ["submitted", "under_review", "verified"])
def test_what_is_or_was_reviewed_stays_as_it_is(status):
    given = supplier(*HISTORIES[status])
    upload = RequestDocumentUpload(kind="other", content_type="image/png", size_bytes=1)
    given.when(upload).then_rejected("record_fixed")
    given.when(UpdateSupplier(changes={"legal_name": "Other Ltd"})).then_rejected("record_fixed")
    given.when(UpdateSupplier(changes={"country": "FR"})).then_rejected("record_fixed")
    given.when(UpdateSupplier(changes={}, numbers=MaskedNumbers(tax_id="1"))).then_rejected("record_fixed")


@pytest.mark.parametrize("status", ["registered", "rejected"])
def test_a_record_outside_a_review_can_be_changed(status):
    given = supplier(*HISTORIES[status])
    company = replace(COMPANY, legal_name="Other Ltd")
    changed = SupplierUpdated(company=company, numbers=NUMBERS, limits=LIMITS, updated_at=NOW)
    given.when(UpdateSupplier(changes={"legal_name": "Other Ltd"})).then(changed)


@pytest.mark.parametrize("status", ["registered", "submitted", "under_review", "verified", "rejected"])
def test_how_it_shows_itself_may_always_change(status):
    company = replace(COMPANY, description="Bread")
    changed = SupplierUpdated(company=company, numbers=NUMBERS, limits=LIMITS, updated_at=NOW)
    given = supplier(*HISTORIES[status])
    given.when(UpdateSupplier(changes={"description": "Bread"})).then(changed)
    given.when(UpdateSupplier(changes={"legal_name": "Bakery GmbH"})).then_nothing()


def test_numbers_are_sealed_in_a_part_of_their_own_each_time():
    tails = MaskedNumbers(tax_id="1111", registration_number=None)
    numbers = replace(NUMBERS, part=3, tax_id="1111", registration_number=None)
    changed = SupplierUpdated(company=COMPANY, numbers=numbers, limits=LIMITS, updated_at=NOW)
    given = supplier(*READY, bank_changed)
    assert given.state.sealed == 2
    given.when(UpdateSupplier(changes={}, numbers=tails)).then(changed)
    assert supplier(*READY, bank_changed, changed).state.sealed == 3


def test_the_platform_sets_limits_and_may_correct_what_was_verified():
    limits = {"products": 7}
    given = supplier(*HISTORIES["verified"])
    given.when(UpdateSupplier(changes={}, limits=limits)).then_rejected("forbidden_limits")
    changed = SupplierUpdated(
        company=replace(COMPANY, legal_name="Other Ltd"),
        numbers=NUMBERS,
        limits=replace(LIMITS, products=7),
        updated_at=NOW,
    )
    overseen = UpdateSupplier(changes={"legal_name": "Other Ltd"}, limits=limits, overseen=True)
    given.when(overseen).then(changed)
    supplier(*HISTORIES["suspended"]).when(overseen).then(changed)
