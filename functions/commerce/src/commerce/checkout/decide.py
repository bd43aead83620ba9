"""What an order becomes: its price, where its units come from, and the supplier orders it consists of. Pure.

The guard is the write: each bucket gives what it has, or the transaction fails and everything is read again.
Only after such a reading is an order refused for want of stock. What is too large for one transaction is
written first and reserved after, in chunks (order/reservation.py).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from commerce.checkout.decide_quote import Cart, Quote, Shop, checked_quote
from commerce.inventory.decide_allocation import Allocation, Choice, Seen, choose
from commerce.order.commands import PlaceOrder
from commerce.order.values import Customer, Line
from commerce.supplier_order.commands import CreateSupplierOrder
from commerce.supplier_order.decider import id_of
from commerce.supplier_order.events import Part
from commerce.supplier_order.lines import LineAllocation
from troupe.domain.buckets import Draw
from troupe.domain.decider import Context, Rejected

MOST_SUPPLIERS = 30  # what is written before the first chunk has to fit one transaction
CHUNK = 45  # buckets
SUPPLIER_ACTIONS = 3  # a state, an event and a check
PROMOTION_ACTIONS = 2  # the budget, and what the customer has had of it


@dataclass(frozen=True, slots=True, kw_only=True)
class Purchase:
    """All that a decision rests on.

    `stock`: buckets by variant. `spare`: how many actions a transaction has left beside the order's own, for
    suppliers, promotions and buckets.
    """

    order_id: str
    customer: Customer
    cart: Cart
    shop: Shop
    stock: Mapping[str, tuple[Seen, ...]]
    draw: Draw
    spare: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """What is to be written. `taken`: from which buckets each line's units come, by the line's id."""

    order_id: str
    order: PlaceOrder
    parts: Mapping[str, CreateSupplierOrder]  # by their ids
    taken: Mapping[str, tuple[Allocation, ...]]


def place(purchase: Purchase, _context: Context) -> Placement:
    """Refuses what is not for sale, not at that price, or not in stock; a refusal names every line."""
    quote = checked_quote(purchase.cart, purchase.shop)
    supplier_ids = tuple(dict.fromkeys(line.supplier_id for line in quote.lines))
    if len(supplier_ids) > MOST_SUPPLIERS:
        raise Rejected("too_many_suppliers", f"An order is of at most {MOST_SUPPLIERS} suppliers.")
    taken = _taken(purchase, quote.lines)
    order = PlaceOrder(
        customer=purchase.customer,
        address=purchase.cart.address,
        lines=quote.lines,
        totals=quote.totals,
        shipping=quote.shipping,
        supplier_orders=tuple(id_of(purchase.order_id, each) for each in supplier_ids),
        budgets=quote.promotions,
        chunks=_chunks(purchase.spare, len(supplier_ids), quote, taken),
        accept_hours=purchase.shop.terms.order_accept_hours,
    )
    parts = {id_of(purchase.order_id, each): _part(purchase, order, each, taken) for each in supplier_ids}
    return Placement(order_id=purchase.order_id, order=order, parts=parts, taken=taken)


def _chunks(
    spare: int, suppliers: int, quote: Quote, taken: Mapping[str, Sequence[Allocation]]
) -> int | None:
    """In how many transactions its stock is reserved; none if it fits with the rest."""
    moves = sum(len(each) for each in taken.values())
    actions = SUPPLIER_ACTIONS * suppliers + moves + PROMOTION_ACTIONS * len(quote.promotions)
    return None if actions <= spare else -(-moves // CHUNK)


def _taken(purchase: Purchase, lines: Sequence[Line]) -> Mapping[str, tuple[Allocation, ...]]:
    """Where each line's units come from, by its id; a refusal names every line that is short."""
    short: dict[str, int] = {}
    taken: dict[str, tuple[Allocation, ...]] = {}
    for supplier_id in dict.fromkeys(line.supplier_id for line in lines):
        mine = [line for line in lines if line.supplier_id == supplier_id]
        stock = [each for line in mine for each in purchase.stock[line.variant_id]]
        choice = choose({line.variant_id: line.quantity for line in mine}, stock, purchase.draw)
        short |= choice.short
        taken |= {line.id: _of(choice, line.variant_id) for line in mine}
    if short:
        raise out_of_stock(lines, short)
    return taken


def _of(choice: Choice, variant_id: str) -> tuple[Allocation, ...]:
    return tuple(each for each in choice.allocations if each.variant_id == variant_id)


def out_of_stock(lines: Iterable[Line], short: Mapping[str, int]) -> Rejected:
    errors: list[Mapping[str, str | int]] = [
        {
            "field": f"lines.{line.id}",
            "code": "out_of_stock",
            "detail": f"{line.snapshot.name}: {short[line.variant_id]} available.",
            "variant_id": line.variant_id,
            "available": short[line.variant_id],
        }
        for line in lines
        if line.variant_id in short
    ]
    return Rejected("out_of_stock", "There is not as much left.", errors)


def _chunked(taken: Mapping[str, Sequence[Allocation]]) -> Mapping[tuple[str, str, int], int]:
    """The chunk of each bucket that is taken from, by line, location and bucket."""
    every = [(line_id, each.location_id, each.bucket) for line_id, some in taken.items() for each in some]
    return {each: number // CHUNK for number, each in enumerate(every)}


def _part(
    purchase: Purchase, placed: PlaceOrder, supplier_id: str, taken: Mapping[str, tuple[Allocation, ...]]
) -> CreateSupplierOrder:
    mine, chunk_of = [line for line in placed.lines if line.supplier_id == supplier_id], _chunked(taken)
    terms = purchase.shop.terms
    return CreateSupplierOrder(
        order_id=purchase.order_id,
        supplier_id=supplier_id,
        customer_id=placed.customer.id,
        country=placed.address.country,
        currency=placed.totals.currency,
        lines=tuple(_line(line, allocations_of(line.id, taken[line.id], chunk_of)) for line in mine),
        shipping_cents=placed.shipping[supplier_id],
        commission_basis_points=terms.commission_basis_points,
        return_window_days=terms.return_window_days,
        payout_hold_days=terms.payout_hold_days,
    )


def allocations_of(
    line_id: str,
    taken: Iterable[Allocation],
    chunk_of: Mapping[tuple[str, str, int], int] | None = None,
) -> tuple[LineAllocation, ...]:
    return tuple(
        LineAllocation(
            location_id=each.location_id,
            bucket=each.bucket,
            quantity=each.quantity,
            held=each.quantity,
            chunk=(chunk_of or {}).get((line_id, each.location_id, each.bucket), 0),
        )
        for each in taken
    )


def _line(line: Line, allocations: tuple[LineAllocation, ...]) -> Part:
    return Part(
        id=line.id,
        product_id=line.snapshot.product_id,
        variant_id=line.variant_id,
        sku=line.snapshot.sku,
        name=line.snapshot.name,
        quantity=line.quantity,
        subtotal_cents=line.subtotal_cents,
        discount_cents=line.discount_cents,
        tax_cents=line.tax_cents,
        allocations=allocations,
    )
