"""What is answered about suppliers."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel

from commerce.supplier.events import Company, DocumentKind, PostalAddress, Status
from commerce.supplier.rating_projection import REVENUE
from commerce.supplier.state import PayoutAccount, Supplier


class Money(BaseModel, frozen=True):
    amount_cents: int
    currency: str


class Metrics(BaseModel, frozen=True):
    """`rating`: the mean of the stars, to one decimal. Revenue is for the business itself and for staff."""

    products: int = 0
    orders_fulfilled: int = 0
    ratings: int = 0
    rating: float | None = None
    revenue: tuple[Money, ...] | None = None


class SupplierRow(BaseModel, frozen=True):
    id: str
    name: str
    country: str
    status: Status
    logo_url: str | None = None


class ReviewRow(BaseModel, frozen=True):
    """Who waits for a review, the longest first, and who looks at it."""

    id: str
    name: str
    legal_name: str
    country: str
    status: Status
    submitted_at: datetime
    reviewer_id: str | None = None


class SupplierView(BaseModel, frozen=True):
    """A supplier as all principals of the tenant see it."""

    id: str
    name: str
    status: Status
    country: str
    description: str | None
    website: str | None
    logo_url: str | None
    verified_at: datetime | None
    metrics: Metrics


class DocumentView(BaseModel, frozen=True):
    """`url`: where it is read, for five minutes; there is one once the document is filed."""

    id: str
    kind: DocumentKind
    content_type: str
    size_bytes: int
    requested_at: datetime
    url: str | None = None


class NumbersView(BaseModel, frozen=True):
    """What is shown of them: their last characters."""

    tax_id: str
    registration_number: str | None


class BankAccountView(BaseModel, frozen=True):
    tail: str
    country: str
    currency: str


class LimitsView(BaseModel, frozen=True):
    products: int
    promotions: int


class CompanyView(BaseModel, frozen=True):
    legal_name: str
    country: str
    trade_name: str | None
    description: str | None
    website: str | None
    logo_url: str | None
    phone: str | None
    address: PostalAddress | None


class PayoutAccountView(BaseModel, frozen=True):
    stripe_account_id: str
    details_submitted: bool
    transfers_enabled: bool


class SupplierAccount(BaseModel, frozen=True):
    """A supplier as it sees itself, and as staff sees it. Numbers are masked."""

    id: str
    status: Status
    email: str
    address_verified: bool
    company: CompanyView
    numbers: NumbersView | None
    documents: tuple[DocumentView, ...]
    bank_account: BankAccountView | None
    payout_after: datetime | None
    payout_account: PayoutAccountView | None
    limits: LimitsView
    submitted_at: datetime | None
    reviewer_id: str | None
    verified_at: datetime | None
    reason: str | None  # of the last rejection, or of the suspension
    created_at: datetime
    metrics: Metrics


class CompanyNumbers(BaseModel, frozen=True):
    """As they were given, for who reviews them."""

    tax_id: str
    registration_number: str | None


class RatingRow(BaseModel, frozen=True):
    stars: int
    comment: str | None = None
    rated_at: datetime


def metrics(row: Mapping[str, Any], published: int, *, private: bool) -> Metrics:
    """The numbers on a supplier's row, and how many products it has on sale."""
    ratings: int = row.get("ratings", 0)
    revenue = tuple(
        Money(amount_cents=row[name], currency=name.removeprefix(REVENUE))
        for name in sorted(row)
        if name.startswith(REVENUE)
    )
    return Metrics(
        products=published,
        orders_fulfilled=row.get("orders_fulfilled", 0),
        ratings=ratings,
        rating=round(row["stars"] / ratings, 1) if ratings else None,
        revenue=revenue if private else None,
    )


def to_response(supplier_id: str, supplier: Supplier, numbers: Metrics) -> SupplierView:
    company = supplier.company
    return SupplierView(
        id=supplier_id,
        name=company.trade_name or company.legal_name,
        status=supplier.status,
        country=company.country,
        description=company.description,
        website=company.website,
        logo_url=company.logo_url,
        verified_at=supplier.verified_at,
        metrics=numbers,
    )


def company_view(company: Company) -> CompanyView:
    return CompanyView(
        legal_name=company.legal_name,
        country=company.country,
        trade_name=company.trade_name,
        description=company.description,
        website=company.website,
        logo_url=company.logo_url,
        phone=company.phone,
        address=company.address,
    )


def payout_account_view(account: PayoutAccount | None) -> PayoutAccountView | None:
    if account is None:
        return None
    return PayoutAccountView(
        stripe_account_id=account.stripe_account_id,
        details_submitted=account.details_submitted,
        transfers_enabled=account.transfers_enabled,
    )
