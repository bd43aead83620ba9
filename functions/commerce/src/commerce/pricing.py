"""What an order costs: subtotal, discount, tax, shipping and total, each frozen down to the single unit.

Sums are exact at every level: shares are made by the largest remainder, and a unit's amounts follow from its
line's. So refunds of any units, in any order, add up to what was paid.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from troupe.domain.money import checked, split

BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What is to be priced: so many units at a price, less what a promotion takes off each."""

    quantity: int
    unit_price_cents: int
    unit_discount_cents: int = 0

    @property
    def subtotal_cents(self) -> int:
        return self.quantity * self.unit_price_cents

    @property
    def discount_cents(self) -> int:
        """Never more than the price, so that no total is negative."""
        return self.quantity * min(self.unit_discount_cents, self.unit_price_cents)

    @property
    def net_cents(self) -> int:
        return self.subtotal_cents - self.discount_cents


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    subtotal_cents: int
    discount_cents: int
    tax_cents: int
    shipping_cents: int
    total_cents: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Priced:
    """The totals, and the tax of each item in their order."""

    totals: Totals
    taxes_cents: tuple[int, ...]


def price(items: Sequence[Item], tax_rate: int, shipping: Mapping[str, int], currency: str) -> Priced:
    """Price an order of one currency. `tax_rate` in basis points, on goods; `shipping` by supplier."""
    net = [item.net_cents for item in items]
    tax = taxed(sum(net), tax_rate)
    sent = sum(shipping.values())
    totals = Totals(
        subtotal_cents=sum(item.subtotal_cents for item in items),
        discount_cents=sum(item.discount_cents for item in items),
        tax_cents=tax,
        shipping_cents=sent,
        total_cents=sum(net) + tax + sent,
        currency=checked(currency),
    )
    taxes = split(tax, net) if tax else [0] * len(items)
    return Priced(totals=totals, taxes_cents=tuple(taxes))


def taxed(net_cents: int, tax_rate: int) -> int:
    """The tax on an amount, half a cent rounded up."""
    return (net_cents * tax_rate * 2 + BASIS_POINTS) // (2 * BASIS_POINTS)


def of_units(line_cents: int, quantity: int) -> tuple[int, ...]:
    """A line's amount as that of each of its units: the first ones carry what cannot be shared."""
    return tuple(split(line_cents, [1] * quantity))


def of_next(line_cents: int, quantity: int, already: int, units: int) -> int:
    """The amount of the next so many units of a line, after others have gone before them."""
    return sum(of_units(line_cents, quantity)[already : already + units])
