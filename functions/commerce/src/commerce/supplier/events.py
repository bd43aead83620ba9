"""What happens to a supplier, and the values that its events carry. Events are stored for ever.

No number of a tax office, a register or a bank is in them: only the tail by which it is known again.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from troupe.domain.lifecycle import Transitions

type Status = Literal[
    "registered", "submitted", "under_review", "verified", "rejected", "suspended", "deleted"
]
type DocumentKind = Literal["business_license", "registration", "tax_certificate", "identity", "other"]

LIFECYCLE = Transitions[Status](
    {
        "registered": frozenset({"submitted", "deleted"}),
        "submitted": frozenset({"under_review", "deleted"}),
        "under_review": frozenset({"verified", "rejected", "deleted"}),
        "verified": frozenset({"suspended", "deleted"}),
        "rejected": frozenset({"submitted", "deleted"}),
        "suspended": frozenset({"verified", "deleted"}),
        "deleted": frozenset(
            {"registered", "submitted", "under_review", "verified", "rejected", "suspended"}
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    line1: str
    city: str
    postal_code: str
    country: str  # ISO 3166-1 alpha-2
    line2: str | None = None
    region: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The legal name and the country are what is verified; the rest is how a business shows itself."""

    legal_name: str
    country: str  # where it is registered, ISO 3166-1 alpha-2
    trade_name: str | None = None
    description: str | None = None
    website: str | None = None
    logo_url: str | None = None
    phone: str | None = None
    address: PostalAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of the tax office and the register, by their tails. `part`: which sealed item has them whole."""

    part: int
    tax_id: str
    registration_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file that may be uploaded, and, once it is `filed`, the version of it that is reviewed."""

    id: str
    kind: DocumentKind
    content_type: str
    size_bytes: int
    requested_at: datetime
    filed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BankAccount:
    """By its tail. `part`: which sealed item has it whole."""

    part: int
    tail: str
    country: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How many may be there at a time."""

    products: int
    promotions: int


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierCreated:
    company: Company
    limits: Limits
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierAddressVerified:
    """The e-mail address is the business's own: it can sign in."""

    verified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierUpdated:
    """All as it is now, so that a reader needs nothing of before."""

    company: Company
    numbers: Numbers | None
    limits: Limits
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDocumentRequested:
    document: Document


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierSubmitted:
    """With the documents that were there."""

    documents: tuple[Document, ...]
    submitted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierReviewBegan:
    reviewer_id: str
    began_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierVerified:
    reviewer_id: str
    verified_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRejected:
    reviewer_id: str
    reason: str
    rejected_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierSuspended:
    reason: str
    suspended_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierReinstated:
    reinstated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierBankDetailsChanged:
    """No payout before `payout_after`, so that the owner can stop one to a thief's account."""

    account: BankAccount
    payout_after: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierPayoutAccountOpened:
    stripe_account_id: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierPayoutAccountUpdated:
    """What Stripe says of it: whether all is told that it asked for, and whether it takes transfers."""

    details_submitted: bool
    transfers_enabled: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierDeleted:
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRestored:
    status: Status  # the former one
    restored_at: datetime


type Later = (  # all that can happen to a supplier that is there
    SupplierAddressVerified
    | SupplierUpdated
    | SupplierDocumentRequested
    | SupplierSubmitted
    | SupplierReviewBegan
    | SupplierVerified
    | SupplierRejected
    | SupplierSuspended
    | SupplierReinstated
    | SupplierBankDetailsChanged
    | SupplierPayoutAccountOpened
    | SupplierPayoutAccountUpdated
    | SupplierDeleted
    | SupplierRestored
)
type Event = SupplierCreated | Later
