"""Product commands and the items written with them: SKU guards, stock on sale, the supplier's product count.

The transaction also checks that the supplier may sell.
"""

from collections.abc import Callable, Mapping
from typing import Any

from commerce.inventory import items
from commerce.inventory.decider import INVENTORY, Inventory
from commerce.inventory.items import StockKeys
from commerce.product.commands import AddVariant, Command, CreateProduct
from commerce.product.decider import PRODUCT, Product
from commerce.product.events import Event, Variant
from commerce.product.rules import sku_key
from commerce.supplier import standing as supplier_standing
from commerce.supplier.standing import listed
from troupe.domain.decider import Rejected
from troupe.edge.principal import Principal
from troupe.edge.request import Request, created
from troupe.store import keys, writes
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, Unknown
from troupe.store.writes import ABSENT, Action

type ProductRef = Ref[Product, CreateProduct | Command, Event]
type InventoryRef = Ref[Inventory, Any, Any]


def product_ref(product_id: str, *, creates: bool = False) -> ProductRef:
    return Ref(decider=PRODUCT, id=product_id, creates=creates)


def inventory_ref(product_id: str) -> InventoryRef:
    """A product's inventory begins with the first count: until then there is none."""
    return Ref(decider=INVENTORY, id=product_id, creates=True)


def product_of(found: Stored[Product | None]) -> Product:
    """The product that was read, or `Unknown`."""
    if found.state is None:
        raise Unknown(found.id)
    return found.state


def own(at: Snapshot, product: ProductRef, principal: Principal, *, deleted: bool = False) -> Product:
    """The product, if the principal may act for its supplier; others get 404."""
    found = at.of(product, deleted=deleted).state
    if not supplier_standing.acts_for(principal, found.supplier_id):
        raise Unknown(product.id)
    return found


def change(request: Request[Any], command: Command, *, deleted: bool = False) -> Answer:
    """Carry out a command on the product that the path names, with all that moves with it."""
    return _transact(request, command, deleted=deleted)


def add_variant(request: Request[Any], command: AddVariant) -> Answer:
    """Add a variant, and answer with its id."""

    def told(changed: Change[Product, Any, Event]) -> Mapping[str, Any]:
        return {"variant_id": product_of(changed.after).variants[-1].id}

    location = f"/v1/commerce/products/{request.id('product_id')}"
    return _transact(request, command, told, created(location))


def _transact(
    request: Request[Any],
    command: Command,
    told: Callable[[Change[Product, Any, Event]], Mapping[str, Any]] = lambda _: {},
    reply: Callable[[Decision], Answer] | None = None,
    *,
    deleted: bool = False,
) -> Answer:
    product = product_ref(request.id("product_id"))

    def decide(at: Snapshot) -> Decision:
        own(at, product, request.caller, deleted=deleted)
        changed = at.decide(product, command, deleted=deleted)
        return Decision(changes=(changed,), actions=moved(at, changed), body=told(changed))

    # by its key: a reference that creates is not read
    inventory = inventory_ref(product.id).key(request.tenant_id)
    return request.transact((product, inventory, *supplier_standing.own_standing(request)), decide, reply)


def moved(at: Snapshot, changed: Change[Product, Any, Event]) -> tuple[Action, ...]:
    if not changed.events:
        return ()
    was, now = changed.before.state, product_of(changed.after)
    guards = _guards(at.scope.tenant_id, changed.ref.id, was, now)
    return (*guards, *_published(at, was, now), *_offered(at, changed.ref.id, was, now))


def sku_guard(tenant_id: str, supplier_id: str, sku: str) -> Key:
    return keys.unique("sku", f"{supplier_id}:{sku_key(sku)}", tenant_id)


def _guards(tenant_id: str, product_id: str, was: Product | None, now: Product) -> tuple[Action, ...]:
    """An SKU is free again when its variant is removed or renamed; a deleted product keeps its own."""
    before = {} if not isinstance(was, Product) else _skus(was.variants)
    after = _skus(now.variants)
    freed = (
        writes.release(sku_guard(tenant_id, now.supplier_id, sku), variant_id=each.id)
        for sku, each in before.items()
        if sku not in after
    )
    taken = Rejected("sku_taken", "Another variant has that SKU.")
    claimed = (
        writes.claim(
            sku_guard(tenant_id, now.supplier_id, sku),
            {"product_id": product_id, "variant_id": each.id},
            taken,
        )
        for sku, each in after.items()
        if sku not in before
    )
    return (*freed, *claimed)


def _skus(variants: tuple[Variant, ...]) -> dict[str, Variant]:
    return {sku_key(each.sku): each for each in variants}


def _published(at: Snapshot, was: Product | None, now: Product) -> tuple[Action, ...]:
    """What is published counts against the limit of a supplier that sells; see `_offered` for its check."""
    tenant_id, before = at.scope.tenant_id, isinstance(was, Product) and was.status == "published"
    if before == (now.status == "published"):
        return ()
    tally = listed(tenant_id, now.supplier_id)
    if before:
        return (writes.update(tally, "ADD published :less", {"less": -1}),)
    standing = supplier_standing.selling(at, now.supplier_id)
    counted = writes.update(
        tally,
        "ADD published :one",
        {"one": 1, "limit": standing.products, "none": 0},
        condition="published < :limit OR (attribute_not_exists(published) AND :none < :limit)",
        refused=Rejected("product_limit_reached", "The supplier has published as many products as it may."),
    )
    return (counted,)


def _offered(at: Snapshot, product_id: str, was: Product | None, now: Product) -> tuple[Action, ...]:
    """What its stock says of being on sale, where that changes; no bucket may be added meanwhile."""
    before = _on_sale(was)
    on = _on_sale(now)
    if on == before:
        return ()
    inventory, shelf = at.find(inventory_ref(product_id)), StockKeys(at.scope.tenant_id, product_id)
    stock = inventory.state or Inventory()
    standing = supplier_standing.status_of(at, now.supplier_id) if on - before else None
    put_on = on - before if standing and standing.sells else set[str]()
    still = (
        supplier_standing.still_selling(at.scope.tenant_id, now.supplier_id, standing) if standing else None
    )
    return (
        as_read(at, inventory),
        *((still,) if still else ()),
        *items.offered(buckets(shelf, stock, before - on), sellable=False),
        *items.offered(buckets(shelf, stock, put_on), sellable=True),
    )


def _on_sale(state: Product | None) -> set[str]:
    if state is None:
        return set()
    return {each.id for each in state.variants if state.sells(each.id)}


def buckets(shelf: StockKeys, inventory: Inventory, variants: set[str]) -> list[Key]:
    """All stock items of some variants."""
    return [
        key
        for place in inventory.places
        if place.variant_id in variants
        for key in shelf.buckets(place.variant_id, place.location_id, place.buckets)
    ]


def as_read(at: Snapshot, inventory: Stored[Inventory | None]) -> Action:
    """Hold the transaction to the inventory that was read, or to there being none yet."""
    key = keys.state(at.scope.tenant_id, INVENTORY.name, inventory.id)
    if inventory.version:
        return writes.unchanged(key, inventory.version)
    return writes.check(key, ABSENT, {})
