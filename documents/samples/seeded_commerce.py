"""What commerce writes beside its aggregates: how a supplier signs in, standing, guards, stock and offers."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from commerce.inventory.items import StockKeys, opened
from commerce.inventory.state import Level
from commerce.order import items
from commerce.product import transactions as product_transactions
from commerce.promotion import transactions as promotion_transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.state import RUNNING
from commerce.supplier import email_links, transactions
from commerce.supplier.standing import listed
from community.communities import transactions as community_transactions
from community.communities.decider import Community
from documents.samples.sample_ids import COMMUNITY, ORDER, SUPPLIER, TENANT, sample_id
from documents.samples.seeding import AnyChange, clear, encoded, left, of_kind, put, remove
from troupe.security.credential import CREDENTIAL, CredentialOpened
from troupe.security.secrets import signing_keys
from troupe.store import aggregates, keys, writes
from troupe.store.transact import Snapshot

EMAIL = "orders@bakery.example"
OTHER_COMMUNITY = sample_id("c2")  # that the golden promotion is for too
SKUS = ("SHOE-RED-42", "SHOE-RED-43")
ON_HAND, SAFETY = 120, 5

type Changes = Sequence[AnyChange]


def seed(at: Snapshot, changes: Changes) -> None:
    _supplier(at, changes)
    _product(changes)
    _promotion(changes)
    _order(changes)
    community = left(changes, "community").state
    if isinstance(community, Community):
        put(
            action
            for each in (COMMUNITY, OTHER_COMMUNITY)
            for action in community_transactions.published(TENANT, each, community)
        )


def secrets(name: str, at: Snapshot, changes: Changes) -> Mapping[str, Any]:
    """What is in the body of a sample and can be signed only here."""
    if name != "VerifySupplierAddress":
        return {}
    who: Any = _credential(at, of_kind(changes, "supplier")).after.state
    url = email_links.url(TENANT, SUPPLIER, who, signing_keys())
    return {"token": url.partition("#token=")[2]}


def _supplier(at: Snapshot, changes: Changes) -> None:
    supplier = of_kind(changes, "supplier")
    clear(keys.aggregate(TENANT, CREDENTIAL.name, SUPPLIER))
    remove(keys.email(EMAIL))
    put(encoded(_credential(at, supplier), at.scope))
    put(transactions.published_actions(TENANT, supplier))


def _credential(at: Snapshot, supplier: AnyChange) -> AnyChange:
    """How the supplier signs in, at the status that goes with the supplier's own."""
    ref = transactions.credential_ref(SUPPLIER, creates=True)
    event = CredentialOpened(
        kind="supplier",
        email=EMAIL,
        status=transactions.signs_in(supplier),
        roles=("supplier",),
        opened_at=at.scope.context.now,
    )
    return aggregates.change(ref, aggregates.stored(ref, None), (event,))


def _product(changes: Changes) -> None:
    product, inventory = left(changes, "product"), left(changes, "inventory").state
    remove(*(_guard(each) for each in SKUS))
    state = product.state
    variants = state.variants if state else ()
    put(writes.put(_guard(each.sku), {"product_id": product.id, "variant_id": each.id}) for each in variants)
    published = int(state is not None and state.status == "published")
    put([writes.put(listed(TENANT, SUPPLIER), {"published": published})])
    if inventory is None or state is None:
        return
    level = Level(on_hand=ON_HAND, available=ON_HAND - SAFETY, safety=SAFETY)
    shelf = StockKeys(TENANT, product.id)
    for place in inventory.places:
        first, *others = shelf.buckets(place.variant_id, place.location_id, place.buckets)
        sellable = state.sells(place.variant_id)
        put([opened(first, level, sellable=sellable)])
        put(opened(each, Level(), sellable=sellable) for each in others)


def _guard(sku: str) -> keys.Key:
    return product_transactions.sku_guard(TENANT, SUPPLIER, sku)


def _promotion(changes: Changes) -> None:
    """As if the draft had come to where it stands in one step."""
    changed = of_kind(changes, "promotion")
    draft = replace(changed.before, state=PROMOTION.fold(changed.events[:1]))
    put(promotion_transactions.moved(TENANT, replace(changed, before=draft)))
    running = int(left(changes, "promotion").state.status in RUNNING)
    put([writes.put(promotion_transactions.running(TENANT, SUPPLIER), {"running": running})])


def _order(changes: Changes) -> None:
    """The lines as they were bought, and what is reserved for them."""
    placed, part = of_kind(changes, "order").events[0], left(changes, "supplier_order").state
    put(items.written(TENANT, ORDER, placed.lines))
    for line in part.lines:
        for held in line.allocations:
            key = StockKeys(TENANT, line.product_id).key(line.variant_id, held.location_id, held.bucket)
            level = Level(on_hand=ON_HAND, available=ON_HAND - held.held, reserved=held.held)
            put([opened(key, level, sellable=True)])
