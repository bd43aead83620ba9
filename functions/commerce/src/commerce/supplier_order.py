"""A supplier's part of an order: the state of each line, and where its units come from."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, assert_never

from commerce.supplier_order_events import (
    EVENTS,
    Event,
    Held,
    LineHold,
    LineState,
    Part,
    SupplierOrderCreated,
    SupplierOrderReleased,
    SupplierOrderRevived,
    Taken,
)
from troupe.decider import Context, Decider, Rejected

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLine:
    id: str
    product_id: str
    variant_id: str
    sku: str
    name: str
    quantity: int
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    allocations: tuple[Held, ...]
    state: LineState = "reserved"
    hold: LineHold = "held"
    refunded_cents: int = 0

    @property
    def wants(self) -> tuple[str, int]:
        return self.variant_id, self.quantity


@dataclass(frozen=True, slots=True, kw_only=True)
class NoSupplierOrder:
    state: Literal["none"] = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierOrder:
    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[SupplierLine, ...]
    shipping_cents: int
    commission_basis_points: int
    created_at: datetime
    updated_at: datetime
    state: Literal["supplier_order"] = "supplier_order"


type State = NoSupplierOrder | SupplierOrder


def evolve(state: State, event: Event) -> State:
    if isinstance(event, SupplierOrderCreated):
        return _created(event)
    if isinstance(state, NoSupplierOrder):
        return state
    match event:
        case SupplierOrderReleased(released_at=at):
            lines = tuple(_released(line) for line in state.lines)
            return replace(state, lines=lines, updated_at=at)
        case SupplierOrderRevived(taken=taken, revived_at=at):
            anew = {each.line_id: each.allocations for each in taken}
            lines = tuple(_revived(line, anew[line.id]) for line in state.lines)
            return replace(state, lines=lines, updated_at=at)
        case _:
            assert_never(event)


def _created(event: SupplierOrderCreated) -> SupplierOrder:
    return SupplierOrder(
        order_id=event.order_id,
        supplier_id=event.supplier_id,
        customer_id=event.customer_id,
        country=event.country,
        currency=event.currency,
        lines=tuple(_line(part) for part in event.lines),
        shipping_cents=event.shipping_cents,
        commission_basis_points=event.commission_basis_points,
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def _line(part: Part) -> SupplierLine:
    return SupplierLine(
        id=part.id,
        product_id=part.product_id,
        variant_id=part.variant_id,
        sku=part.sku,
        name=part.name,
        quantity=part.quantity,
        subtotal_cents=part.subtotal_cents,
        discount_cents=part.discount_cents,
        tax_cents=part.tax_cents,
        allocations=part.allocations,
    )


def _released(line: SupplierLine) -> SupplierLine:
    back = tuple(replace(each, held=0) for each in line.allocations)
    return replace(line, state="cancelled", hold="released", allocations=back)


def _revived(line: SupplierLine, allocations: tuple[Held, ...]) -> SupplierLine:
    return replace(line, state="reserved", hold="held", allocations=allocations)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSupplierOrder:
    order_id: str
    supplier_id: str
    customer_id: str
    country: str
    currency: str
    lines: tuple[Part, ...]
    shipping_cents: int
    commission_basis_points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseSupplierOrder:
    """Give back what is held; the order was not paid."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviveSupplierOrder:
    taken: tuple[Taken, ...]


type Command = CreateSupplierOrder | ReleaseSupplierOrder | ReviveSupplierOrder


def decide(command: Command, state: State, context: Context) -> tuple[Event, ...]:
    match state:
        case NoSupplierOrder() if isinstance(command, CreateSupplierOrder):
            return (_create(command, context),)
        case NoSupplierOrder():
            raise Rejected("no_supplier_order", "There is no such part of an order.")
        case SupplierOrder():
            return _decide(command, state, context)
        case _:
            assert_never(state)


def _create(command: CreateSupplierOrder, context: Context) -> SupplierOrderCreated:
    return SupplierOrderCreated(
        order_id=command.order_id,
        supplier_id=command.supplier_id,
        customer_id=command.customer_id,
        country=command.country,
        currency=command.currency,
        lines=command.lines,
        shipping_cents=command.shipping_cents,
        commission_basis_points=command.commission_basis_points,
        created_at=context.now,
    )


def _decide(command: Command, state: SupplierOrder, context: Context) -> tuple[Event, ...]:
    match command:
        case CreateSupplierOrder():
            raise Rejected("supplier_order_exists", "A part of an order is made once.")
        case ReleaseSupplierOrder():
            if all(line.state == "cancelled" for line in state.lines):
                return ()
            _unmoved(state, "reserved")
            return (SupplierOrderReleased(released_at=context.now),)
        case ReviveSupplierOrder(taken=taken):
            if all(line.state == "reserved" for line in state.lines):
                return ()
            _unmoved(state, "cancelled")
            return (SupplierOrderRevived(taken=taken, revived_at=context.now),)
        case _:
            assert_never(command)


def _unmoved(state: SupplierOrder, expected: LineState) -> None:
    """All of it stands where the order's end or return leaves it."""
    if any(line.state != expected for line in state.lines):
        raise Rejected("invalid_transition", f"Not every line is {expected}.")


def id_of(order_id: str, supplier_id: str) -> str:
    return f"{order_id}.{supplier_id}"


SUPPLIER_ORDER = Decider[State, Command, Event](
    name="supplier_order",
    initial=NoSupplierOrder(),
    decide=decide,
    evolve=evolve,
    events=EVENTS,
    state=State,
)
