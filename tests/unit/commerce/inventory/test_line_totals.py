"""What a line comes to, and that nothing is taken from where nothing is."""

from commerce.inventory.decide_allocation import _take
from commerce.order.values import Line


def test_nothing_is_taken_of_nothing():
    assert list(_take((), 0, lambda _: 0)) == []


def test_a_line_is_its_goods_less_the_discount_with_tax():
    line = Line.__new__(Line)
    for name, cents in {"subtotal_cents": 1000, "discount_cents": 100, "tax_cents": 171}.items():
        object.__setattr__(line, name, cents)
    assert line.total_cents == 1071
