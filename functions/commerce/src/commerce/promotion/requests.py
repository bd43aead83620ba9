"""The parts of request bodies that several of the commands on promotions take."""

from datetime import UTC, datetime
from typing import Annotated, cast

from pydantic import Field

from commerce.promotion.commands import DetailChanges
from commerce.promotion.events import GLOBAL, Details, Featured, Kind, Limits, Reduction, Visibility
from troupe.domain import limits
from troupe.edge import fields

MOST_PRODUCTS = 3
MOST_NAMED = 50  # communities in a body; promotion_rules.py says how many a promotion has

Text = Annotated[str, limits.Text(strip_whitespace=True, max_length=2000, lines=True)]
Uses = Annotated[int, Field(ge=1, le=1_000_000_000)]
TargetId = Annotated[
    str,
    limits.Text(
        pattern=rf"^({GLOBAL}|[0-9a-f]{{8}}(-[0-9a-f]{{4}}){{3}}-[0-9a-f]{{12}})$",
        means="the id of a community, or global",
    ),
    Field(examples=[GLOBAL]),
]


class ReductionForm(fields.Body):
    """Off each unit: either a percentage or an amount of the product's currency."""

    percent: Annotated[int, Field(ge=1, le=100)] | None = None
    amount_cents: Annotated[int, Field(ge=1, le=99_999_999_999)] | None = None

    def value(self) -> Reduction:
        return Reduction(percent=self.percent, amount_cents=self.amount_cents)


class FeaturedForm(fields.Body):
    product_id: fields.Id
    reduction: ReductionForm | None = None

    def value(self) -> Featured:
        return Featured(
            product_id=self.product_id, reduction=self.reduction.value() if self.reduction else None
        )


class LimitsForm(fields.Body):
    """How many orders may have the offer, in all and of each customer; null is as many as there are."""

    uses: Uses | None = None
    per_customer: Uses | None = None

    def value(self) -> Limits:
        return Limits(uses=self.uses, per_customer=self.per_customer)


Products = Annotated[tuple[FeaturedForm, ...], Field(min_length=1, max_length=MOST_PRODUCTS)]
Communities = Annotated[
    tuple[fields.Id, ...], Field(max_length=MOST_NAMED, examples=[["0192f0c1-7a00-7000-8000-0000000000c1"]])
]


class PromotionForm(fields.Body):
    """A draft. A supplier creates its own; an administrator names the supplier."""

    supplier_id: fields.Id | None = None
    title: fields.Name
    description: Text | None = None
    kind: Kind
    products: Products
    visibility: Visibility
    communities: Communities = ()
    starts_at: fields.Instant
    ends_at: fields.Instant | None = None
    limits: LimitsForm = Field(default_factory=LimitsForm)

    def details(self) -> Details:
        return Details(
            title=self.title,
            description=self.description,
            kind=self.kind,
            products=tuple(each.value() for each in self.products),
            visibility=self.visibility,
            communities=self.communities,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            limits=self.limits.value(),
        )


class PromotionChangesForm(fields.Body):
    """What is not sent stays; products, communities and limits are replaced as a whole."""

    title: fields.Name = Field(default_factory=str)
    description: Text | None = None
    kind: Kind = "single"
    products: Products = Field(default_factory=tuple)
    visibility: Visibility = "global"
    communities: Communities = ()
    starts_at: fields.Instant = Field(default_factory=lambda: datetime.max.replace(tzinfo=UTC))
    ends_at: fields.Instant | None = None
    limits: LimitsForm = Field(default_factory=LimitsForm)

    def changes(self) -> DetailChanges:
        sent = fields.given(self)
        plain = {name: value for name, value in sent.items() if name not in {"products", "limits"}}
        changed = cast("DetailChanges", plain)  # the same names, the same types
        if "products" in self.model_fields_set:
            changed["products"] = tuple(each.value() for each in self.products)
        if "limits" in self.model_fields_set:
            changed["limits"] = self.limits.value()
        return changed


class Decision(fields.Body):
    """Whose decision: `global`, for the whole tenant, or a community's id."""

    target: TargetId


class Refusal(Decision):
    reason: fields.Reason
