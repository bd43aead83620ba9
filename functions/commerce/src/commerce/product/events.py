"""What happens to a product, and the values that its events carry. Events are stored for ever."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

type Status = Literal["draft", "published", "unpublished", "deleted"]
type Condition = Literal["new", "used", "refurbished"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """One version of a product. `compare_at_cents`: what it cost before, to be shown struck through."""

    id: str
    sku: str
    price_cents: int | None = None  # of the product's currency; a draft may do without
    compare_at_cents: int | None = None
    attributes: Mapping[str, str] = field(default_factory=dict[str, str])
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    primary_image_url: str | None = None
    gallery_urls: tuple[str, ...] = ()
    video_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Zone:
    """Countries (ISO 3166-1 alpha-2) that are shipped to alike; `cost_cents` is for a whole parcel."""

    countries: tuple[str, ...]
    cost_cents: int
    days_min: int
    days_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipping:
    from_country: str
    zones: tuple[Zone, ...]  # no country is in two

    def zone(self, country: str) -> Zone | None:
        """The zone of a country; none where it is not shipped to."""
        return next((zone for zone in self.zones if country in zone.countries), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """All of a product but its variants and where it stands."""

    name: str
    category: str
    currency: str
    description: str | None = None
    brand: str | None = None
    condition: Condition = "new"
    media: Media = field(default_factory=Media)
    shipping: Shipping | None = None


# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductCreated:
    supplier_id: str
    details: Details
    variants: tuple[Variant, ...]
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUpdated:
    """The details as they are now, so that a reader needs no former ones."""

    details: Details
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductVariantAdded:
    variant: Variant
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductVariantUpdated:
    """The variant as it is now."""

    variant: Variant
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductVariantRemoved:
    variant_id: str
    sku: str
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductPublished:
    """With what a catalogue shows, so that a reader needs nothing of before."""

    supplier_id: str
    details: Details
    variants: tuple[Variant, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductUnpublished:
    unpublished_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductDeleted:
    deleted_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRestored:
    status: Status  # a draft again, or unpublished
    restored_at: datetime


type Later = (  # all that can happen to a product that is there
    ProductUpdated
    | ProductVariantAdded
    | ProductVariantUpdated
    | ProductVariantRemoved
    | ProductPublished
    | ProductUnpublished
    | ProductDeleted
    | ProductRestored
)
type Event = ProductCreated | Later
