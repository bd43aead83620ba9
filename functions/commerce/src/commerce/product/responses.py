"""What is answered about products, their stock, and the places where it lies."""

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel

from commerce.product.events import Condition, Media, Shipping, Status


class ProductRow(BaseModel, frozen=True):
    """`from_price_cents`: the lowest price of what can be bought of it."""

    id: str
    supplier_id: str
    status: Status
    name: str
    category: str
    brand: str | None = None
    condition: Condition
    currency: str
    from_price_cents: int | None = None
    primary_image_url: str | None = None


class VariantView(BaseModel, frozen=True):
    """`available`: what can be bought of it just now, wherever it lies."""

    id: str
    sku: str
    price_cents: int | None
    compare_at_cents: int | None
    attributes: Mapping[str, str]
    active: bool
    available: int


class ProductView(BaseModel, frozen=True):
    id: str
    supplier_id: str
    status: Status
    name: str
    description: str | None
    category: str
    brand: str | None
    condition: Condition
    currency: str
    media: Media
    shipping: Shipping | None
    variants: tuple[VariantView, ...]
    created_at: datetime
    updated_at: datetime
    published_at: datetime | None


class Counted(BaseModel, frozen=True):
    """Stock: on_hand = available + reserved + safety, less what is oversold.

    `safety` is what is kept back; negative, it is what may be sold before it is there.
    """

    on_hand: int
    available: int
    reserved: int
    safety: int
    oversold: int
    buckets: int


class StockView(Counted, frozen=True):
    """A variant at a location."""

    variant_id: str
    location_id: str


class InventoryView(BaseModel, frozen=True):
    """All stock of a product."""

    product_id: str
    stock: tuple[StockView, ...]


class InventoryChanged(Counted, frozen=True):
    """`id` is the product's, `version` that of its inventory."""

    id: str
    version: int


class LocationRow(BaseModel, frozen=True):
    id: str
    supplier_id: str
    name: str
    country: str
    city: str | None = None


class VariantId(BaseModel, frozen=True):
    id: str
    sku: str


class ProductMade(BaseModel, frozen=True):
    """A new product, with the ids of its variants."""

    id: str
    version: int
    variants: tuple[VariantId, ...]


class VariantMade(BaseModel, frozen=True):
    """The product as it stands, and the new variant."""

    id: str
    version: int
    variant_id: str
