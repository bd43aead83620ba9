"""The record of a supplier that is reviewed: company, numbers, documents, bank account."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import assert_never

from commerce.supplier.commands import (
    ChangeBankDetails,
    Entry,
    MaskedNumbers,
    RequestDocumentUpload,
    SubmitSupplier,
    UpdateSupplier,
)
from commerce.supplier.events import (
    LIFECYCLE,
    BankAccount,
    Document,
    Event,
    Numbers,
    Status,
    SupplierBankDetailsChanged,
    SupplierDocumentRequested,
    SupplierSubmitted,
    SupplierUpdated,
)
from commerce.supplier.state import MOST_DOCUMENTS, Supplier
from troupe.domain.decider import Context, Rejected

PAYOUTS_WAIT = timedelta(hours=72)  # after the bank details have changed
_OPEN: frozenset[Status] = frozenset({"registered", "rejected"})  # not submitted, or refused by a reviewer
_BEFORE_REVIEWERS: frozenset[Status] = frozenset({"submitted", "under_review"})


def enter(command: Entry, state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.status == "suspended" and not _overseen(command):
        raise Rejected("supplier_suspended", "A suspended supplier changes nothing.")
    match command:
        case UpdateSupplier():
            return _update(command, state, context.now)
        case RequestDocumentUpload():
            return _request(command, state, context)
        case ChangeBankDetails():
            return _change_bank_details(command, state, context.now)
        case _:
            assert_never(command)


def _overseen(command: Entry) -> bool:
    return isinstance(command, UpdateSupplier) and command.overseen


def _update(command: UpdateSupplier, state: Supplier, now: datetime) -> tuple[Event, ...]:
    company = replace(state.company, **command.changes)
    limits = replace(state.limits, **(command.limits or {}))
    numbers = _numbers(command.numbers, state) if command.numbers else state.numbers
    if (company, limits, numbers) == (state.company, state.limits, state.numbers):
        return ()
    if not command.overseen:
        if limits != state.limits:
            raise Rejected("forbidden_limits", "The platform sets a supplier's limits.")
        named = (company.legal_name, company.country) == (state.company.legal_name, state.company.country)
        if state.status not in _OPEN and (numbers != state.numbers or not named):
            raise Rejected("record_fixed", "What is or was reviewed stays as it is.")
    if state.payout_account and company.country != state.company.country:
        raise Rejected("country_fixed", "The account for payouts was opened in another country.")
    return (SupplierUpdated(company=company, numbers=numbers, limits=limits, updated_at=now),)


def _numbers(tails: MaskedNumbers, state: Supplier) -> Numbers:
    return Numbers(part=state.sealed + 1, tax_id=tails.tax_id, registration_number=tails.registration_number)


def _request(command: RequestDocumentUpload, state: Supplier, context: Context) -> tuple[Event, ...]:
    if state.status not in _OPEN:
        raise Rejected("record_fixed", "What is or was reviewed stays as it is.")
    if len(state.documents) >= MOST_DOCUMENTS:
        raise Rejected("too_many_documents", f"A supplier has at most {MOST_DOCUMENTS} documents.")
    document = Document(
        id=context.new_id(),
        kind=command.kind,
        content_type=command.content_type,
        size_bytes=command.size_bytes,
        requested_at=context.now,
    )
    return (SupplierDocumentRequested(document=document),)


def _change_bank_details(command: ChangeBankDetails, state: Supplier, now: datetime) -> tuple[Event, ...]:
    """The same number again is a change too: what is sealed is not looked at."""
    if state.status in _BEFORE_REVIEWERS:
        raise Rejected("record_fixed", "What is reviewed stays as it is.")
    account = BankAccount(
        part=state.sealed + 1, tail=command.tail, country=command.country, currency=command.currency
    )
    changed = SupplierBankDetailsChanged(account=account, payout_after=now + PAYOUTS_WAIT, changed_at=now)
    return (changed,)


def submit(command: SubmitSupplier, state: Supplier, now: datetime) -> tuple[Event, ...]:
    """Of the documents that were asked for, those are filed that are there."""
    if state.status == "submitted":
        return ()
    LIFECYCLE.check(state.status, "submitted")
    found = {each.id: each.version for each in command.uploaded}
    filed = tuple(replace(each, filed=found[each.id]) for each in state.pending if each.id in found)
    documents = (*state.documents, *filed)
    if len(documents) > MOST_DOCUMENTS:
        raise Rejected("too_many_documents", f"A supplier has at most {MOST_DOCUMENTS} documents.")
    lacking = [
        name
        for name, there in (
            ("a confirmed e-mail address", state.address_verified_at),
            ("a tax id", state.numbers),
            ("a document", documents),
        )
        if not there
    ]
    if lacking:
        raise Rejected("record_incomplete", f"There is no review without {', '.join(lacking)}.")
    return (SupplierSubmitted(documents=documents, submitted_at=now),)
