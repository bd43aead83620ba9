"""What orders bring in and how far they come, by day: counted from their events, and conserved."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from commerce.promotion.performance import PROMOTION_PERFORMANCE
from commerce.reporting.funnel import ORDER_FUNNEL, STAGES
from commerce.reporting.responses import Stages, rates_of, revenue_views
from commerce.reporting.revenue import COMMUNITIES, NONE, PROMOTIONS, REVENUE, WHOLE
from commerce.sales import revenue_entry_of
from support.commerce.invariants import i9_revenue_is_attributed_once
from support.commerce.money.revenue_invariants import revenues
from support.commerce.table_snapshot import check
from support.spec import TENANT
from support.stream_events import envelope
from troupe.projection.view import View
from troupe.store import keys
from troupe.store.envelope import Envelope

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
SHIPPING = 499


def event(action: str, at: datetime = NOON, **data: Any) -> Envelope:
    return envelope("order", "o", 1, action, at=at, **data)


def share(promotion: str | None = None, community: str | None = None, cents: int = 0) -> dict[str, Any]:
    return {"promotion_id": promotion, "community_id": community, "amount_cents": cents}


def confirmed(*shares: dict[str, Any], currency: str = "EUR", at: datetime = NOON) -> Envelope:
    total = {"amount_cents": sum(each["amount_cents"] for each in shares), "currency": currency}
    return event("confirmed", at, customer_id="a", total=total, attributed=list(shares))


def refunded(*lines: dict[str, Any], shipping: int = 0, whole: tuple[Any, ...] = (), **more: Any) -> Envelope:
    cents = sum(each["amount_cents"] for each in lines) + shipping
    given = {"action": "refunded", "at": NOON, "currency": "EUR"} | more
    return event(
        given["action"],
        given["at"],
        refund_id="r",
        amount={"amount_cents": cents, "currency": given["currency"]},
        customer_id="a",
        lines=list(lines),
        shipping={"s": shipping} if shipping else {},
        whole=bool(whole),
        attributed=list(whole),
        undone=given.get("undone", True),
    )


def counted(view: View, *events: Envelope) -> dict[tuple[tuple[str, ...], str], Counter[str]]:
    """The rows that the events make, without the numbers that came to nothing."""
    rows: defaultdict[tuple[tuple[str, ...], str], Counter[str]] = defaultdict(Counter)
    assert view.count
    for each in events:
        for increment in view.count(each, datetime.fromisoformat(each.occurred_at)):
            rows[increment.place.parts, increment.place.sort][increment.field] += increment.by
    return dict(rows)


class TestRevenue:
    def test_an_order_is_counted_whole_and_by_what_it_was_found(self):
        rows = counted(REVENUE, confirmed(share("p", "c", 2000), share("p", "d", 500), share(cents=SHIPPING)))
        day = "2026-03-01"
        assert rows == {
            ((WHOLE, "2026-03"), day): {"orders_EUR": 1, "gross_EUR": 2999},
            ((COMMUNITIES, day), "c"): {"orders_EUR": 1, "gross_EUR": 2000},
            ((COMMUNITIES, day), "d"): {"orders_EUR": 1, "gross_EUR": 500},
            ((COMMUNITIES, day), NONE): {"orders_EUR": 1, "gross_EUR": 499},
            ((PROMOTIONS, day), "p"): {"orders_EUR": 1, "gross_EUR": 2500},
            ((PROMOTIONS, day), NONE): {"orders_EUR": 1, "gross_EUR": 499},
        }

    def test_an_event_that_says_nothing_of_it_is_of_nothing(self):
        total = {"amount_cents": 1999, "currency": "EUR"}
        rows = counted(REVENUE, event("confirmed", customer_id="a", total=total))
        assert {place[1] for place in rows} == {"2026-03-01", NONE}

    def test_a_refund_counts_on_its_own_day(self):
        rows = counted(REVENUE, refunded(share("p", None, 700), shipping=100))
        assert rows[(WHOLE, "2026-03"), "2026-03-01"] == {"refunded_EUR": 800}
        assert rows[(PROMOTIONS, "2026-03-01"), NONE] == {"refunded_EUR": 100}
        assert rows[(COMMUNITIES, "2026-03-01"), NONE] == {"refunded_EUR": 800}

    def test_a_refund_that_the_bank_sent_back_is_none(self):
        parts = (share("p", "c", 700),)
        done, undone = refunded(*parts), refunded(*parts, action="refund_failed")
        rows = counted(REVENUE, done, undone)
        assert all(not any(row.values()) for row in rows.values())
        assert counted(REVENUE, refunded(*parts, action="refund_failed", undone=False)) == {}

    def test_a_row_shows_each_currency_apart(self):
        rows = counted(
            REVENUE,
            confirmed(share(cents=100)),
            confirmed(share(cents=7), currency="USD"),
            refunded(share(cents=30)),
        )
        shown = revenue_views(rows[(WHOLE, "2026-03"), "2026-03-01"])
        assert [tuple(each.model_dump().values()) for each in shown] == [
            ("EUR", 1, 100, 30, 70),
            ("USD", 1, 7, 0, 7),
        ]

    @pytest.mark.parametrize("action", ["created", "cancelled", "payment_reversed", "anything_else"])
    def test_nothing_else_is_revenue(self, action):
        assert revenue_entry_of(event(action)) is None
        assert counted(REVENUE, event(action)) == {}


class TestPerformance:
    def test_what_is_sold_by_a_promotion_and_what_goes_back(self):
        shares = (share("p", "c", 2000), share("p", None, 500), share("q", "c", 30), share(cents=SHIPPING))
        sold = confirmed(*shares)
        rows = counted(PROMOTION_PERFORMANCE, sold)
        assert rows == {
            (("p",), "c"): {"revenue_cents": 2000, "conversions": 1},
            (("p",), "GLOBAL"): {"revenue_cents": 500, "conversions": 1},
            (("q",), "c"): {"revenue_cents": 30, "conversions": 1},
        }
        in_part = refunded(share("p", "c", 600))
        rows = counted(PROMOTION_PERFORMANCE, sold, in_part)
        assert rows[("p",), "c"] == {"revenue_cents": 1400, "conversions": 1}
        rest = refunded(*(share("p", "c", 1400), *shares[1:3]), shipping=SHIPPING, whole=shares)
        rows = counted(PROMOTION_PERFORMANCE, sold, in_part, rest)
        assert all(not any(row.values()) for row in rows.values())

    def test_nothing_of_a_promotion_is_nothing(self):
        assert counted(PROMOTION_PERFORMANCE, confirmed(share(cents=5)), event("shipped")) == {}


class TestFunnel:
    def stages(self, *events: Envelope) -> Counter[str]:
        rows = counted(ORDER_FUNNEL, *events)
        return sum(rows.values(), Counter())

    def test_an_order_counts_once_at_each_stage(self):
        life = (
            event("created"),
            event("payment_started", attempt=1),
            event("payment_failed", attempt=1),
            event("payment_started", attempt=2),
            event("payment_succeeded", attempt=2),
            event("confirmed"),
            event("lines_moved"),
            event("shipped", reached=["shipped"]),
            event("shipped", reached=[]),  # called back, and sent again
            event("delivered", reached=["delivered"]),
        )
        assert self.stages(*life) == dict.fromkeys(STAGES, 1)

    def test_what_stripe_told_first_was_a_payment_too(self):
        assert self.stages(event("payment_succeeded", attempt=0)) == {"payment": 1}

    def test_what_was_delivered_had_been_shipped(self):
        assert self.stages(event("delivered", reached=["shipped", "delivered"])) == {
            "shipped": 1,
            "delivered": 1,
        }

    def test_rates_are_of_the_stage_before(self):
        rates = rates_of(Stages(created=8, payment=6, confirmed=4, shipped=3))
        assert tuple(rates.model_dump().values()) == (0.75, 0.6667, 0.75, 0.0, 0.0)
        assert set(rates_of(Stages()).model_dump().values()) == {None}


NAMES = st.sampled_from([None, "a", "b", "c"])
SHARES = st.lists(st.builds(share, NAMES, NAMES, st.integers(0, 5_000)), min_size=1, max_size=5)
HOURS = st.integers(0, 96).map(lambda hours: timedelta(hours=hours))
ORDERS = st.lists(st.tuples(SHARES, HOURS, st.sampled_from(["EUR", "USD"]), st.integers(0, 100)), max_size=8)


@settings(max_examples=200)
@given(ORDERS, HOURS)
def test_every_day_what_came_by_each_adds_up_to_what_came(orders, later):
    """S-49: sums over communities and over promotions are both the net revenue, with refunds at any time."""
    events: list[Envelope] = []
    net: Counter[tuple[str, str]] = Counter()
    for shares, after, currency, percent in orders:
        events.append(confirmed(*shares, currency=currency, at=NOON + after))
        back = [each | {"amount_cents": each["amount_cents"] * percent // 100} for each in shares]
        events.append(refunded(*back, currency=currency, at=NOON + after + later))
        net[f"{NOON + after:%Y-%m-%d}", currency] += sum(each["amount_cents"] for each in shares)
        net[f"{NOON + after + later:%Y-%m-%d}", currency] -= sum(each["amount_cents"] for each in back)
    found = revenues(items(counted(REVENUE, *events)))
    assert list(i9_revenue_is_attributed_once(found)) == []
    shown = {tuple(each.day.split()): each.net for each in found if each.net}
    assert shown == {key: cents for key, cents in net.items() if cents}


def test_books_that_do_not_add_up_are_noticed():
    rows = counted(REVENUE, confirmed(share("p", "c", 2000), share(cents=SHIPPING)))
    del rows[(COMMUNITIES, "2026-03-01"), "c"]
    assert check(items(rows)).findings == ("I9: on 2026-03-01 EUR communities have 499 of 2499",)


def items(rows: Mapping[tuple[tuple[str, ...], str], Mapping[str, int]]) -> list[dict[str, Any]]:
    """The rows as the table has them."""
    return [
        {"PK": keys.view(TENANT, "revenue", *parts), "SK": sort, **row} for (parts, sort), row in rows.items()
    ]
