"""Fifty at once for the last unit: one gets it, and nothing is counted twice."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from moto.dynamodb.responses import DynamoHandler

from support.dynamodb import stored_events
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.quota import meters
from troupe.store import reads

AT_ONCE = 50
quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas")
record = Call("record_usage", "POST /tenants/{tenant_id}/usage")
organize = Call("create_organization", "POST /organizations", {"name": "The last one"})


@pytest.fixture
def at_once(acme, monkeypatch):
    """Run the same thing in fifty threads that start together; what came of each.

    moto works on plain dictionaries, so its calls are let in one at a time, as DynamoDB does for each item.
    """
    lock, call = threading.Lock(), DynamoHandler.call_action

    def alone(self):
        with lock:
            return call(self)

    monkeypatch.setattr(DynamoHandler, "call_action", alone)
    start = threading.Barrier(AT_ONCE)

    def run(act):
        def one(number):
            start.wait()
            return act(number)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            return list(pool.map(one, range(AT_ONCE)))

    return run


def test_the_last_unit_of_a_month_goes_once(acme, at_once):
    quotas(PATH, body={"max_api_calls_per_month": 10}, **OPERATOR)
    record(PATH, body={"metric": "api_calls", "amount": 9, "usage_id": "before"})
    replies = at_once(lambda n: record(PATH, body={"metric": "api_calls", "amount": 1, "usage_id": f"u-{n}"}))
    assert sorted(reply.status for reply in replies) == [200] + [409] * (AT_ONCE - 1)
    assert {reply.body.get("code") for reply in replies} == {None, "quota_exceeded"}
    tally = meters.limited(TENANT, month_of(now(), "Europe/Berlin"), "api_calls")
    assert meters.used(reads.batch(tally), tally) == 10
    assert len(stored_events("tenant.usage_recorded")) == 2
    assert len(stored_events("tenant.quota_exceeded")) == 1


def test_the_last_of_what_is_there_goes_once(acme, at_once):
    quotas(PATH, body={"max_organizations": 2}, **OPERATOR)
    replies = at_once(lambda _: organize())
    assert sorted(reply.status for reply in replies) == [201] + [409] * (AT_ONCE - 1)
    assert {reply.body.get("code") for reply in replies} == {None, "quota_exceeded"}
    assert acme.tally("organizations") == (2, 2, 0)
    assert len(stored_events("tenant.quota_exceeded")) == 1


def test_one_use_that_is_told_by_fifty_counts_once(acme, at_once):
    replies = at_once(lambda _: record(PATH, body={"metric": "minutes", "amount": 7, "usage_id": "u-1"}))
    assert {reply.status for reply in replies} == {200}
    assert len({str(reply.body) for reply in replies}) == 1
    assert len(stored_events("tenant.usage_recorded")) == 1


def test_fifty_uses_all_count(acme, at_once):
    replies = at_once(lambda n: record(PATH, body={"metric": "minutes", "amount": 1, "usage_id": f"u-{n}"}))
    assert {reply.status for reply in replies} == {200}
    month = meters.unlimited(TENANT, month_of(now(), "Europe/Berlin"))
    assert meters.totals(reads.batch(month).values()) == {"minutes": AT_ONCE}
