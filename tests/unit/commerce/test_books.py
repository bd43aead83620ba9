"""The books are read from items as the table has them; a shape that is not known is no book."""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from support.commerce.table_snapshot import TableSnapshot, check
from support.spec import OTHER, TENANT
from troupe.domain.decider import Decider
from troupe.store import keys
from troupe.store.aggregates import dump

HEADER = {
    "customer": {"id": "u1"},
    "detail_status": "pending_payment",
    "hold": "held",
    "supplier_orders": ["so1"],
    "histogram": {"reserved": 1},
    "totals": {
        "subtotal_cents": 3000,
        "discount_cents": 300,
        "tax_cents": 513,
        "shipping_cents": 490,
        "total_cents": 3703,
    },
    "payment": {"status": "none", "captured_cents": 0, "refunded_cents": 0, "payment_intent_id": None},
    "refunds": [],
    "budgets": ["p1"],
}
REFUND = {"status": "succeeded", "amount_cents": 100, "lines": [], "shipping": {}}
PLACED = {
    "id": "line1",
    "variant_id": "v1",
    "quantity": 3,
    "subtotal_cents": 3000,
    "discount_cents": 300,
    "tax_cents": 513,
}
NOW = {
    "id": "line1",
    "state": "reserved",
    "refunded_cents": 0,
    "allocations": [{"location_id": "l1", "bucket": 0, "held": 3}],
}
UNPAID = {"shipping_refunded_cents": 0, "payout": {"due_at": None}}
HOLD = keys.due("order_hold", datetime(2026, 3, 1, 12, 15, tzinfo=UTC), 3)


def item(key, **values):
    return {"PK": key.pk, "SK": key.sk, **values}


def books(*, header=HEADER, placed=PLACED, now=NOW, due=HOLD, tenant=TENANT, **stock):
    """A shop with one order of one line, and what it stands on."""
    level = {"on_hand": 10, "available": 5, "reserved": 3, "safety": 2, **stock}
    order = item(keys.state(tenant, "order", "o1"), state=json.dumps(header), version=1)
    event = {"type": "order.created", "aggregate": "order", "version": 1, "data": "{}"}
    return [
        item(keys.part(tenant, "product", "p", "STOCK#v1#l1#00"), **level),
        order | ({"GSI2PK": due} if due else {}),
        item(keys.part(tenant, "order", "o1", "LINES#0"), lines=json.dumps([placed])),
        item(keys.part(tenant, "order", "o1", keys.event(1)), **event),
        item(keys.state(tenant, "supplier_order", "so1"), state=json.dumps({"lines": [now]} | UNPAID)),
        item(keys.part(tenant, "promotion", "p1", "BUDGET#00"), used=1, available=5, state="active"),
        item(keys.part(tenant, "promotion", "p1", "BUDGET#01"), used=0, available=4, state="active"),
        item(keys.part(tenant, "promotion", "p1", "BUDGET#CUSTOMER#u1"), used=1),
        item(keys.counter(tenant, "members", "c1", "TALLY#00"), used=1, available=9),
        item(
            keys.state(tenant, "membership", "c1.u1"),
            state=json.dumps({"community_id": "c1", "status": "active"}),
        ),
        item(keys.unique("payment_intent", "pi_1"), tenant_id=tenant, order_id="o1"),
    ]


def found(items) -> list[str]:
    return [each.partition(":")[0] for each in check(items).findings]


def test_good_books_are_read_whole_and_nothing_is_found():
    report = check(books())
    assert report.findings == ()
    assert report.looked == {
        "buckets": 1,
        "orders": 1,
        "budgets": 1,
        "communities": 1,
        "streams": 1,
        "items": 11,
    }


def test_an_empty_table_is_no_wrong():
    report = check([])
    assert (report.findings, report.looked.total()) == ((), 0)


@pytest.mark.parametrize(
    "broken, finding",
    [
        ({"available": 6}, "I1"),
        ({"on_hand": 11, "reserved": 4}, "I2"),
        ({"now": NOW | {"allocations": [{"location_id": "l1", "bucket": 1, "held": 3}]}}, "I2"),
        ({"header": HEADER | {"hold": "released"}}, "I2"),
        ({"due": None}, "I3"),
        ({"due": HOLD.replace("ORDER_HOLD", "ORDER_REVERSAL")}, "I3"),
        ({"header": HEADER | {"detail_status": "paid"}}, "I3"),
        ({"header": HEADER | {"histogram": {"shipped": 1}}}, "I4"),
        ({"placed": PLACED | {"tax_cents": 512}}, "I5"),
        ({"header": HEADER | {"refunds": [REFUND]}}, "I5"),
        ({"header": HEADER | {"budgets": []}}, "I6"),
        ({"header": HEADER | {"customer": {"id": "u2"}}}, "I6"),
    ],
)
def test_what_is_wrong_is_found(broken, finding):
    assert set(found(books(**broken))) == {finding}


LEDGER = {"earnings": 1000, "commission": 100, "reversals": 0, "payouts": 900, "balance": 0}


@pytest.mark.parametrize("wrong", [{}, {"balance": 1}, {"payouts": 0, "balance": 900}])
def test_a_ledger_of_what_no_order_says_is_found(wrong):
    """I14: of nothing that was sold, and nothing that was sent."""
    ledger = item(keys.counter(TENANT, "supplier_ledger", "s1", "EUR"), **(LEDGER | wrong))
    assert set(found([*books(), ledger])) == {"I14"}
    assert found([*books(), ledger | dict.fromkeys(LEDGER, 0)]) == []


def test_what_is_held_no_more_is_not_reserved():
    shipped = NOW | {"allocations": [{"location_id": "l1", "bucket": 0, "held": 0}]}
    assert found(books(now=shipped, on_hand=7, reserved=0)) == []


def test_one_intent_pays_one_order():
    paid = HEADER | {
        "detail_status": "paid",
        "payment": {
            "status": "succeeded",
            "captured_cents": 3703,
            "refunded_cents": 0,
            "payment_intent_id": "pi_1",
        },
    }
    once = books(header=paid, due=None)
    assert found(once) == []
    again = replace(TableSnapshot(tuple(once)).orders[0], id="o2")
    both = TableSnapshot(tuple(once))
    both.__dict__["orders"] = (*both.orders, again)
    assert both.intents == [("pi_1", "o1"), ("pi_1", "o2")]


def test_members_are_counted():
    left = [each for each in books() if "#MEMBERSHIP#" not in each["PK"]]
    assert found(left) == ["I8"]


def test_a_gap_in_a_stream_is_found():
    gap = [each | {"version": 2} if each["SK"] == keys.event(1) else each for each in books()]
    assert found(gap) == ["I10"]


def test_another_tenant_s_id_is_found_in_every_aggregate_of_a_tenant():
    assert found([*books(), item(keys.state(OTHER, "thing", "x"), state="{}")]) == []
    leak = item(keys.state(TENANT, "thing", "x"), state=json.dumps({"of": OTHER}))
    assert found([*books(), item(keys.state(OTHER, "thing", "x"), state="{}"), leak]) == ["I13"]


def test_only_a_count_by_force_may_oversell():
    short = books(on_hand=4, available=-1)
    assert found(short) == ["I1"]
    data = {"variant_id": "v1", "location_id": "l1", "oversold": 1}
    event = {"type": "product.inventory_updated", "aggregate": "inventory", "version": 1}
    forced = item(keys.part(TENANT, "inventory", "p", keys.event(1)), data=json.dumps(data), **event)
    assert found([*short, forced]) == []


def test_an_order_of_another_shape_is_not_passed_over():
    with pytest.raises(KeyError):
        check(books(header={"status": "pending_payment"}))


@dataclass(frozen=True, kw_only=True)
class Opened:
    at: str | None


@dataclass(frozen=True, kw_only=True)
class Door:
    first_activated_at: str | None = None


def door(event: Opened) -> Door:
    return Door(first_activated_at=event.at)


DOOR = Decider[Door, Any, Opened](
    name="door",
    create=lambda *_: (),
    begin=door,
    events={"door.opened": Opened},
    state=Door,
)


def doors(stored: Door, *opened: str | None):
    stream = [
        item(
            keys.part(TENANT, "door", "d", keys.event(number)),
            id=str(number),
            type="door.opened",
            tenant_id=TENANT,
            aggregate="door",
            aggregate_id="d",
            version=number,
            schema_version=1,
            occurred_at="2026-11-30T12:00:00Z",
            actor="ann",
            correlation_id="c",
            data=dump(Opened, Opened(at=at)),
        )
        for number, at in enumerate(opened, start=1)
    ]
    return [item(keys.state(TENANT, "door", "d"), state=dump(Door, stored)), *reversed(stream)]


@pytest.mark.parametrize(
    "stored, opened, findings",
    [
        (Door(first_activated_at="a"), (None, "a", "a"), []),
        (Door(first_activated_at="b"), (None, "a", "b"), ["I12"]),
        (Door(first_activated_at="b"), (None, "a"), ["I11"]),
        (Door(first_activated_at="a"), (), ["I11"]),
    ],
)
def test_an_aggregate_is_what_its_events_make(stored, opened, findings):
    report = check(doors(stored, *opened), [DOOR])
    assert [each.partition(":")[0] for each in report.findings] == findings
