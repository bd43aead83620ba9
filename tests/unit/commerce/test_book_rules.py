"""The rules of the books let good ones pass, and name what is wrong with bad ones."""

from dataclasses import replace

import pytest

from support.commerce import invariants as rules
from support.commerce.invariants import Account, Bucket, Budget, Line, Order, Revenue

HERE, THERE = ("v1", "l1", 0), ("v1", "l1", 1)
BUCKET = Bucket(spot=HERE, on_hand=10, available=5, reserved=3, safety=2)
LINE = Line(quantity=3, subtotal=3000, discount=300, tax=513, state="reserved", refunded=0, held=((HERE, 3),))
ORDER = Order(
    id="o1",
    status="pending_payment",
    due=True,
    lines=(LINE,),
    histogram={"reserved": 1, "shipped": 0},
    subtotal=3000,
    discount=300,
    tax=513,
    shipping=490,
    total=3703,
    budgets=("p1",),
)
PAID = replace(ORDER, status="paid", due=False, captured=3703, intent="pi_1", refunded=1000)
BACK = replace(
    PAID, refunded=3000, refunds=(2000, 1000), shipping_refunded=400, lines=(replace(LINE, refunded=2600),)
)
BUDGET = Budget(promotion_id="p1", limit=10, remaining=9)
ACCOUNT = Account(
    supplier_id="s1",
    earnings=1000,
    commission=100,
    reversals=50,
    payouts=800,
    balance=50,
    sold=850,
    sent=800,
)
DAY = Revenue(day="2026-03-01", net=100, by_community={"c1": 60, "none": 40}, by_promotion={"none": 100})


def found(findings) -> list[str]:
    return [each.partition(":")[0] for each in findings]


@pytest.mark.parametrize("order", [ORDER, PAID])
def test_good_books_have_no_findings(order):
    assert found(rules.i1_buckets_balance([BUCKET])) == []
    assert found(rules.i2_what_is_reserved_is_ordered([BUCKET], [order])) == []
    assert found(rules.i3_only_open_holds_fall_due([order])) == []
    assert found(rules.i4_histograms_count([order])) == []
    assert found(rules.i5_sums_are_sums([order])) == []
    assert found(rules.i6_budgets_are_what_orders_use([BUDGET], [order])) == []
    assert found(rules.i9_revenue_is_attributed_once([DAY])) == []
    assert found(rules.i14_ledgers_balance([ACCOUNT])) == []
    assert found(rules.i14_ledgers_are_what_was_sold_and_sent([ACCOUNT])) == []
    assert found(rules.i5_refunds_are_what_went_back([ORDER, BACK])) == []


@pytest.mark.parametrize(
    "wrong",
    [{"on_hand": 11}, {"reserved": -1, "on_hand": 6}, {"available": -1, "on_hand": 4}],
    ids=["no balance", "less than nothing", "oversold"],
)
def test_i1(wrong):
    assert found(rules.i1_buckets_balance([replace(BUCKET, **wrong)])) == ["I1"]


def test_i1_lets_pass_what_was_counted_by_force():
    forced = replace(BUCKET, available=-1, on_hand=4, oversold_by_force=True)
    assert found(rules.i1_buckets_balance([forced])) == []


def test_i2_finds_unordered_reservations_and_unreserved_orders():
    assert found(rules.i2_what_is_reserved_is_ordered([BUCKET], [])) == ["I2"]
    assert found(rules.i2_what_is_reserved_is_ordered([], [ORDER])) == ["I2"]
    elsewhere = replace(ORDER, lines=(replace(LINE, held=((HERE, 2), (THERE, 1))),))
    assert found(rules.i2_what_is_reserved_is_ordered([BUCKET], [elsewhere])) == ["I2", "I2"]
    twice = rules.i2_what_is_reserved_is_ordered([BUCKET], [ORDER, replace(ORDER, id="o2")])
    assert found(twice) == ["I2"]


@pytest.mark.parametrize("wrong", [{"due": False}, {"status": "expired"}])
def test_i3(wrong):
    assert found(rules.i3_only_open_holds_fall_due([replace(ORDER, **wrong)])) == ["I3"]


@pytest.mark.parametrize("histogram", [{}, {"reserved": 2}, {"shipped": 1}, {"reserved": 1, "shipped": 1}])
def test_i4(histogram):
    assert found(rules.i4_histograms_count([replace(ORDER, histogram=histogram)])) == ["I4"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"total": 3704},
        {"shipping": 0},
        {"captured": 999},
        {"refunded": -1},
        {"lines": (replace(LINE, refunded=3214),)},
        {"lines": (replace(LINE, tax=512),)},
        {"lines": (LINE, replace(LINE, subtotal=1, discount=0, tax=0))},
        {"lines": (replace(LINE, discount=299),)},
    ],
)
def test_i5(wrong):
    assert found(rules.i5_sums_are_sums([replace(PAID, **wrong)])) == ["I5"]


@pytest.mark.parametrize("wrong", [{"refunds": (2000,)}, {"shipping_refunded": 399}, {"lines": (LINE,)}])
def test_i5_of_refunds(wrong):
    assert found(rules.i5_refunds_are_what_went_back([replace(BACK, **wrong)])) == ["I5"]


def test_i5_lets_late_money_go_back_without_lines():
    late = replace(PAID, refunded=3703, refunds=(3703,))
    assert found(rules.i5_refunds_are_what_went_back([late])) == []


def test_i6():
    used = rules.i6_budgets_are_what_orders_use
    assert found(used([replace(BUDGET, remaining=10)], [ORDER])) == ["I6"]
    assert found(used([BUDGET], [replace(ORDER, budgets=())])) == ["I6"]
    twelve = [replace(ORDER, id=f"o{n}") for n in range(11)]
    assert found(used([replace(BUDGET, remaining=-1)], twelve)) == ["I6"]


def test_i6_of_customers():
    order, used = replace(ORDER, customer="u1"), rules.i6_customers_use_what_they_ordered
    assert found(used({("p1", "u1"): 1, ("p1", "u2"): 0}, [order])) == []
    assert found(used({("p1", "u1"): 2}, [order])) == ["I6"]
    assert found(used({}, [order])) == ["I6"]
    assert found(used({("p1", "u1"): 1}, [])) == ["I6"]


def test_i7():
    good = [("pi_1", "o1"), ("pi_2", "o2"), ("pi_1", "o1")]
    assert found(rules.i7_one_order_for_each("the intent", good)) == []
    assert found(rules.i7_one_order_for_each("the intent", [*good, ("pi_1", "o2")])) == ["I7"]


def test_i8():
    assert found(rules.i8_members_are_counted({"c1": 2, "c2": 0}, ["c1", "c1"])) == []
    assert found(rules.i8_members_are_counted({"c1": 1}, ["c1", "c1"])) == ["I8"]
    assert found(rules.i8_members_are_counted({}, ["c1"])) == ["I8"]
    assert found(rules.i8_members_are_counted({"c1": 1}, [])) == ["I8"]


@pytest.mark.parametrize("wrong", [{"net": 99}, {"by_community": {"c1": 60}}, {"by_promotion": {"p1": 1}}])
def test_i9(wrong):
    assert "I9" in found(rules.i9_revenue_is_attributed_once([replace(DAY, **wrong)]))


@pytest.mark.parametrize(
    "versions, findings", [([1, 2, 3], 0), ([3, 1, 2], 0), ([1, 3], 1), ([2], 1), ([1, 1], 1)]
)
def test_i10(versions, findings):
    assert found(rules.i10_events_are_contiguous({"s": versions})) == ["I10"] * findings


@pytest.mark.parametrize(
    "values, findings",
    [([None, None], 0), ([None, "a", "a"], 0), (["a", "b"], 1), ([None, "a", None, "a"], 1)],
)
def test_i12(values, findings):
    assert found(rules.i12_first_is_first({"p": values})) == ["I12"] * findings


def test_i13():
    texts = [("t1", "t1#ORDER#o1"), ("t2", "t2#ORDER#o2")]
    assert found(rules.i13_nobody_holds_what_is_another_s(texts, {"t1", "t2"})) == []
    leak = [*texts, ("t1", "t1#ORDER#o3 of t2")]
    assert found(rules.i13_nobody_holds_what_is_another_s(leak, {"t1", "t2"})) == ["I13"]


@pytest.mark.parametrize("wrong", [{"balance": 49}, {"payouts": 900}, {"commission": 0}])
def test_i14(wrong):
    assert found(rules.i14_ledgers_balance([replace(ACCOUNT, **wrong)])) == ["I14"]


@pytest.mark.parametrize("wrong", [{"sold": 851}, {"sent": 799}])
def test_i14_of_parts(wrong):
    assert found(rules.i14_ledgers_are_what_was_sold_and_sent([replace(ACCOUNT, **wrong)])) == ["I14"]
