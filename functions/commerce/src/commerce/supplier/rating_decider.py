"""A rating: what a customer says of a supplier after a delivery. One for each supplier's part of an order.

It is a stream apart from the supplier, so that no customer makes a supplier's edit stale.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339
from troupe.domain.personal import Personal, blanked

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRated:
    """`former`: the stars before, where the customer changed the rating."""

    supplier_id: str
    order_id: str
    customer_id: str
    stars: int
    former: int | None
    comment: Annotated[str | None, Personal("customer", None)]
    rated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRatingPersonalDataErased:
    """The customer's data was erased: the stars stay. `of`: as the fields name them."""

    supplier_id: str
    order_id: str
    of: tuple[str, ...]
    erased_at: datetime


type Event = SupplierRated | SupplierRatingPersonalDataErased

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    supplier_id: str
    order_id: str
    customer_id: str
    stars: int
    comment: Annotated[str | None, Personal("customer", None)]
    rated_at: datetime
    state: Literal["rating"] = "rating"


def begin(event: SupplierRated) -> Rating:
    return Rating(
        supplier_id=event.supplier_id,
        order_id=event.order_id,
        customer_id=event.customer_id,
        stars=event.stars,
        comment=event.comment,
        rated_at=event.rated_at,
    )


def evolve(state: Rating, event: SupplierRatingPersonalDataErased) -> Rating:
    return blanked(state, *event.of)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class RateSupplier:
    """`stars`: 1 to 5. `delivered`: the customer has what this supplier sent of that order."""

    supplier_id: str
    order_id: str
    stars: int
    delivered: bool
    comment: str | None = None


def create(command: RateSupplier, context: Context) -> tuple[Event, ...]:
    return (_rated(command, None, context),)


def decide(command: RateSupplier, state: Rating, context: Context) -> tuple[Event, ...]:
    """The later word counts; who bought speaks of what was bought."""
    rated = _rated(command, state.stars, context)
    if state.customer_id != context.actor:
        raise Rejected("not_the_customer", "Another customer bought that, and has rated it.")
    return () if (state.stars, state.comment) == (command.stars, command.comment) else (rated,)


def _rated(command: RateSupplier, former: int | None, context: Context) -> SupplierRated:
    if not command.delivered:
        raise Rejected("nothing_delivered", "Of that order this supplier has delivered nothing to you.")
    return SupplierRated(
        supplier_id=command.supplier_id,
        order_id=command.order_id,
        customer_id=context.actor,
        stars=command.stars,
        former=former,
        comment=command.comment,
        rated_at=context.now,
    )


def _erased(state: Rating, of: tuple[str, ...], context: Context) -> Event:
    return SupplierRatingPersonalDataErased(
        supplier_id=state.supplier_id, order_id=state.order_id, of=of, erased_at=context.now
    )


def rating_id(order_id: str, supplier_id: str) -> str:
    return f"{order_id}.{supplier_id}"


def collection(supplier_id: str) -> str:
    return f"SUPPLIER_RATINGS#{supplier_id}"


def _listed(state: Rating, rating: str) -> Listing:
    return Listing(
        collection=(collection(state.supplier_id), rating),
        summary={
            "stars": state.stars,
            "comment": state.comment,
            "rated_at": rfc3339(state.rated_at),
        },
    )


SUPPLIER_RATING = Decider[Rating, RateSupplier, Event](
    name="supplier_rating",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("supplier", Event),
    state=Rating,
    listed=_listed,
    subjects=lambda state, _id: {"customer": f"user:{state.customer_id}"},
    erased=_erased,
)
