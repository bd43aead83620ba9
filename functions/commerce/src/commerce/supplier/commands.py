"""Commands of a supplier, given by itself or on its behalf."""

from dataclasses import dataclass
from typing import TypedDict

from commerce.supplier.events import Company, DocumentKind, PostalAddress
from troupe.domain.limits import Reason


class CompanyChanges(TypedDict, total=False):
    """The parts of the company that change; what is not in it stays. An address is replaced as a whole."""

    legal_name: str
    country: str
    trade_name: str | None
    description: str | None
    website: str | None
    logo_url: str | None
    phone: str | None
    address: PostalAddress | None


class LimitChanges(TypedDict, total=False):
    products: int
    promotions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MaskedNumbers:
    """Of numbers that are sealed beside the supplier, in the same transaction."""

    tax_id: str
    registration_number: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterSupplier:
    company: Company


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySupplierAddress:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateSupplier:
    """`overseen`: by who oversees suppliers, and may correct what was verified and set limits."""

    changes: CompanyChanges
    numbers: MaskedNumbers | None = None
    limits: LimitChanges | None = None
    overseen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestDocumentUpload:
    kind: DocumentKind
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded:
    """A document that is there, and the version of it that was found."""

    id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitSupplier:
    uploaded: tuple[Uploaded, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BeginReview:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifySupplier:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectSupplier:
    """The business may mend its record and submit it again."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspendSupplier:
    """It signs in no more, and nothing of it is sold; what was paid is for the staff to see to."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class ReinstateSupplier:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeBankDetails:
    """The number itself is sealed beside the supplier, in the same transaction."""

    tail: str
    country: str
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenPayoutAccount:
    """Stripe has opened it."""

    stripe_account_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NotePayoutAccount:
    """Stripe says how it stands."""

    stripe_account_id: str
    details_submitted: bool
    transfers_enabled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteSupplier:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreSupplier:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ExpireSupplier:
    """The time to prove the address is up."""


type Decision = BeginReview | VerifySupplier | RejectSupplier | SuspendSupplier | ReinstateSupplier
type Entry = (  # what changes the record that is reviewed
    UpdateSupplier | RequestDocumentUpload | ChangeBankDetails
)
type Payout = OpenPayoutAccount | NotePayoutAccount
type Command = (
    VerifySupplierAddress
    | Entry
    | SubmitSupplier
    | Decision
    | Payout
    | DeleteSupplier
    | ExpireSupplier
    | RestoreSupplier
)
