"""Counting a product's stock: the decision, and what it makes of the buckets."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from commerce.inventory import items as inventory_items
from commerce.inventory.decider import Command, Event, Inventory, Place, ProductStockSplit
from commerce.inventory.items import StockItem, StockKeys
from commerce.inventory.location_decider import LOCATION, Location
from commerce.inventory.state import Level, spread, total
from commerce.product import transactions
from commerce.product.decider import Product
from commerce.product.transactions import InventoryRef, ProductRef
from commerce.supplier import standing as supplier_standing
from troupe.domain.buckets import levelled
from troupe.edge.request import Request
from troupe.store import reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import Stale, commit
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot, Unknown
from troupe.store.writes import Action

ROUNDS = 3  # of levelling; orders may undo it meanwhile, which does no harm

type Make = Callable[[tuple[Level, ...]], Command]  # the command, given the buckets as they were read


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A variant at a location, as a path names it."""

    product: ProductRef
    inventory: InventoryRef
    location: Ref[Any, Any, Any]
    variant_id: str
    shelf: StockKeys

    @property
    def first(self) -> Any:
        return self.shelf.key(self.variant_id, self.location.id, 0)

    def keys(self, count: int) -> list[Any]:
        return self.shelf.buckets(self.variant_id, self.location.id, count)


def spot(request: Request[Any]) -> Spot:
    product_id = request.id("product_id")
    return Spot(
        product=transactions.product_ref(product_id),
        inventory=transactions.inventory_ref(product_id),
        location=Ref(decider=LOCATION, id=request.id("location_id")),
        variant_id=request.id("variant_id"),
        shelf=StockKeys(request.tenant_id, product_id),
    )


def change(request: Request[Any], make: Make) -> Answer:
    """Decide on what is at the spot that the path names, and write it."""
    where = spot(request)

    def decide(at: Snapshot) -> Decision:
        product, place = _found(at, where, request)
        items = _items(at, where, place)
        levels = tuple(item.level for item in items) or (Level(),)
        changed = at.decide(where.inventory, make(levels))
        if not changed.events:
            return Decision(changes=(changed,), body=_body_of(total(levels), len(levels)))
        event: Event = changed.events[0]
        if isinstance(event, ProductStockSplit):
            told, beside = _body_of(total(levels), event.buckets), _split(where, items, event.buckets)
            return Decision(changes=(changed,), actions=beside, body=told)
        after = spread(levels, event.on_hand, event.safety)
        beside = _counted(where, items, after) if place else _opened(at, where, product, after)
        return Decision(changes=(changed,), actions=beside, body=_body_of(total(after), len(after)))

    beside = (where.inventory.key(request.tenant_id), where.location, where.first)
    wanted: tuple[ReadTarget, ...] = (
        where.inventory,
        where.product,
        *beside,
        *supplier_standing.own_standing(request),
    )
    return request.transact(wanted, decide)


def _body_of(level: Level, buckets: int) -> dict[str, int]:
    return {
        "on_hand": level.on_hand,
        "available": max(0, level.available),
        "reserved": level.reserved,
        "safety": level.safety,
        "oversold": level.oversold,
        "buckets": buckets,
    }


def _found(at: Snapshot, where: Spot, request: Request[Any]) -> tuple[Product, Place | None]:
    """The product and what is known of the spot. The stock of a variant that is gone can still be counted."""
    product = transactions.own(at, where.product, request.caller)
    location: Location = at.of(where.location).state
    if location.supplier_id != product.supplier_id:
        raise Unknown(where.location.id)
    inventory = at.find(where.inventory).state or Inventory()
    place = inventory.at(where.variant_id, where.location.id)
    if place is None and all(each.id != where.variant_id for each in product.variants):
        raise Unknown(where.variant_id)
    return product, place


def _items(at: Snapshot, where: Spot, place: Place | None) -> list[StockItem]:
    """The buckets there. Where stock was split this takes a second read: of how many, the first one told."""
    keys = where.keys(place.buckets if place else 0)
    known = {key: item for key in keys if (item := at.item(key))}
    known |= reads.batch(keys) if len(known) < len(keys) else {}
    return [inventory_items.item_of(known[key]) for key in keys]


def _counted(where: Spot, items: list[StockItem], after: tuple[Level, ...]) -> tuple[Action, ...]:
    exactly = total(after).available < 0
    return tuple(
        inventory_items.counted(key, item.level, level, exactly=exactly)
        for key, item, level in zip(where.keys(len(items)), items, after, strict=True)
    )


def _opened(at: Snapshot, where: Spot, product: Product, after: tuple[Level, ...]) -> tuple[Action, ...]:
    """The first count there: on sale if the variant is, which may not change meanwhile."""
    tenant_id, supplier_id = at.scope.tenant_id, product.supplier_id
    standing = supplier_standing.status_of(at, supplier_id) if product.sells(where.variant_id) else None
    sellable = standing is not None and standing.sells
    as_read = writes.unchanged(where.product.key(tenant_id), at.of(where.product).version)
    sells = (supplier_standing.still_selling(tenant_id, supplier_id, standing),) if standing else ()
    return (as_read, *sells, inventory_items.opened(where.first, after[0], sellable=sellable))


def _split(where: Spot, items: list[StockItem], buckets: int) -> tuple[Action, ...]:
    """New buckets, empty, and on sale as the first one is."""
    sellable = items[0].sellable
    as_read = writes.check(where.first, "sellable = :sellable", {"sellable": sellable})
    new = where.keys(buckets)[len(items) :]
    return (as_read, *(inventory_items.opened(key, Level(), sellable=sellable) for key in new))


def share(where: Spot, buckets: int) -> None:
    """Share what is available among the buckets, in transactions of two, while orders go on.

    Stock is always in one bucket or the other. What an order takes first stays taken; left uneven, nothing
    is wrong: splitting again shares again.
    """
    keys = where.keys(buckets)
    for _ in range(ROUNDS):
        found = reads.batch(keys)
        steps = levelled([inventory_items.item_of(found[key]).level.available for key in keys])
        if not steps:
            return
        for giver, taker, quantity in steps:
            try:
                commit(inventory_items.carried(keys[giver], keys[taker], quantity))
            except Stale:
                continue  # an order was there first
