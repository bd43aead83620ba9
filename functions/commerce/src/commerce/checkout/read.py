"""What is read for a quote or an order: products, their stock, offers, the terms; in as few trips as can be.

Where a product's stock lies is known from its inventory. Whoever has read it before asks for the stock along
with it; a place that has come since is asked for after. What a decision rests on is read strongly, always.
"""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from commerce import settings
from commerce.checkout import customer
from commerce.checkout.decide import Purchase
from commerce.checkout.decide_quote import Basket, Shop, Wish, merged
from commerce.inventory import items as inventory_items
from commerce.inventory.decide_allocation import Seen
from commerce.inventory.decider import Place
from commerce.inventory.items import Shelf
from commerce.order import items
from commerce.product import transactions
from commerce.product.decider import Product
from commerce.promotion import budget
from commerce.supplier import standing
from troupe.domain.decider import Rejected
from troupe.store import reads, writes
from troupe.store.commit import MOST_ACTIONS
from troupe.store.keys import Key
from troupe.store.transact import Reader, Snapshot
from troupe.store.writes import Action

REMEMBERED = 1000  # products
MOST_AT_ONCE = 90  # keys of one read, with room for what else a command reads

NOT_SELLING = Rejected("supplier_not_verified", "Only a verified supplier sells.")

ORDER_ACTIONS = 3  # its state, its event, and the record of the caller's key

_chance = random.SystemRandom()
_places: OrderedDict[tuple[str, str], tuple[Place, ...]] = OrderedDict()


def purchase(order_id: str, basket: Basket, buyer: str) -> Callable[[Reader], tuple[Snapshot, Purchase]]:
    """Reads all that an order rests on; where its stock was known before, in one trip."""
    wishes = merged(basket.wishes)

    def read(reader: Reader) -> tuple[Snapshot, Purchase]:
        tenant_id = reader.scope.tenant_id
        asked = [*customer.wanted(tenant_id, buyer), *wanted(tenant_id, wishes)]
        at = completed(reader.snapshot(asked), wishes, asked)
        beside = ORDER_ACTIONS + items.pieces(len(wishes))
        return at, Purchase(
            order_id=order_id,
            customer=customer.find(at, buyer, basket.address.name),
            basket=basket,
            shop=shop(at, wishes, at.scope.context.now),
            stock={wish.variant_id: tuple(seen(at, wish)) for wish in wishes},
            draw=_chance.randrange,
            spare=MOST_ACTIONS - beside,
        )

    return read


def wanted(tenant_id: str, wishes: Sequence[Wish]) -> list[Key]:
    """What is known to be needed, as much of it as fits into one read; `completed` reads the rest."""
    promotions = dict.fromkeys(wish.promotion_id for wish in wishes if wish.promotion_id)
    found = [
        settings.wanted(tenant_id),
        *(budget.offer_key(tenant_id, each) for each in promotions),
        *(key for each in _products(wishes) for key in _product(tenant_id, each)),
        *(key for wish in wishes for key in _remembered(tenant_id, wish)),
    ]
    return found[:MOST_AT_ONCE]


def _products(wishes: Iterable[Wish]) -> list[str]:
    return list(dict.fromkeys(wish.product_id for wish in wishes))


def _product(tenant_id: str, product_id: str) -> tuple[Key, Key]:
    return (
        transactions.product_ref(product_id).key(tenant_id),
        transactions.inventory_ref(product_id).key(tenant_id),
    )


def _remembered(tenant_id: str, wish: Wish) -> list[Key]:
    return _stock(tenant_id, wish, _places.get((tenant_id, wish.product_id), ()))


def _stock(tenant_id: str, wish: Wish, places: Iterable[Place]) -> list[Key]:
    shelf = Shelf(tenant_id, wish.product_id)
    return [
        key
        for place in places
        if place.variant_id == wish.variant_id
        for key in shelf.buckets(place.variant_id, place.location_id, place.buckets)
    ]


def completed(at: Snapshot, wishes: Sequence[Wish], asked: Sequence[Key]) -> Snapshot:
    """The snapshot with everything in it that was not asked for before."""
    tenant_id = at.scope.tenant_id
    at = _with(at, [key for each in _products(wishes) for key in _product(tenant_id, each)], asked)
    stock: list[Key] = []
    for wish in wishes:
        places = _places_of(at, wish)
        _remember(tenant_id, wish.product_id, places)
        stock += _stock(tenant_id, wish, places)
    return _with(at, stock, asked)


def _with(at: Snapshot, needed: Sequence[Key], asked: Sequence[Key]) -> Snapshot:
    missing = list(dict.fromkeys(key for key in needed if key not in set(asked)))
    found = dict(at.items)
    for begin in range(0, len(missing), reads.MOST_KEYS):
        found |= reads.batch(missing[begin : begin + reads.MOST_KEYS])
    return Snapshot(scope=at.scope, items=found)


def _places_of(at: Snapshot, wish: Wish) -> tuple[Place, ...]:
    inventory = at.find(transactions.inventory_ref(wish.product_id)).state
    return inventory.places if inventory else ()


def _remember(tenant_id: str, product_id: str, places: tuple[Place, ...]) -> None:
    _places[tenant_id, product_id] = places
    _places.move_to_end((tenant_id, product_id))
    while len(_places) > REMEMBERED:
        _places.popitem(last=False)


def shop(at: Snapshot, wishes: Sequence[Wish], now: datetime) -> Shop:
    """What a quote rests on; a product that is deleted, or is none, is left out."""
    found: dict[str, Product] = {}
    for product_id in _products(wishes):
        stored = at.find(transactions.product_ref(product_id))
        if isinstance(stored.state, Product) and not stored.deleted:
            found[product_id] = stored.state
    promotions = {wish.promotion_id for wish in wishes if wish.promotion_id}
    offers = {each: offer for each in promotions if (offer := budget.find(at, each))}
    return Shop(products=found, offers=offers, terms=settings.find(at), now=now)


def seen(at: Snapshot, wish: Wish) -> list[Seen]:
    """The variant's buckets, as they were read."""
    items: Mapping[Key, Mapping[str, object]] = at.items
    keys_of = _stock(at.scope.tenant_id, wish, _places_of(at, wish))
    return [inventory_items.item_of(items[key]).seen for key in keys_of if key in items]


def unverified(tenant_id: str, supplier_ids: Iterable[str]) -> list[str]:
    """Of these suppliers those who do not sell just now."""
    ids = list(dict.fromkeys(supplier_ids))
    found = reads.batch([standing.standing(tenant_id, each) for each in ids])
    standings = {each: found.get(standing.standing(tenant_id, each)) for each in ids}
    return [each for each, item in standings.items() if not (item and standing.standing_of(item).sells)]


def selling(tenant_id: str, supplier_id: str) -> Action:
    """Hold a transaction to it that the supplier is verified."""
    return writes.check(
        standing.any_standing(tenant_id, supplier_id),
        "#status = :verified",
        {"verified": "verified"},
        names={"#status": "status"},
        refused=NOT_SELLING,
    )


def forget() -> None:
    """Drop what is remembered; for tests."""
    _places.clear()
