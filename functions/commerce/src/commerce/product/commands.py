"""What may be asked of a product."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypedDict

from commerce.product.events import Condition, Details, Media, Shipping


class DetailChanges(TypedDict, total=False):
    """The details that change; what is not in it stays. Media and shipping are replaced as a whole."""

    name: str
    category: str
    currency: str
    description: str | None
    brand: str | None
    condition: Condition
    media: Media
    shipping: Shipping | None


class VariantChanges(TypedDict, total=False):
    """The parts of a variant that change; attributes are replaced as a whole."""

    sku: str
    price_cents: int | None
    compare_at_cents: int | None
    attributes: Mapping[str, str]
    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A variant that has no id yet."""

    sku: str
    price_cents: int | None = None
    compare_at_cents: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateProduct:
    supplier_id: str
    details: Details
    variants: tuple[Draft, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateProduct:
    """What is published stays fit to be bought; unpublish it to take that away."""

    changes: DetailChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class AddVariant:
    variant: Draft


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateVariant:
    """A variant that is not active any more is off sale with the same write."""

    variant_id: str
    changes: VariantChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveVariant:
    """Its SKU is free again; what is ordered of it can still be shipped."""

    variant_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishProduct:
    """Put it on sale: for a verified supplier, within its limit, and if a customer could buy it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnpublishProduct:
    """Take it off sale at once; what is ordered stays ordered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteProduct:
    """It is off sale, and keeps its SKUs for the day it is restored."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RestoreProduct:
    """Bring it back, not on sale: whether it may be sold is asked when it is published."""


type Command = (
    UpdateProduct
    | AddVariant
    | UpdateVariant
    | RemoveVariant
    | PublishProduct
    | UnpublishProduct
    | DeleteProduct
    | RestoreProduct
)
