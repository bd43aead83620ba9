"""The parts of request bodies that several of the commands on products take."""

from typing import Annotated, cast

from pydantic import AfterValidator, Field

from commerce.fields import CountryCode
from commerce.product.commands import DetailChanges, Draft, VariantChanges
from commerce.product.events import Condition, Media, Shipping, Zone
from troupe.domain import limits
from troupe.edge import fields

MOST_AT_ONCE = 50  # variants that a product is created with: each takes the guard of its SKU
MOST_UNITS = 1_000_000_000

Sku = Annotated[
    str,
    limits.Text(
        strip_whitespace=True,
        pattern=r"^[A-Za-z0-9]([A-Za-z0-9 ._/+-]{0,62}[A-Za-z0-9])?$",
        means="1 to 64 letters, digits, spaces and . _ / + -",
    ),
    Field(examples=["SHOE-RED-42"]),
]
Category = Annotated[
    str,
    limits.Text(
        strip_whitespace=True, min_length=1, max_length=80, pattern=r"^[^#]+$", means="a text without #"
    ),
]
Description = Annotated[str, limits.Text(strip_whitespace=True, max_length=10_000, lines=True)]
Cents = Annotated[int, Field(ge=0, le=99_999_999_999, examples=[1999])]  # of the currency's minor unit
Units = Annotated[int, Field(ge=0, le=MOST_UNITS)]
Days = Annotated[int, Field(ge=0, le=365)]
AttributeName = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=40)]
AttributeValue = Annotated[str, limits.Text(strip_whitespace=True, min_length=1, max_length=80)]
Attributes = Annotated[dict[AttributeName, AttributeValue], Field(max_length=8, examples=[{"size": "M"}])]


def _secure(url: str) -> str:
    if not url.lower().startswith("https://"):
        raise ValueError("an address of media begins with https://")
    return url


MediaUrl = Annotated[fields.Url, AfterValidator(_secure)]


class VariantForm(fields.Body):
    """A draft may have no price yet; what is published has one."""

    sku: Sku
    price_cents: Cents | None = None
    compare_at_cents: Annotated[Cents | None, Field(examples=[2499])] = None
    attributes: Attributes = Field(default_factory=dict)
    active: bool = True

    def draft(self) -> Draft:
        return Draft(
            sku=self.sku,
            price_cents=self.price_cents,
            compare_at_cents=self.compare_at_cents,
            attributes=self.attributes,
            active=self.active,
        )


class VariantChangesForm(fields.Body):
    """What is not sent stays; attributes are replaced as a whole."""

    sku: Sku = Field(default_factory=str)
    price_cents: Cents | None = None
    compare_at_cents: Annotated[Cents | None, Field(examples=[2499])] = None
    attributes: Attributes = Field(default_factory=dict)
    active: bool = True

    def changes(self) -> VariantChanges:
        return cast("VariantChanges", fields.given(self))


class MediaForm(fields.Body):
    primary_image_url: MediaUrl | None = None
    gallery_urls: Annotated[tuple[MediaUrl, ...], Field(max_length=12)] = ()
    video_url: MediaUrl | None = None

    def value(self) -> Media:
        return Media(
            primary_image_url=self.primary_image_url,
            gallery_urls=self.gallery_urls,
            video_url=self.video_url,
        )


class ZoneForm(fields.Body):
    """Countries that are shipped to alike; the cost is for a whole parcel."""

    countries: Annotated[tuple[CountryCode, ...], Field(min_length=1, max_length=250)]
    cost_cents: Cents
    days_min: Days
    days_max: Days

    def value(self) -> Zone:
        return Zone(
            countries=self.countries,
            cost_cents=self.cost_cents,
            days_min=self.days_min,
            days_max=self.days_max,
        )


class ShippingForm(fields.Body):
    from_country: CountryCode
    zones: Annotated[tuple[ZoneForm, ...], Field(max_length=20)] = ()

    def value(self) -> Shipping:
        return Shipping(from_country=self.from_country, zones=tuple(zone.value() for zone in self.zones))


class DetailsForm(fields.Body):
    """What is not sent stays; media and shipping are replaced as a whole."""

    name: fields.Name = Field(default_factory=str)
    category: Category = Field(default_factory=str)
    currency: fields.Currency = Field(default_factory=str)
    description: Description | None = None
    brand: fields.Name | None = None
    condition: Condition = "new"
    media: MediaForm = Field(default_factory=MediaForm)
    shipping: ShippingForm | None = None

    def changes(self) -> DetailChanges:
        sent = fields.given(self)
        if "media" in sent:
            sent["media"] = self.media.value()
        if self.shipping:
            sent["shipping"] = self.shipping.value()
        return cast("DetailChanges", sent)
