"""The inventory of a product: what is decided of its stock, and in how many buckets it lies where.

The stock itself is a tally beside the product (stock_items.py): orders move it without a decision here.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from commerce.inventory.state import MOST_BUCKETS, Level, spread, total
from troupe.domain.decider import Context, Decider, Rejected, events_of

MOST_ITEMS = 90  # stock items of a product: publishing writes all of them in one transaction of 100 actions

# Events: never rename one, and give a new field a default.


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductInventoryUpdated:
    """What is on hand of a variant at a location now. `oversold`: ordered, and not there."""

    variant_id: str
    location_id: str
    change: Literal["set", "adjusted"]
    was_on_hand: int
    on_hand: int
    safety: int  # what is to be kept back; negative: what may be sold before it is there
    oversold: int
    reason: str | None
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductStockSplit:
    """The stock lies in so many buckets from now on."""

    variant_id: str
    location_id: str
    buckets: int
    split_at: datetime


type Event = ProductInventoryUpdated | ProductStockSplit

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A variant at a location."""

    variant_id: str
    location_id: str
    safety: int = 0
    buckets: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Inventory:
    places: tuple[Place, ...] = ()

    def at(self, variant_id: str, location_id: str) -> Place | None:
        spot = (variant_id, location_id)
        return next((each for each in self.places if (each.variant_id, each.location_id) == spot), None)

    @property
    def items(self) -> int:
        """How many stock items there are."""
        return sum(each.buckets for each in self.places)


def begin(event: Event) -> Inventory:
    return evolve(Inventory(), event)


def evolve(state: Inventory, event: Event) -> Inventory:
    was = state.at(event.variant_id, event.location_id)
    place = was or Place(variant_id=event.variant_id, location_id=event.location_id)
    match event:
        case ProductInventoryUpdated(safety=safety):
            now = replace(place, safety=safety)
        case ProductStockSplit(buckets=buckets):
            now = replace(place, buckets=buckets)
        case _:
            assert_never(event)
    if was is None:
        return replace(state, places=(*state.places, now))
    return replace(state, places=tuple(now if each == was else each for each in state.places))


# Commands. `levels`: the buckets there, in order, as they were read.


@dataclass(frozen=True, slots=True, kw_only=True)
class SetInventory:
    """What was counted, if there was as much as `expected` before. `safety`: None leaves it as it is."""

    variant_id: str
    location_id: str
    on_hand: int
    expected: int
    levels: tuple[Level, ...]
    safety: int | None = None
    force: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustInventory:
    variant_id: str
    location_id: str
    by: int
    reason: str
    levels: tuple[Level, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitStock:
    variant_id: str
    location_id: str
    buckets: int


type Command = SetInventory | AdjustInventory | SplitStock


def create(command: Command, context: Context) -> tuple[Event, ...]:
    return decide(command, Inventory(), context)


def decide(command: Command, state: Inventory, context: Context) -> tuple[Event, ...]:
    place = state.at(command.variant_id, command.location_id)
    match command:
        case SetInventory():
            return _set(command, place, state, context)
        case AdjustInventory():
            return _adjust(command, _there(place), context)
        case SplitStock():
            return _split(command, _there(place), state, context)
        case _:
            assert_never(command)


def _there(place: Place | None) -> Place:
    if place is None:
        raise Rejected("no_inventory", "Set what is on hand there first.")
    return place


def _set(command: SetInventory, place: Place | None, state: Inventory, context: Context) -> tuple[Event, ...]:
    if place is None and state.items >= MOST_ITEMS:
        raise _too_many()
    safety = (place.safety if place else 0) if command.safety is None else command.safety
    if safety < 0 and place and place.buckets > 1:
        raise Rejected("backorders_not_split", "Stock in several buckets is sold when it is there.")
    here = total(command.levels)
    if place and (command.on_hand, safety) == (here.on_hand, place.safety):
        return ()
    if command.expected != here.on_hand:
        raise Rejected("inventory_changed", "There is not as much as you expected: count again.")
    after = total(spread(command.levels, command.on_hand, safety))
    if after.available < 0 and not command.force:
        raise Rejected("below_reserved", "More than that is ordered; force it to have the excess reported.")
    return (_updated(command, after, safety, context),)


def _adjust(command: AdjustInventory, place: Place, context: Context) -> tuple[Event, ...]:
    """Nothing comes of an adjustment by nothing. What is reserved is never adjusted away."""
    here = total(command.levels)
    if not command.by:
        return ()
    after = total(spread(command.levels, max(0, here.on_hand + command.by), place.safety))
    if command.by < 0 and (here.on_hand + command.by < 0 or after.available < 0):
        raise Rejected("below_reserved", "There is not as much that is not ordered.")
    return (_updated(command, after, place.safety, context),)


def _updated(
    command: SetInventory | AdjustInventory, after: Level, safety: int, context: Context
) -> ProductInventoryUpdated:
    return ProductInventoryUpdated(
        variant_id=command.variant_id,
        location_id=command.location_id,
        change="set" if isinstance(command, SetInventory) else "adjusted",
        was_on_hand=total(command.levels).on_hand,
        on_hand=after.on_hand,
        safety=safety,
        oversold=after.oversold,
        reason=command.reason,
        updated_at=context.now,
    )


def _split(command: SplitStock, place: Place, state: Inventory, context: Context) -> tuple[Event, ...]:
    """Buckets only grow: one that is taken away might be what an order has to give back to."""
    if command.buckets == place.buckets:
        return ()
    if not place.buckets < command.buckets <= MOST_BUCKETS:
        raise Rejected("buckets_only_grow", f"Stock is split further, into at most {MOST_BUCKETS} buckets.")
    if place.safety < 0:
        raise Rejected("backorders_not_split", "Stock in several buckets is sold when it is there.")
    if state.items - place.buckets + command.buckets > MOST_ITEMS:
        raise _too_many()
    split = ProductStockSplit(
        variant_id=command.variant_id,
        location_id=command.location_id,
        buckets=command.buckets,
        split_at=context.now,
    )
    return (split,)


def _too_many() -> Rejected:
    return Rejected(
        "too_many_stock_items", f"A product has at most {MOST_ITEMS} stock items, in all buckets."
    )


INVENTORY = Decider[Inventory, Command, Event](
    name="inventory",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("product", Event),
    state=Inventory,
)
