"""A bakery, from its registration as a supplier on: what it was given and what has happened to it."""

from dataclasses import replace
from datetime import timedelta

from commerce.supplier.commands import SubmitSupplier, Uploaded
from commerce.supplier.decider import LIMITS, SUPPLIER
from commerce.supplier.events import (
    BankAccount,
    Company,
    Document,
    Numbers,
    SupplierAddressVerified,
    SupplierBankDetailsChanged,
    SupplierCreated,
    SupplierDeleted,
    SupplierDocumentRequested,
    SupplierPayoutAccountOpened,
    SupplierRejected,
    SupplierReviewBegan,
    SupplierSubmitted,
    SupplierSuspended,
    SupplierUpdated,
    SupplierVerified,
)
from support.spec import ANN, NOON, Given

NOW = NOON.now
ACCOUNT = "acct_1RbQ2bLkdIwHu7ix"
COMPANY = Company(legal_name="Bakery GmbH", country="DE")
NUMBERS = Numbers(part=1, tax_id="6789", registration_number="345B")
LICENSE = Document(
    id="0192f0c1-0000-7000-8000-0000000000d1",
    kind="business_license",
    content_type="application/pdf",
    size_bytes=1000,
    requested_at=NOW,
)
FILED = replace(LICENSE, filed="v1")

supplier = Given(SUPPLIER)
created = SupplierCreated(company=COMPANY, limits=LIMITS, created_at=NOW)
address_verified = SupplierAddressVerified(verified_at=NOW)
numbered = SupplierUpdated(company=COMPANY, numbers=NUMBERS, limits=LIMITS, updated_at=NOW)
requested = SupplierDocumentRequested(document=LICENSE)
submitted = SupplierSubmitted(documents=(FILED,), submitted_at=NOW)
began = SupplierReviewBegan(reviewer_id=ANN, began_at=NOW)
verified = SupplierVerified(reviewer_id=ANN, verified_at=NOW)
rejected = SupplierRejected(reviewer_id=ANN, reason="expired", rejected_at=NOW)
suspended = SupplierSuspended(reason="fraud", suspended_at=NOW)
deleted = SupplierDeleted(deleted_at=NOW)
bank_changed = SupplierBankDetailsChanged(
    account=BankAccount(part=2, tail="3000", country="DE", currency="EUR"),
    payout_after=NOW + timedelta(hours=72),
    changed_at=NOW,
)
opened = SupplierPayoutAccountOpened(stripe_account_id=ACCOUNT, opened_at=NOW)
READY = (created, address_verified, numbered, requested)
HISTORIES = {
    "registered": READY,
    "submitted": (*READY, submitted),
    "under_review": (*READY, submitted, began),
    "verified": (*READY, submitted, began, verified),
    "rejected": (*READY, submitted, began, rejected),
    "suspended": (*READY, submitted, began, verified, suspended),
    "deleted": (*READY, submitted, began, verified, deleted),
}
SUBMIT = SubmitSupplier(uploaded=(Uploaded(id=LICENSE.id, version="v1"),))
