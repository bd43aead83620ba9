"""Usage is told: counted once, within the quota, in the month that it belongs to."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from identity.usage import metering
from identity.usage.handlers import close_usage_period
from identity.usage.period_decider import end
from support.command_contract import ALL
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.faulty_client import all_conflict
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.sign_in import failing
from support.identity.tenant import Call
from support.spec import LAMBDA, TENANT
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.quota import meters
from troupe.security.roles import NAMES
from troupe.store import keys, reads

BODY = {"metric": "api_calls", "amount": 3, "usage_id": "u-1"}
record = Call("record_usage", "POST /tenants/{tenant_id}/usage", BODY)
quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas", {"max_api_calls_per_month": 10})
cancel = Call("cancel_tenant", "POST /tenants/{tenant_id}/cancel", {"reason": "no use"})
MONTH = month_of(now(), "Europe/Berlin")


def totals(month: str = MONTH) -> dict[str, int]:
    return metering.totals(TENANT, month, reads.batch(metering.counted(TENANT, month)))


def minutes(usage_id: str, amount: int = 7, **given):
    return record(PATH, body={"metric": "minutes", "amount": amount, "usage_id": usage_id, **given})


class TestCounting:
    def test_in_the_month_in_two_round_trips(self, acme):
        with round_trips() as made:
            reply = record(PATH)
        assert made == ["BatchGetItem", "TransactWriteItems"]
        assert (reply.status, reply.body) == (200, {"id": "api_calls:u-1", "version": 1, "period": MONTH})
        assert totals() == {"api_calls": 3}
        (told,) = stored_events("tenant.usage_recorded")
        assert (told.aggregate_id, told.data["amount"], told.data["period"]) == ("api_calls:u-1", 3, MONTH)

    def test_a_record_is_kept_for_400_days_and_the_month_for_good(self, acme):
        record(PATH)
        kept = [item for item in stored_items() if item["PK"].startswith(f"{TENANT}#USAGE#")]
        assert {item["SK"] for item in kept} == {keys.STATE, keys.event(1)}
        assert {round((item["expires_at"] - now().timestamp()) / 86_400) for item in kept} == {400}
        totals = [item for item in stored_items() if "USAGE_PERIOD" in item["PK"]]
        assert totals
        assert not [item for item in totals if "expires_at" in item]

    def test_once_however_often_it_is_told(self, acme):
        first = record(PATH)
        before = stored_items()
        again = record(PATH)
        assert (again.status, again.body) == (first.status, first.body)
        assert stored_items() == before

    def test_once_when_told_twice_at_the_same_time(self, acme):
        with before_next_write(lambda: record(PATH)):
            assert record(PATH).status == 200
        assert totals() == {"api_calls": 3}
        assert len(stored_events("tenant.usage_recorded")) == 1

    def test_what_was_told_is_not_told_otherwise(self, acme):
        record(PATH)
        reply = record(PATH, body=BODY | {"amount": 4})
        assert (reply.status, reply.body["code"]) == (409, "usage_id_reused")
        assert totals() == {"api_calls": 3}

    def test_each_metric_by_itself(self, acme):
        record(PATH)
        assert minutes("u-1").status == minutes("u-2").status == 200
        assert totals() == {"api_calls": 3, "minutes": 14}

    def test_under_the_caller_s_key_too(self, acme):
        keyed = {"headers": {"idempotency-key": "k1"}}
        first, again = record(PATH, **keyed), record(PATH, **keyed)
        assert (again.body, again.headers["idempotent-replayed"]) == (first.body, "true")
        assert totals() == {"api_calls": 3}


class TestQuota:
    def test_the_hard_limit_refuses_and_says_so_once(self, acme):
        quotas(PATH, **OPERATOR)
        assert record(PATH, body=BODY | {"amount": 10}).status == 200
        replies = [record(PATH, body=BODY | {"usage_id": f"more-{n}", "amount": 1}) for n in range(2)]
        assert [(reply.status, reply.body["code"]) for reply in replies] == [(409, "quota_exceeded")] * 2
        assert totals() == {"api_calls": 10}
        (told,) = stored_events("tenant.quota_exceeded")
        assert told.data == {"quota": "api_calls", "period": MONTH}

    def test_more_than_the_limit_at_once(self, acme):
        quotas(PATH, **OPERATOR)
        assert record(PATH, body=BODY | {"amount": 11}).body["code"] == "quota_exceeded"
        assert totals() == {}

    def test_of_two_that_do_not_both_fit_one_is_taken(self, acme):
        quotas(PATH, **OPERATOR)
        with before_next_write(lambda: record(PATH, body=BODY | {"amount": 6, "usage_id": "first"})):
            assert record(PATH, body=BODY | {"amount": 6}).body["code"] == "quota_exceeded"
        assert totals() == {"api_calls": 6}

    def test_what_meets_another_transaction_is_counted_once(self, acme, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        with failing(*[partial(all_conflict, actions=4)] * 2):
            assert record(PATH).status == 200
        assert totals() == {"api_calls": 3}

    def test_a_lower_limit_than_is_used_stops_growth(self, acme):
        record(PATH)
        quotas(PATH, body={"max_api_calls_per_month": 2}, **OPERATOR)
        assert record(PATH, body=BODY | {"usage_id": "u-2", "amount": 1}).body["code"] == "quota_exceeded"
        assert totals() == {"api_calls": 3}

    def test_what_is_stored_grows_and_shrinks(self, acme):
        stored = {"metric": "storage_bytes", "usage_id": "f-1", "amount": 500}
        most = acme.tally("storage_bytes")[1]
        assert record(PATH, body=stored).status == 200
        assert record(PATH, body={**stored, "usage_id": "f-2", "amount": -200}).status == 200
        assert acme.tally("storage_bytes") == (300, most, most - 300)
        reply = record(PATH, body={**stored, "usage_id": "f-3", "amount": -301})
        assert (reply.status, reply.body["code"]) == (409, "negative_amount")
        reply = record(PATH, body={**stored, "usage_id": "f-4", "amount": most - 299})
        assert (reply.status, reply.body["code"]) == (409, "quota_exceeded")
        assert totals() == {"storage_bytes": 300}

    def test_a_flow_that_exceeds_it_is_told_of_too(self, acme):
        from identity.usage.handlers.record_usage import handler
        from troupe.quota.quota import Exceeded

        quotas(PATH, **OPERATOR)
        with pytest.raises(Exceeded):
            handler({"tenant_id": TENANT, "body": BODY | {"amount": 11}}, LAMBDA)
        assert len(stored_events("tenant.quota_exceeded")) == 1


class TestLateUsage:
    """Berlin is an hour ahead of UTC in November, and a month closes an hour after it is over."""

    @pytest.fixture
    def november(self, table, monkeypatch, clock):
        from support.identity.provisioned_tenant import founded

        clock.instant = datetime(2026, 11, 20, 12, tzinfo=UTC)
        return founded(monkeypatch)

    def close(self):
        event = {"tenant_id": TENANT, "path": {"period": "2026-11"}, "actor": "schedule"}
        return close_usage_period.handler(event, LAMBDA)

    def test_counts_in_its_own_month_while_that_is_open(self, november, clock):
        clock.instant = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # December in Berlin
        assert minutes("late", occurred_at="2026-11-30T23:59:00+01:00").body["period"] == "2026-11"
        assert minutes("now").body["period"] == "2026-12"
        assert (totals("2026-11"), totals("2026-12")) == ({"minutes": 7}, {"minutes": 7})

    def test_counts_in_the_open_month_once_its_own_is_closed(self, november, clock):
        minutes("in-time", amount=1)
        clock.instant = end("2026-11", "Europe/Berlin")
        self.close()
        reply = minutes("late", occurred_at="2026-11-30T12:00:00Z")
        assert reply.body["period"] == "2026-12"
        assert (totals("2026-11"), totals("2026-12")) == ({"minutes": 1}, {"minutes": 7})
        assert stored_events("tenant.usage_recorded")[-1].data["occurred_at"] == "2026-11-30T12:00:00Z"

    def test_is_not_lost_to_a_month_that_closes_meanwhile(self, november, clock):
        clock.instant = end("2026-11", "Europe/Berlin")
        with before_next_write(self.close):
            reply = minutes("late", occurred_at="2026-11-30T12:00:00Z")
        assert reply.body["period"] == "2026-12"
        assert stored_events("tenant.usage_period_closed")[0].data["totals"] == {}

    def test_is_in_the_totals_if_it_came_while_the_month_closed(self, november, clock):
        clock.instant = end("2026-11", "Europe/Berlin")
        with before_next_write(lambda: minutes("just-in-time", occurred_at="2026-11-30T12:00:00Z")):
            self.close()
        assert stored_events("tenant.usage_period_closed")[0].data["totals"] == {"minutes": 7}

    def test_may_not_be_early(self, november, clock):
        ahead = (clock.instant + timedelta(minutes=6)).isoformat()
        reply = minutes("early", occurred_at=ahead)
        assert (reply.status, reply.body["code"]) == (422, "occurred_in_future")


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"metric": "API calls"}, "metric"),
        ({"amount": "three"}, "amount"),
        ({"amount": 10**13}, "amount"),
        ({"usage_id": "a#b"}, "usage_id"),
        ({"usage_id": ""}, "usage_id"),
        ({"occurred_at": "2026-11-20T12:00:00"}, "occurred_at"),
        ({"occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"occurred_at": "9999-12-31T23:59:59-12:00"}, "occurred_at"),
        ({"metric": "users"}, "metric"),
        ({"amount": 0}, "amount"),
    ],
)
def test_bad_fields_are_named(acme, wrong, field):
    before = stored_items()
    reply = record(PATH, body=BODY | wrong)
    assert (reply.status, [error["field"] for error in reply.body["errors"]]) == (422, [field])
    assert stored_items() == before


def test_who_may(acme):
    before = stored_items()
    assert record(PATH, principal=None).status == 401
    assert record(PATH, tenant_id="0192f0c1-0000-7000-8000-000000000002").status == 404
    assert record(PATH, permissions=ALL - {"usage:record"}).body["code"] == "permission_required"
    assert record({"tenant_id": "0192f0c1-0000-7000-8000-00000000dead"}, **OPERATOR).status == 404
    assert stored_items() == before


def test_a_cancelled_tenant_uses_nothing(acme):
    cancel(PATH)
    reply = record(PATH, **{**OPERATOR, "permissions": NAMES})
    assert (reply.status, reply.body["code"]) == (409, "tenant_cancelled")


def test_the_tally_is_the_one_that_the_access_logs_count_in(acme):
    from troupe.quota import api_calls

    assert meters.limited(TENANT, MONTH, "api_calls") == api_calls.counter(TENANT, MONTH)
