"""Revenue by attribution: the shares of an order add up to its total, with any lines."""

from hypothesis import given
from hypothesis import strategies as st

from commerce.order.values import Attribution, shares_of
from commerce.values import Share
from support.commerce.order_histories import line

NAMES = st.sampled_from([None, "a", "b"])
LINES = st.lists(
    st.builds(
        lambda promotion, community, subtotal, tax: line(
            subtotal_cents=subtotal,
            tax_cents=tax,
            attribution=Attribution(promotion_id=promotion, community_id=community),
        ),
        NAMES,
        NAMES,
        st.integers(0, 10_000),
        st.integers(0, 1_900),
    ),
    max_size=12,
)


def test_lines_of_one_promotion_in_one_community_are_one_share():
    found = Attribution(promotion_id="p", community_id="c")
    lines = (line(1, attribution=found, tax_cents=380), line(2), line(3, attribution=found))
    assert shares_of(lines, 499) == (
        Share(promotion_id="p", community_id="c", amount_cents=4380),
        Share(promotion_id=None, community_id=None, amount_cents=2499),
    )


def test_what_costs_nothing_is_a_share_of_the_promotion_that_made_it_so():
    given_away = line(subtotal_cents=0, attribution=Attribution(promotion_id="p"))
    assert shares_of([line(subtotal_cents=0)], 0) == ()
    free = Share(promotion_id="p", community_id=None, amount_cents=0)
    assert shares_of([given_away], 0) == (free,)


@given(LINES, st.integers(0, 999))
def test_they_add_up_to_what_it_costs(lines, shipping):
    shares = shares_of(lines, shipping)
    assert sum(each.amount_cents for each in shares) == sum(each.total_cents for each in lines) + shipping
    assert len({(each.promotion_id, each.community_id) for each in shares}) == len(shares)
