"""Warnings: at 80 % and 95 % of a quota, once each in a month, with events in any order."""

import json
import random
from dataclasses import asdict

import pytest

from identity import inbound
from identity.usage.quota_warnings import USES, watch
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call, Tenant
from support.spec import LAMBDA, TENANT
from troupe.ids import new_id
from troupe.quota import quota
from troupe.store.commit import commit
from troupe.store.envelope import Envelope

quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas")
record = Call("record_usage", "POST /tenants/{tenant_id}/usage")


def told() -> list[tuple[str, int, int, int]]:
    found = [event.data for event in stored_events("tenant.quota_warning_reached")]
    return [(each["quota"], each["percent"], each["used"], each["limit"]) for each in found]


def use(amount: int) -> Envelope:
    record(PATH, body={"metric": "api_calls", "amount": amount, "usage_id": new_id()})
    return stored_events("tenant.usage_recorded")[-1]


@pytest.fixture
def hundred(acme):
    quotas(PATH, body={"max_api_calls_per_month": 100}, **OPERATOR)
    return acme


def test_once_at_each_threshold(hundred):
    for amount, expected in ((79, 0), (1, 1), (10, 1), (5, 2), (5, 2)):
        watch(use(amount))
        assert len(told()) == expected
    assert told() == [("api_calls", 80, 80, 100), ("api_calls", 95, 95, 100)]


def test_repeated_events_in_any_order(hundred):
    heard = [use(19) for _ in range(5)]
    again = [*heard, *heard]
    random.Random(7).shuffle(again)
    for envelope in again:
        watch(envelope)
    assert told() == [("api_calls", 80, 95, 100), ("api_calls", 95, 95, 100)]


def test_the_warning_follows_from_what_happened(hundred):
    used = use(80)
    watch(used)
    (warning,) = stored_events("tenant.quota_warning_reached")
    assert (warning.causation_id, warning.correlation_id) == (used.id, used.correlation_id)
    assert warning.data["period"] == used.data["period"]


def test_of_people_by_the_context_s_queue(acme):
    quotas(PATH, body={"max_users": 5}, **OPERATOR)
    for name in ("Bob", "Carol", "Dave", "Eve"):
        Tenant().person(name)
    records = [
        {"messageId": f"m{n}", "body": json.dumps({"detail": asdict(event)})}
        for n, event in enumerate(stored_events("user.verified"))
    ]
    assert inbound.handler({"Records": records}, LAMBDA) == {"batchItemFailures": []}
    assert told() == [("users", 80, 4, 5)]


def test_nothing_limits_it(hundred):
    record(PATH, body={"metric": "minutes", "amount": 10**6, "usage_id": "u-1"})
    before = stored_items()
    watch(stored_events("tenant.usage_recorded")[-1])
    assert stored_items() == before


def test_of_a_tenant_that_was_never_provisioned(table):
    event = Envelope(
        id=new_id(),
        type="user.verified",
        tenant_id=TENANT,
        aggregate="user",
        aggregate_id=new_id(),
        version=1,
        occurred_at="2026-11-20T12:00:00.000000Z",
        actor="x",
        correlation_id="c",
        schema_version=1,
        data={},
    )
    watch(event)
    assert stored_items() == []


@pytest.mark.parametrize("name", ["talent.created", "campaign.created"])
def test_later_contexts_have_their_place(acme, name):
    event = Envelope.of({**asdict(stored_events("user.created")[0]), "type": name})
    quota_name = USES[name](event)
    limit = acme.tally(quota_name)[1]
    commit([quota.take(TENANT, quota_name, limit)])
    watch(event)
    assert told() == [(quota_name, 80, limit, limit), (quota_name, 95, limit, limit)]
