"""Reads products, their stock, offers and shop settings for a quote or an order, in few round trips.

Known stock locations are cached and read in the first batch; new ones in a second. All that a decision rests
on is read with strong consistency.
"""

import random
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime

from commerce import settings
from commerce.checkout import customer
from commerce.checkout.decide import Purchase
from commerce.checkout.decide_quote import Cart, RequestedLine, Shop, merged
from commerce.inventory import items as inventory_items
from commerce.inventory.decide_allocation import Seen
from commerce.inventory.decider import Place
from commerce.inventory.items import StockKeys
from commerce.order import items
from commerce.product import transactions
from commerce.product.decider import Product
from commerce.promotion import budget
from commerce.supplier import standing
from troupe.domain.decider import Rejected
from troupe.store import reads
from troupe.store.commit import MOST_ACTIONS
from troupe.store.keys import Key
from troupe.store.transact import Reader, Snapshot
from troupe.store.writes import Action

REMEMBERED = 1000  # products
MOST_AT_ONCE = 90  # keys of one read, with room for what else a command reads

NOT_SELLING = Rejected("supplier_not_verified", "Only a verified supplier sells.")

ORDER_ACTIONS = 5  # its state, its event, the customer's key and where that is used, the request's record

_chance = random.SystemRandom()
_places: OrderedDict[tuple[str, str], tuple[Place, ...]] = OrderedDict()


def purchase(order_id: str, cart: Cart, buyer: str) -> Callable[[Reader], tuple[Snapshot, Purchase]]:
    """Reads all that an order rests on; where its stock was known before, in one trip."""
    requested_lines = merged(cart.requested_lines)

    def read(reader: Reader) -> tuple[Snapshot, Purchase]:
        tenant_id = reader.scope.tenant_id
        of_buyer = (*customer.keys_to_read(tenant_id, buyer), customer.subject(tenant_id, buyer))
        asked = [*of_buyer, *keys_to_read(tenant_id, requested_lines)]
        at = with_stock(reader.snapshot(asked), requested_lines, asked)
        beside = ORDER_ACTIONS + items.pieces(len(requested_lines))
        return at, Purchase(
            order_id=order_id,
            customer=customer.find(at, buyer, cart.address.name),
            cart=cart,
            shop=shop(at, requested_lines, at.scope.context.now),
            stock={requested.variant_id: tuple(seen(at, requested)) for requested in requested_lines},
            draw=_chance.randrange,
            spare=MOST_ACTIONS - beside,
        )

    return read


def keys_to_read(tenant_id: str, requested_lines: Sequence[RequestedLine]) -> list[Key]:
    """What is known to be needed, as much of it as fits into one read; `completed` reads the rest."""
    promotions = dict.fromkeys(
        requested.promotion_id for requested in requested_lines if requested.promotion_id
    )
    found = [
        settings.key_to_read(tenant_id),
        *(budget.offer_key(tenant_id, each) for each in promotions),
        *(key for each in _products(requested_lines) for key in _product(tenant_id, each)),
        *(key for requested in requested_lines for key in _remembered(tenant_id, requested)),
    ]
    return found[:MOST_AT_ONCE]


def _products(requested_lines: Iterable[RequestedLine]) -> list[str]:
    return list(dict.fromkeys(requested.product_id for requested in requested_lines))


def _product(tenant_id: str, product_id: str) -> tuple[Key, Key]:
    return (
        transactions.product_ref(product_id).key(tenant_id),
        transactions.inventory_ref(product_id).key(tenant_id),
    )


def _remembered(tenant_id: str, requested: RequestedLine) -> list[Key]:
    return _stock(tenant_id, requested, _places.get((tenant_id, requested.product_id), ()))


def _stock(tenant_id: str, requested: RequestedLine, places: Iterable[Place]) -> list[Key]:
    shelf = StockKeys(tenant_id, requested.product_id)
    return [
        key
        for place in places
        if place.variant_id == requested.variant_id
        for key in shelf.buckets(place.variant_id, place.location_id, place.buckets)
    ]


def with_stock(at: Snapshot, requested_lines: Sequence[RequestedLine], asked: Sequence[Key]) -> Snapshot:
    """The snapshot with everything in it that was not asked for before."""
    tenant_id = at.scope.tenant_id
    at = _with(at, [key for each in _products(requested_lines) for key in _product(tenant_id, each)], asked)
    stock: list[Key] = []
    for requested in requested_lines:
        places = _places_of(at, requested)
        _remember(tenant_id, requested.product_id, places)
        stock += _stock(tenant_id, requested, places)
    return _with(at, stock, asked)


def _with(at: Snapshot, needed: Sequence[Key], asked: Sequence[Key]) -> Snapshot:
    missing = list(dict.fromkeys(key for key in needed if key not in set(asked)))
    found = dict(at.items)
    for begin in range(0, len(missing), reads.MOST_KEYS):
        found |= reads.batch(missing[begin : begin + reads.MOST_KEYS])
    return Snapshot(scope=at.scope, items=found)


def _places_of(at: Snapshot, requested: RequestedLine) -> tuple[Place, ...]:
    inventory = at.find(transactions.inventory_ref(requested.product_id)).state
    return inventory.places if inventory else ()


def _remember(tenant_id: str, product_id: str, places: tuple[Place, ...]) -> None:
    _places[tenant_id, product_id] = places
    _places.move_to_end((tenant_id, product_id))
    while len(_places) > REMEMBERED:
        _places.popitem(last=False)


def shop(at: Snapshot, requested_lines: Sequence[RequestedLine], now: datetime) -> Shop:
    """What a quote rests on; a product that is deleted, or is none, is left out."""
    found: dict[str, Product] = {}
    for product_id in _products(requested_lines):
        stored = at.find(transactions.product_ref(product_id))
        if isinstance(stored.state, Product) and not stored.deleted:
            found[product_id] = stored.state
    promotions = {requested.promotion_id for requested in requested_lines if requested.promotion_id}
    offers = {each: offer for each in promotions if (offer := budget.find(at, each))}
    return Shop(products=found, offers=offers, terms=settings.find(at), now=now)


def seen(at: Snapshot, requested: RequestedLine) -> list[Seen]:
    """The variant's buckets, as they were read."""
    items: Mapping[Key, Mapping[str, object]] = at.items
    keys_of = _stock(at.scope.tenant_id, requested, _places_of(at, requested))
    return [inventory_items.item_of(items[key]).seen for key in keys_of if key in items]


def unverified(tenant_id: str, supplier_ids: Iterable[str]) -> list[str]:
    """Of these suppliers those who do not sell just now."""
    ids = list(dict.fromkeys(supplier_ids))
    found = reads.batch([standing.standing(tenant_id, each) for each in ids])
    standings = {each: found.get(standing.standing(tenant_id, each)) for each in ids}
    return [each for each, item in standings.items() if not (item and standing.standing_of(item).sells)]


def selling(tenant_id: str, supplier_id: str) -> Action:
    """Hold a transaction to it that the supplier is verified."""
    return standing.verified(tenant_id, supplier_id, NOT_SELLING)


def forget() -> None:
    """Drop what is remembered; for tests."""
    _places.clear()
