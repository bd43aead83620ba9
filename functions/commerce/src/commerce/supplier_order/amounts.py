"""What the units of a supplier's part of an order come to: for its supplier, or going back.

All of it pure, and exact to the cent: a line's units share its amounts (pricing.py), and the last that goes
back takes the rest.
"""

from collections.abc import Callable
from dataclasses import dataclass

from commerce.pricing import BASIS_POINTS, of_next
from commerce.supplier_order.state import SupplierLine, SupplierOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Revenue:
    """What was sold, shipping and tax in it, and the shop's commission on the goods."""

    revenue_cents: int
    commission_cents: int

    @property
    def net_cents(self) -> int:
        """The supplier's."""
        return self.revenue_cents - self.commission_cents


def refundable(line: SupplierLine) -> int:
    """So many units of a line can be given back: what has not left yet has to be called off first."""
    return line.quantity - line.waiting - line.refunded_quantity - line.refunding_quantity


def refund_cents(line: SupplierLine, units: int) -> int:
    """What goes back for so many more units of a line."""
    already = line.refunded_quantity + line.refunding_quantity
    return (
        of_next(_paid(line), line.quantity, 0, already + units) - line.refunded_cents - line.refunding_cents
    )


def shipping_left(part: SupplierOrder) -> int:
    """What of the shipping has not been given back."""
    return part.shipping_cents - part.shipping_refunded_cents - part.shipping_refunding_cents


def never_sent(part: SupplierOrder) -> bool:
    """Nothing of it has left, and nothing will."""
    return all(line.rejected_quantity + line.cancelled_quantity == line.quantity for line in part.lines)


def revenue_of(part: SupplierOrder) -> Revenue:
    """What it comes to, less what has gone back."""
    return _revenue(part, _gone, part.shipping_refunded_cents)


def certain_revenue(part: SupplierOrder) -> Revenue:
    """What it comes to if all goes back that may: refunds that are under way, and goods."""

    def out(line: SupplierLine) -> int:
        back = line.rejected_quantity + line.cancelled_quantity + line.returned_quantity
        coming = back + part.coming_back(line.id)
        return min(line.quantity, max(line.refunded_quantity + line.refunding_quantity, coming))

    return _revenue(part, out, part.shipping_refunded_cents + part.shipping_refunding_cents)


def outstanding(part: SupplierOrder) -> int:
    """Cents of the certain revenue that the supplier has yet to get; negative: that it has to give back."""
    settled = part.payout.settled_cents
    more, most = certain_revenue(part).net_cents - settled, revenue_of(part).net_cents - settled
    return max(more, 0) or min(most, 0)


def _gone(line: SupplierLine) -> int:
    """What was never sent is as good as refunded."""
    return max(line.refunded_quantity, line.rejected_quantity + line.cancelled_quantity)


def _revenue(part: SupplierOrder, out: Callable[[SupplierLine], int], shipping_back: int) -> Revenue:
    goods = sum(_left(line.subtotal_cents - line.discount_cents, line, out(line)) for line in part.lines)
    sold = sum(_left(_paid(line), line, out(line)) for line in part.lines)
    commission = (2 * goods * part.commission_basis_points + BASIS_POINTS) // (2 * BASIS_POINTS)
    return Revenue(
        revenue_cents=sold + part.shipping_cents - shipping_back,
        commission_cents=commission,
    )


def _paid(line: SupplierLine) -> int:
    return line.subtotal_cents - line.discount_cents + line.tax_cents


def _left(cents: int, line: SupplierLine, out: int) -> int:
    return cents - of_next(cents, line.quantity, 0, out)
