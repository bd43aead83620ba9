"""API calls: counted once each from the access logs, and refused when the month's are used up."""

import gzip
import json
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

import pytest

from support import faulty_client
from support.faulty_client import Crash, Faulty
from support.spec import LAMBDA, OTHER, TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.ids import new_id
from troupe.quota import api_calls, meters, rates
from troupe.quota.warnings import QUOTA, Watch
from troupe.store import keys, reads, table, transact, writes
from troupe.store.commit import commit

MONTH = month_of(now(), "UTC")
NUMBERS = count()


def stand(tenant_id=TENANT, zone="UTC", **limits):
    commit([writes.put(keys.standing(tenant_id), {"status": "active", "zone": zone, "limits": limits})])


def line(tenant_id=TENANT, at=None):
    """A log event, as a subscription delivers it."""
    message = json.dumps({"tenant_id": tenant_id, "route": "GET /me", "status": "200"})
    return {
        "id": f"{next(NUMBERS):056}",
        "timestamp": int((at or now()).timestamp() * 1000),
        "message": message,
    }


def delivery(*lines, kind="DATA_MESSAGE"):
    batch = {"messageType": kind, "logGroup": "calls", "logEvents": list(lines)}
    return {"awslogs": {"data": b64encode(gzip.compress(json.dumps(batch).encode())).decode()}}


def deliver(event):
    from root.access_log import handler

    handler(event, LAMBDA)


def used(tenant_id=TENANT, month=MONTH):
    counted = api_calls.counter(tenant_id, month)
    return meters.used(reads.batch(counted), counted)


def told():
    """What the tenant was told: how far it was warned, and whether of the end."""
    stored = transact.load(TENANT, QUOTA, api_calls.QUOTA)
    watch = stored.state or Watch()
    return stored.version, watch.warned, watch.exceeded


@pytest.fixture
def faulty(table, monkeypatch):
    from troupe.store import table as tables

    monkeypatch.setattr("time.sleep", lambda _seconds: None)

    def install(*script):
        client = Faulty(tables.client(), list(script))
        monkeypatch.setattr(tables, "client", cache(lambda: client))

    return install


class TestCount:
    def test_each_tenant_s_calls(self, table):
        stand()
        stand(OTHER)
        deliver(delivery(line(), line(OTHER), line()))
        assert (used(), used(OTHER)) == (2, 1)

    def test_a_delivery_that_comes_again(self, table):
        stand()
        again = delivery(line(), line())
        deliver(again)
        deliver(again)
        deliver(delivery(line()))
        assert used() == 3

    def test_strangers_operators_and_what_is_no_line_of_ours(self, table):
        stand()
        strange = [
            {**line(), "message": text} for text in ("-", "[]", "{}", '{"tenant_id": null}', '"x"', "1")
        ]
        deliver(delivery(line("-"), line("@"), line(new_id()), *strange, line()))
        assert used() == 1

    def test_cloudwatch_probes_the_address(self, table):
        deliver(delivery(line(), kind="CONTROL_MESSAGE"))
        assert used() == 0

    def test_the_month_is_the_tenant_s(self, table):
        eve = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
        stand()
        stand(OTHER, zone="Asia/Tokyo")
        deliver(delivery(line(at=eve), line(OTHER, at=eve)))
        assert (used(month="2026-10"), used(month="2026-11")) == (1, 0)
        assert (used(OTHER, "2026-10"), used(OTHER, "2026-11")) == (0, 1)

    def test_more_tenants_than_a_transaction_holds(self, table):
        tenants = [new_id() for _ in range(50)]
        for tenant_id in tenants:
            stand(tenant_id)
        again = delivery(*map(line, tenants), *map(line, tenants))
        deliver(again)
        deliver(again)
        assert [used(tenant_id) for tenant_id in tenants] == [2] * 50


class TestLimit:
    def test_no_warning_below_eighty_per_cent(self, table):
        stand(api_calls=10)
        deliver(delivery(*(line() for _ in range(7))))
        assert told() == (0, 0, False)

    def test_warned_at_eighty_and_ninety_five_per_cent(self, table):
        stand(api_calls=20)
        deliver(delivery(*(line() for _ in range(16))))
        assert told() == (1, 80, False)
        deliver(delivery(*(line() for _ in range(3))))
        assert told() == (2, 95, False)
        assert "refused" not in reads.one(keys.standing(TENANT))

    def test_used_up(self, table):
        stand(api_calls=2)
        deliver(delivery(line(), line()))
        standing = reads.one(keys.standing(TENANT))
        assert standing["refused"] == f"api_calls_used_up:{MONTH}"
        assert api_calls.used_up(standing, now())
        version, _, exceeded = told()
        assert exceeded
        deliver(delivery(line()))
        assert (used(), told()[0]) == (3, version)

    def test_used_up_again_after_the_limit_was_raised(self, table):
        stand(api_calls=2)
        deliver(delivery(line(), line()))
        commit([writes.update(keys.standing(TENANT), "SET limits = :l", {"l": {"api_calls": 4}})])
        deliver(delivery(line()))
        assert not api_calls.used_up(reads.one(keys.standing(TENANT)), now())
        deliver(delivery(line()))
        assert api_calls.used_up(reads.one(keys.standing(TENANT)), now())

    def test_the_month_before_is_over(self, table):
        stand(api_calls=1)
        deliver(delivery(line(at=datetime(2026, 1, 2, tzinfo=UTC))))
        assert "refused" not in reads.one(keys.standing(TENANT))

    @pytest.mark.parametrize(
        ("crash", "crashes"),
        [
            *((faulty_client.crash_before, n) for n in (1, 2, 3, 4, 5)),
            *((faulty_client.crash_after, n) for n in (1, 2, 4, 5)),
        ],
    )
    def test_a_crash_between_any_two_effects(self, faulty, crash, crashes):
        """Counting, warning, telling (at first on a stale read) and refusing are transactions of their own."""
        stand(api_calls=2)
        event = delivery(line(), line())
        faulty(*[faulty_client.fine] * (crashes - 1), crash)
        with pytest.raises(Crash):
            deliver(event)
        deliver(event)
        assert used() == 2
        version, warned, exceeded = told()
        assert (warned, exceeded) == (95, True)
        assert version == len(history())
        assert api_calls.used_up(reads.one(keys.standing(TENANT)), now())


def history():
    """The events of the tenant's quota, each once."""
    pk = keys.aggregate(TENANT, QUOTA.name, api_calls.QUOTA)
    found = table.client().query(
        TableName="t",
        KeyConditionExpression="PK = :pk AND begins_with(SK, :e)",
        ExpressionAttributeValues={":pk": {"S": pk}, ":e": {"S": "EVENT#"}},
    )["Items"]
    types = [(item["type"]["S"], item["data"]["S"]) for item in found]
    assert len(set(types)) == len(types)
    return types


class TestRate:
    def test_a_minute_above_the_plan_s_rate_is_followed_by_429(self, table):
        at = now()
        stand()
        commit([writes.update(keys.standing(TENANT), "SET calls_per_minute = :n", {"n": 3})])
        deliver(delivery(*[line(at=at)] * 3))
        assert rates.throttled_until(reads.one(keys.standing(TENANT)), at) is None
        deliver(delivery(line(at=at)))
        until = rates.throttled_until(reads.one(keys.standing(TENANT)), at)
        assert 0 < until - at.timestamp() <= 120
        assert until % 60 == 0

    def test_a_delivery_that_comes_again_and_calls_of_long_ago_count_for_nothing(self, table):
        stand()
        commit([writes.update(keys.standing(TENANT), "SET calls_per_minute = :n", {"n": 2})])
        again = delivery(line(), line())
        deliver(again)
        deliver(again)
        deliver(delivery(*[line(at=now() - timedelta(minutes=10)) for _ in range(3)]))
        assert rates.throttled_until(reads.one(keys.standing(TENANT)), now()) is None

    def test_other_tenants_go_on(self, table):
        for tenant_id in (TENANT, OTHER):
            stand(tenant_id)
            commit([writes.update(keys.standing(tenant_id), "SET calls_per_minute = :n", {"n": 2})])
        at = now()
        deliver(delivery(*[line(at=at)] * 3, line(OTHER, at=at)))
        assert rates.throttled_until(reads.one(keys.standing(OTHER)), at) is None
        assert rates.throttled_until(reads.one(keys.standing(TENANT)), at)
