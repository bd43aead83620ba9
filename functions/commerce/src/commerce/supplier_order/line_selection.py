"""Selects lines and quantities for a command, and the stock buckets they come from. All of it pure."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from commerce.supplier_order.commands import LineSelection
from commerce.supplier_order.lines import LineQuantity, Withdrawal
from commerce.supplier_order.state import SupplierLine, SupplierOrder
from troupe.domain.decider import Invalid, Rejected

type Count = Callable[[SupplierLine], int]


def named(line_id: str, state: SupplierOrder) -> SupplierLine:
    found = state.line(line_id)
    if found is None:
        raise Invalid("no_line", f"This supplier's part of the order has no line {line_id}.", "lines")
    return found


def selected(picks: Iterable[LineSelection], state: SupplierOrder, count: Count) -> tuple[LineQuantity, ...]:
    """The units of each line, of which there are so many; with no line named, all that there are."""
    chosen = tuple(picks) or tuple(LineSelection(line_id=line.id) for line in state.lines if count(line))
    wanted: Counter[str] = Counter()
    for selection in chosen:
        line = named(selection.line_id, state)
        wanted[line.id] += count(line) if selection.quantity is None else selection.quantity
    found = tuple(LineQuantity(line_id=name, quantity=quantity) for name, quantity in wanted.items())
    for units in found:
        _enough(units, count(named(units.line_id, state)))
    return found


def _enough(units: LineQuantity, there: int) -> None:
    if not there:
        raise Rejected(
            "invalid_transition", f"There is nothing of line {units.line_id} that it can be asked of."
        )
    if not 0 < units.quantity <= there:
        detail = f"Of line {units.line_id} it can be asked of {there}, not of {units.quantity}."
        raise Rejected("wrong_quantity", detail)


def withdrawn(
    units: Iterable[LineQuantity], state: SupplierOrder, location_id: str | None = None
) -> tuple[Withdrawal, ...]:
    """From which of their buckets the units of lines are taken, in the order in which they were given."""
    return tuple(
        each for some in units for each in _of_line(named(some.line_id, state), some.quantity, location_id)
    )


def _of_line(line: SupplierLine, quantity: int, location_id: str | None) -> Iterable[Withdrawal]:
    for each in line.allocations:
        here = min(quantity, each.held) if location_id in {None, each.location_id} else 0
        if here:
            yield Withdrawal(line_id=line.id, location_id=each.location_id, bucket=each.bucket, quantity=here)
        quantity -= here
    if quantity:
        raise Rejected("wrong_quantity", f"Of line {line.id} {quantity} too many to come from there.")


def restocked(units: Iterable[LineQuantity], state: SupplierOrder) -> tuple[Withdrawal, ...]:
    """Where units go that came back: to a bucket that their line came from."""
    return tuple(
        Withdrawal(
            line_id=each.line_id,
            location_id=(first := named(each.line_id, state).allocations[0]).location_id,
            bucket=first.bucket,
            quantity=each.quantity,
        )
        for each in units
    )


def counted(units: Iterable[LineQuantity]) -> Mapping[str, int]:
    return {each.line_id: each.quantity for each in units}
