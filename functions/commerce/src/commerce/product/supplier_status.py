"""What a supplier has on sale follows its standing: with a suspension all of it goes off sale.

Nothing is sold meanwhile either way, since an order checks the standing in its own transaction; this makes
the pages of products tell the truth, however many there are. It looks at what holds now, not at what has
happened, so that it may come late, twice or in any order.
"""

from collections.abc import Iterator, Sequence

from commerce.inventory import items
from commerce.inventory.items import StockItem, StockKeys
from commerce.product.decider import Product, collection
from commerce.product.transactions import inventory_ref, product_ref
from commerce.supplier import standing as supplier_standing
from troupe.messaging import parts
from troupe.observability import outcome
from troupe.store import aggregates, keys, reads, writes
from troupe.store.commit import Stale, commit
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.transact import Contended
from troupe.store.writes import Action

CHANGES = ("supplier.suspended", "supplier.reinstated", "supplier.deleted", "supplier.restored")
ATTEMPTS = 3


def follow(event: Envelope) -> None:
    """Look at everything that the supplier has published, or at what of it is named."""
    tenant_id, supplier_id = event.tenant_id, event.aggregate_id
    ids: Sequence[str] | None = parts.part(event)
    if ids is None:
        ids = _published(tenant_id, supplier_id)
        if parts.shared_out(event, ids):
            return
    moved = [product_id for product_id in ids if _follow(tenant_id, supplier_id, product_id)]
    outcome("offers_followed", tenant_id=tenant_id, supplier_id=supplier_id, products=len(moved))


def _published(tenant_id: str, supplier_id: str) -> list[str]:
    published = keys.listing(tenant_id, collection(supplier_id, "published"))
    return [row["id"] for row in reads.listed("GSI1", published, "0", "~")]


def _follow(tenant_id: str, supplier_id: str, product_id: str) -> bool:
    """Whether anything of it was put on sale or taken off. What loses every race comes again."""
    for _ in range(ATTEMPTS):
        due = _due(tenant_id, supplier_id, product_id)
        try:
            if due:
                commit(due)
        except Stale:
            continue
        return bool(due)
    raise Contended


def _due(tenant_id: str, supplier_id: str, product_id: str) -> list[Action]:
    """What makes the stock say what holds, as long as nothing of it changes meanwhile."""
    product, inventory = product_ref(product_id), inventory_ref(product_id)
    stands, counted = supplier_standing.standing(tenant_id, supplier_id), inventory.key(tenant_id)
    known = reads.batch([stands, counted])
    item, stock = items.with_product(tenant_id, product_id)
    stored, standing = aggregates.stored(product, item), known[stands]
    if not isinstance(stored.state, Product):
        return []
    sells = supplier_standing.standing_of(standing).sells
    shelf = StockKeys(tenant_id, product_id)
    offers = [
        action
        for on in (True, False)
        for action in items.offered(_wrong(shelf, stored.state, stock, on=on, sells=sells), sellable=on)
    ]
    if not offers:
        return []
    return [
        writes.unchanged(product.key(tenant_id), stored.version),
        writes.unchanged(counted, known[counted]["version"]),
        supplier_standing.as_read(tenant_id, supplier_id, standing["status"]),
        *offers,
    ]


def _wrong(
    shelf: StockKeys, product: Product, stock: tuple[StockItem, ...], *, on: bool, sells: bool
) -> Iterator[Key]:
    """The buckets that should say this and say the other."""
    for each in stock:
        if each.sellable is not on and (sells and product.sells(each.variant_id)) is on:
            yield shelf.key(each.variant_id, each.location_id, each.bucket)
