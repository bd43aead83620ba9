from hypothesis import given
from hypothesis import strategies as st

from commerce.pricing import Item, of_next, of_units, price, taxed

ITEMS = st.lists(
    st.builds(
        Item,
        quantity=st.integers(1, 200),
        unit_price_cents=st.integers(0, 1_000_000),
        unit_discount_cents=st.integers(0, 1_000_000),
    ),
    min_size=1,
    max_size=40,
)


@given(ITEMS, st.integers(0, 10_000), st.dictionaries(st.text(), st.integers(0, 10_000), max_size=5))
def test_every_sum_is_exact(items, rate, shipping):
    priced = price(items, rate, shipping, "EUR")
    totals = priced.totals
    assert sum(priced.taxes_cents) == totals.tax_cents
    lines = [item.net_cents + tax for item, tax in zip(items, priced.taxes_cents, strict=True)]
    assert sum(lines) + totals.shipping_cents == totals.total_cents
    assert totals.subtotal_cents - totals.discount_cents + totals.tax_cents + totals.shipping_cents == (
        totals.total_cents
    )
    assert min(lines) >= 0


@given(st.integers(0, 10**9), st.integers(1, 500), st.data())
def test_units_given_back_in_any_steps_are_the_line(amount, quantity, data):
    gone, back = 0, 0
    while gone < quantity:
        units = data.draw(st.integers(1, quantity - gone))
        back += of_next(amount, quantity, gone, units)
        gone += units
    assert back == amount == sum(of_units(amount, quantity))


def test_half_a_cent_of_tax_is_rounded_up():
    assert [taxed(each, 1900) for each in (50, 52, 53, 0)] == [10, 10, 10, 0]


def test_a_discount_does_not_exceed_the_price():
    item = Item(quantity=2, unit_price_cents=100, unit_discount_cents=250)
    assert (item.discount_cents, item.net_cents) == (200, 0)
    assert price([item], 1900, {}, "EUR").totals.total_cents == 0
