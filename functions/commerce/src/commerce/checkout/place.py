"""To place an order: one read, and one transaction that reserves all of it or nothing.

The guard is the write: each bucket gives what it has, or the transaction fails and everything is read again.
Only after such a reading is an order refused for want of stock. What is too large for one transaction is
written first and reserved after, in chunks (reserving.py).
"""

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from commerce.checkout import customer, reads
from commerce.checkout.quote import Quote, Shop, Wish, merged, quoted
from commerce.inventory.decide_allocation import Allocation, Choice, choose
from commerce.inventory.items import Shelf
from commerce.inventory.state import RESERVE
from commerce.order import items
from commerce.order.commands import PlaceOrder
from commerce.order.values import Address, Line
from commerce.promotion import budget
from commerce.supplier_order.commands import CreateSupplierOrder
from commerce.supplier_order.decider import id_of
from commerce.supplier_order.events import Part
from commerce.supplier_order.lines import Held
from troupe.domain.decider import Rejected
from troupe.edge.request import Request
from troupe.store.commit import MOST_ACTIONS
from troupe.store.scope import Answer
from troupe.store.transact import Contended, Decision, Snapshot
from troupe.store.writes import Action

TRIES = 5  # of three attempts each: many buyers of one thing
MOST_SUPPLIERS = 30  # what stands before the first chunk has to fit one transaction
CHUNK = 45  # buckets

_dice = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class Basket:
    """What somebody wants, and where it goes; `quote_hash`: what was agreed to."""

    wishes: tuple[Wish, ...]
    address: Address
    quote_hash: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    order_id: str
    quote: Quote
    shop: Shop
    taken: Mapping[str, tuple[Allocation, ...]] = field(default_factory=dict[str, tuple[Allocation, ...]])

    @property
    def supplier_ids(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(line.supplier_id for line in self.quote.lines))

    @property
    def moves(self) -> int:
        return sum(len(each) for each in self.taken.values())

    @property
    def chunks(self) -> int | None:
        """In how many transactions its stock is reserved; none if it fits with the rest."""
        suppliers_each, beside = 3, 3  # a state, an event and a check; the order's two and the caller's key
        actions = beside + items.pieces(len(self.quote.lines)) + suppliers_each * len(self.supplier_ids)
        actions += self.moves + 2 * len(self.quote.promotions)
        return None if actions <= MOST_ACTIONS else -(-self.moves // CHUNK)


def place(
    request: Request[Any], order_id: str, basket: Basket, reply: Callable[[Decision], Answer]
) -> Answer:
    """Reserve it and have it wait for its payment."""
    tenant_id, buyer = request.tenant_id, request.caller.id
    wishes = merged(basket.wishes)

    def decide(at: Snapshot) -> Decision:
        full = reads.completed(at, wishes, asked)
        return _decision(full, _plan(full, order_id, wishes, basket), basket, buyer)

    for _ in range(TRIES):
        asked = [*customer.wanted(tenant_id, buyer), *reads.wanted(tenant_id, wishes)]
        try:
            return request.transact(asked, decide, reply)
        except Contended:
            continue
    raise Contended


def quote(at: Snapshot, wishes: Sequence[Wish], basket: Basket) -> tuple[Quote, Shop]:
    """The quote for what is wanted; `price_changed` if it is not what was agreed to."""
    shop = reads.shop(at, wishes, at.scope.context.now)
    found = quoted(wishes, basket.address.country, shop)
    if basket.quote_hash not in {None, found.quote_hash}:
        raise _changed(found)
    return found, shop


def _changed(found: Quote) -> Rejected:
    if found.missed:
        return Rejected("promotion_unavailable", "A promotion is over or used up: ask for another quote.")
    total = found.totals
    now = f"It costs {total.total_cents} cents {total.currency} now: ask for another quote."
    return Rejected("price_changed", now)


def _plan(at: Snapshot, order_id: str, wishes: Sequence[Wish], basket: Basket) -> _Plan:
    found, shop = quote(at, wishes, basket)
    plan = _Plan(order_id=order_id, quote=found, shop=shop)
    if len(plan.supplier_ids) > MOST_SUPPLIERS:
        raise Rejected("too_many_suppliers", f"An order is of at most {MOST_SUPPLIERS} suppliers.")
    return replace(plan, taken=_taken(at, wishes, found.lines))


def _taken(
    at: Snapshot, wishes: Sequence[Wish], lines: Sequence[Line]
) -> Mapping[str, tuple[Allocation, ...]]:
    """Where each line's units come from, by its id; a refusal names every line that is short."""
    wish_of = {wish.variant_id: wish for wish in wishes}
    short: dict[str, int] = {}
    taken: dict[str, tuple[Allocation, ...]] = {}
    for supplier_id in dict.fromkeys(line.supplier_id for line in lines):
        mine = [line for line in lines if line.supplier_id == supplier_id]
        stock = [each for line in mine for each in reads.seen(at, wish_of[line.variant_id])]
        choice = choose({line.variant_id: line.quantity for line in mine}, stock, _dice.randrange)
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


def _decision(at: Snapshot, plan: _Plan, basket: Basket, buyer: str) -> Decision:
    tenant_id, found, chunks = at.scope.tenant_id, plan.quote, plan.chunks
    order = items.order_ref(plan.order_id, creates=True)
    command = PlaceOrder(
        customer=customer.find(at, buyer, basket.address.name),
        address=basket.address,
        lines=found.lines,
        totals=found.totals,
        shipping=found.shipping,
        supplier_orders=tuple(id_of(plan.order_id, each) for each in plan.supplier_ids),
        budgets=found.promotions,
        chunks=chunks,
        accept_hours=plan.shop.terms.order_accept_hours,
    )
    parts = [at.decide(items.part_ref(each.id, creates=True), each.create) for each in _parts(plan, command)]
    beside = (
        *items.written(tenant_id, plan.order_id, found.lines),
        *(reads.selling(tenant_id, each) for each in plan.supplier_ids),
        *(a for each in found.promotions for a in budget.taken(tenant_id, plan.shop.offers[each], buyer)),
        *(() if chunks else reserved(tenant_id, found.lines, plan.taken)),
    )
    return Decision(changes=(at.decide(order, command), *parts), actions=beside)


def reserved(
    tenant_id: str, lines: Sequence[Line], taken: Mapping[str, tuple[Allocation, ...]]
) -> tuple[Action, ...]:
    return tuple(
        Shelf(tenant_id, line.snapshot.product_id).move(RESERVE, each)
        for line in lines
        for each in taken[line.id]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    id: str
    create: CreateSupplierOrder


def _parts(plan: _Plan, placed: PlaceOrder) -> list[_Piece]:
    chunk_of = _chunked(plan)
    return [_part(plan, placed, supplier_id, chunk_of) for supplier_id in plan.supplier_ids]


def _chunked(plan: _Plan) -> Mapping[tuple[str, str, int], int]:
    """The chunk of each bucket that is taken from, by line, location and bucket."""
    every = [
        (line_id, each.location_id, each.bucket) for line_id, taken in plan.taken.items() for each in taken
    ]
    return {each: number // CHUNK for number, each in enumerate(every)}


def _part(
    plan: _Plan, placed: PlaceOrder, supplier_id: str, chunk_of: Mapping[tuple[str, str, int], int]
) -> _Piece:
    mine = [line for line in plan.quote.lines if line.supplier_id == supplier_id]
    create = CreateSupplierOrder(
        order_id=plan.order_id,
        supplier_id=supplier_id,
        customer_id=placed.customer.id,
        country=placed.address.country,
        currency=placed.totals.currency,
        lines=tuple(_line(line, held(line.id, plan.taken[line.id], chunk_of)) for line in mine),
        shipping_cents=placed.shipping[supplier_id],
        commission_basis_points=plan.shop.terms.commission_basis_points,
        return_window_days=plan.shop.terms.return_window_days,
        payout_hold_days=plan.shop.terms.payout_hold_days,
    )
    return _Piece(id=id_of(plan.order_id, supplier_id), create=create)


def held(
    line_id: str,
    taken: Iterable[Allocation],
    chunk_of: Mapping[tuple[str, str, int], int] | None = None,
) -> tuple[Held, ...]:
    return tuple(
        Held(
            location_id=each.location_id,
            bucket=each.bucket,
            quantity=each.quantity,
            held=each.quantity,
            chunk=(chunk_of or {}).get((line_id, each.location_id, each.bucket), 0),
        )
        for each in taken
    )


def _line(line: Line, allocations: tuple[Held, ...]) -> Part:
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
