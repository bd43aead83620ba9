"""What is decided of what arrived: that it comes back, or that it stays."""

from datetime import datetime
from typing import assert_never

from commerce.supplier_order.commands import (
    ApproveReturn,
    CompleteLines,
    DeclineReturn,
    RequestReturn,
    Returning,
)
from commerce.supplier_order.events import (
    Event,
    SupplierOrderLinesCompleted,
    SupplierOrderReturnApproved,
    SupplierOrderReturnDeclined,
    SupplierOrderReturnRequested,
)
from commerce.supplier_order.line_selection import counted, named, restocked, selected
from commerce.supplier_order.lines import LineQuantity
from commerce.supplier_order.state import Return, SupplierLine, SupplierOrder
from troupe.domain.decider import Context, Invalid, Rejected

MOST_RETURNS = 100  # of one supplier's part of an order


def settle(command: Returning, state: SupplierOrder, context: Context) -> tuple[Event, ...]:
    match command:
        case RequestReturn():
            return _request(command, state, context)
        case ApproveReturn():
            return _approve(command, state, context.now)
        case DeclineReturn():
            return _decline(command, state, context.now)
        case CompleteLines():
            return _complete(state, context.now)
        case _:
            assert_never(command)


def _request(command: RequestReturn, state: SupplierOrder, context: Context) -> tuple[Event, ...]:
    """What is not named comes back as far as it can."""
    now = context.now
    lines = [named(selection.line_id, state) for selection in command.lines] or list(state.lines)
    if not any(_open(line, now) for line in lines) and any(line.kept for line in lines):
        raise Rejected("return_window_over", "The time in which it could be sent back is over.")
    if len(state.returns) >= MOST_RETURNS:
        raise Rejected("too_many_returns", f"One part of an order comes back in {MOST_RETURNS} at most.")
    units = selected(command.lines, state, lambda line: _returnable(line, state, now))
    if not units:
        raise Rejected("invalid_transition", "Nothing of it has arrived that could be sent back.")
    requested = SupplierOrderReturnRequested(
        return_id=context.new_id(), lines=units, reason=command.reason, requested_at=now
    )
    return (requested,)


def _open(line: SupplierLine, now: datetime) -> bool:
    return line.state != "completed" and line.return_until is not None and now < line.return_until


def _returnable(line: SupplierLine, state: SupplierOrder, now: datetime) -> int:
    return line.kept - state.coming_back(line.id) if _open(line, now) else 0


def _approve(command: ApproveReturn, state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    """Of what was to come back all, or what did."""
    found = _return(command.return_id, state)
    if found.approved_at:
        return ()
    if found.declined_at:
        raise Rejected("invalid_transition", "It was declined: the customer may ask for it again.")
    meant = counted(found.lines)
    units = selected(command.lines, state, lambda line: meant.get(line.id, 0))
    approved = SupplierOrderReturnApproved(
        return_id=found.id,
        lines=units,
        stock=restocked(units, state) if command.restock else (),
        approved_at=now,
    )
    return (approved,)


def _decline(command: DeclineReturn, state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    found = _return(command.return_id, state)
    if found.approved_at:
        raise Rejected("invalid_transition", "It was taken back already.")
    if found.declined_at:
        return ()
    return (SupplierOrderReturnDeclined(return_id=found.id, reason=command.reason, declined_at=now),)


def _return(return_id: str, state: SupplierOrder) -> Return:
    found = next((each for each in state.returns if each.id == return_id), None)
    if found is None:
        raise Invalid("no_return", "This supplier's part of the order has no such return.", "return_id")
    return found


def _complete(state: SupplierOrder, now: datetime) -> tuple[Event, ...]:
    lines = tuple(
        LineQuantity(line_id=line.id, quantity=line.kept)
        for line in state.lines
        if (until := completes_at(line, state)) is not None and until <= now
    )
    return (SupplierOrderLinesCompleted(lines=lines, completed_at=now),) if lines else ()


def completes_at(line: SupplierLine, state: SupplierOrder) -> datetime | None:
    """When a line is the customer's for good: not while some of it is to come, or to go back."""
    if line.state != "delivered" or state.coming_back(line.id):
        return None
    return line.return_until
