"""A supplier's part of an order: what is decided of its lines, and by when the next thing is due."""

from collections.abc import Iterator
from datetime import datetime

from commerce.supplier_order.commands import (
    ApproveReturn,
    Command,
    CompleteLines,
    ConfirmSupplierOrder,
    CreateSupplierOrder,
    DeclineReturn,
    ReinstateSupplierOrder,
    ReleaseSupplierOrder,
    RequestReturn,
)
from commerce.supplier_order.decide_lines import send
from commerce.supplier_order.decide_payout import pay_out, wakes
from commerce.supplier_order.decide_refund import REFUND_COMMANDS, refund
from commerce.supplier_order.decide_returns import completes_at, settle
from commerce.supplier_order.events import (
    Event,
    SupplierOrderConfirmed,
    SupplierOrderCreated,
    SupplierOrderPersonalDataErased,
    SupplierOrderReinstated,
    SupplierOrderReservationReleased,
)
from commerce.supplier_order.evolve import begin, evolve
from commerce.supplier_order.lines import LineState
from commerce.supplier_order.payout_commands import PAYOUT_COMMANDS
from commerce.supplier_order.state import SupplierOrder
from troupe.domain.decider import Context, Decider, Listing, Rejected, events_of


def create(command: CreateSupplierOrder, context: Context) -> tuple[Event, ...]:
    created = SupplierOrderCreated(
        order_id=command.order_id,
        supplier_id=command.supplier_id,
        customer_id=command.customer_id,
        country=command.country,
        currency=command.currency,
        lines=command.lines,
        shipping_cents=command.shipping_cents,
        commission_basis_points=command.commission_basis_points,
        created_at=context.now,
        return_window_days=command.return_window_days,
        payout_hold_days=command.payout_hold_days,
    )
    return (created,)


def decide(command: Command, state: SupplierOrder, context: Context) -> tuple[Event, ...]:  # noqa: PLR0911 -- one line for each command
    if isinstance(command, REFUND_COMMANDS):
        return refund(command, state, context.now)
    if isinstance(command, PAYOUT_COMMANDS):
        return pay_out(command, state, context.now)
    match command:
        case ConfirmSupplierOrder():
            return () if state.confirmed_at else (SupplierOrderConfirmed(confirmed_at=context.now),)
        case ReleaseSupplierOrder():
            if all(line.state == "cancelled" for line in state.lines):
                return ()
            _unmoved(state, "reserved")
            return (SupplierOrderReservationReleased(released_at=context.now),)
        case ReinstateSupplierOrder(taken=taken):
            if all(line.state == "reserved" for line in state.lines):
                return ()
            _unmoved(state, "cancelled")
            return (SupplierOrderReinstated(taken=taken, reinstated_at=context.now),)
        case RequestReturn() | ApproveReturn() | DeclineReturn() | CompleteLines():
            return settle(command, state, context)
        case _:
            return send(command, state, context)


def _unmoved(state: SupplierOrder, expected: LineState) -> None:
    """All of it stands where the order's end or return leaves it."""
    if any(line.state != expected for line in state.lines):
        raise Rejected("invalid_transition", f"Not every line is {expected}.")


def id_of(order_id: str, supplier_id: str) -> str:
    return f"{order_id}.{supplier_id}"


type Due = tuple[str, datetime]


def _dues(state: SupplierOrder) -> Iterator[Due]:
    """All steps that the sweep has to take: the soonest is listed, and then the next."""
    ends = [at for line in state.lines if (at := completes_at(line, state))]
    if ends:
        yield "supplier_order_completion", min(ends)
    paid = wakes(state)
    if paid:
        yield "supplier_order_payout", paid


def held_payouts(supplier_id: str) -> str:
    return f"HELD_PAYOUTS#{supplier_id}"


def _erased(state: SupplierOrder, of: tuple[str, ...], context: Context) -> Event:
    return SupplierOrderPersonalDataErased(customer_id=state.customer_id, of=of, erased_at=context.now)


def _listed(state: SupplierOrder, part_id: str) -> Listing:
    held = (held_payouts(state.supplier_id), part_id) if state.payout.hold else None
    return Listing(collection=held, due=min(_dues(state), key=lambda due: due[1], default=None))


SUPPLIER_ORDER = Decider[SupplierOrder, CreateSupplierOrder | Command, Event](
    name="supplier_order",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("supplier_order", Event),
    state=SupplierOrder,
    listed=_listed,
    subjects=lambda state, _id: {"customer": f"user:{state.customer_id}"},
    erased=_erased,
    erases={"customer": ("supplier_order",)},
)
