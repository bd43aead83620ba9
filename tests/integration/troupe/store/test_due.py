"""What falls due is found in its time, once it is there, and is not lost when a sweep fails or is missed."""

from datetime import UTC, datetime, timedelta

import pytest

from support.spec import OTHER, TENANT
from troupe.domain.instants import rfc3339
from troupe.observability import metrics
from troupe.store import due as sweeps
from troupe.store import keys, writes
from troupe.store.commit import commit
from troupe.store.due import Due, Later, Swept, due_now, places, sweep

NOW = datetime(2026, 11, 21, 12, 2, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def plan(at, tenant_id=TENANT, what="w", kind="trial"):
    """Something of a tenant that falls due, as the store writes it."""
    pk = keys.due(kind, at, keys.due_shard(what))
    index = {"GSI2PK": pk, "GSI2SK": f"{rfc3339(at)}#{tenant_id}#{what}"}
    commit([writes.put(keys.state(tenant_id, "tenant", what), index)])


def found_since(since, now=NOW, kind="trial"):
    return [each for _, each in due_now(kind, now, places(since, now))]


def settle(each):
    commit([writes.update(each.key, "REMOVE GSI2PK, GSI2SK", {})])


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Two hours are two hundred queries, which take long in moto."""
    monkeypatch.setattr("troupe.store.due.FIRST", timedelta(minutes=20))


@pytest.fixture
def settled(table):
    """Act as a command does that takes the thing out of the index, and note what was acted on."""
    seen = []

    def act(each):
        settle(each)
        seen.append(each.id)

    act.seen = seen
    return act


class TestDueNow:
    def test_who_what_and_when(self, table):
        plan(NOW - MINUTE, what="t1")
        (found,) = found_since(NOW - MINUTE)
        assert found == Due(
            tenant_id=TENANT, id="t1", at=NOW - MINUTE, key=keys.state(TENANT, "tenant", "t1")
        )

    def test_all_tenants_and_shards_and_no_other_kind(self, table):
        for number in range(20):
            plan(NOW, tenant_id=TENANT if number % 2 else OTHER, what=f"w{number}")
        plan(NOW, kind="period", what="other")
        assert {each.id for each in found_since(NOW)} == {f"w{number}" for number in range(20)}

    def test_what_is_still_to_come_in_the_bucket_waits(self, table):
        plan(NOW + MINUTE)
        assert found_since(NOW) == []
        assert len(found_since(NOW, NOW + MINUTE)) == 1

    def test_buckets_since(self, table):
        """The oldest first; what lies in the bucket that `since` lies in is looked at once more."""
        for minutes in (0, 6, 61, 121):
            plan(NOW - minutes * MINUTE, what=f"m{minutes}")
        found = [each.id for each in found_since(NOW - 15 * MINUTE)]
        assert (set(found[:2]), found[2:]) == ({"m6", "m61"}, ["m0"])

    def test_more_than_a_page(self, table):
        at = NOW - MINUTE
        for number in range(3):
            index = {"GSI2PK": keys.due("trial", at, 0), "GSI2SK": f"{rfc3339(at)}#{TENANT}#w{number}"}
            padded = {**index, "summary": {"long": "x" * 390_000}}
            commit([writes.put(keys.state(TENANT, "tenant", f"w{number}"), padded)])
        assert len(found_since(at)) == 3


class TestSweep:
    def test_each_is_acted_on_once(self, settled):
        plan(NOW, what="a")
        plan(NOW - MINUTE, what="b", tenant_id=OTHER)
        assert sweep("trial", settled, NOW) == Swept(done=2, failed=0)
        assert sweep("trial", settled, NOW) == Swept(done=0, failed=0)
        assert sorted(settled.seen) == ["a", "b"]

    def test_one_that_fails_leaves_the_others_alone_and_is_tried_again(self, settled, caplog):
        plan(NOW, what="good")
        plan(NOW, what="bad")

        def act(each):
            if each.id == "bad":
                raise ValueError("not now")
            settled(each)

        assert sweep("trial", act, NOW) == Swept(done=1, failed=1)
        assert [each.message for each in caplog.records] == ["due_failed", "swept"]
        assert sweep("trial", settled, NOW + timedelta(hours=2)) == Swept(done=1, failed=0)
        assert settled.seen == ["good", "bad"]

    def test_what_is_under_way_is_looked_at_again(self, settled):
        plan(NOW - 20 * MINUTE, what="slow")

        def act(each):
            raise Later

        assert sweep("trial", act, NOW) == Swept(done=0, failed=0, later=1)
        assert sweep("trial", act, NOW + 60 * MINUTE) == Swept(done=0, failed=0, later=1)
        assert sweep("trial", settled, NOW + 120 * MINUTE) == Swept(done=1, failed=0)

    def test_a_sweep_that_was_missed_is_made_up_for(self, settled):
        sweep("trial", settled, NOW)
        plan(NOW + timedelta(minutes=30))
        assert sweep("trial", settled, NOW + timedelta(minutes=90)) == Swept(done=1, failed=0)

    def test_what_was_written_a_little_late_is_found(self, settled):
        sweep("trial", settled, NOW)
        plan(NOW - 10 * MINUTE)
        assert sweep("trial", settled, NOW + MINUTE) == Swept(done=1, failed=0)

    def test_it_reads_only_what_came_since(self, settled, monkeypatch):
        sweep("trial", settled, NOW)
        asked = []
        monkeypatch.setattr("troupe.store.due._shard", lambda pk, _until: asked.append(pk) or iter(()))
        sweep("trial", settled, NOW + timedelta(hours=1))
        assert len(asked) == keys.DUE_SHARDS * len((11, 12, 13))  # o'clock


def never(_each):
    raise ValueError("never")


def asked(monkeypatch):
    """The partitions that a sweep reads from now on."""
    seen = []
    monkeypatch.setattr("troupe.store.due._shard", lambda pk, _until: seen.append(pk) or iter(()))
    return seen


@pytest.fixture
def unsharded(monkeypatch):
    """Days are hundreds of queries for each shard, which take long in moto."""
    monkeypatch.setattr(keys, "DUE_SHARDS", 1)


@pytest.mark.usefixtures("unsharded")
class TestStandstill:
    def test_after_days_all_that_fell_due_is_found(self, settled, monkeypatch):
        """Kernel finding: of what was due 3 d 2 h and 2 d ago only the second was ever seen."""
        sweep("trial", settled, NOW - timedelta(days=4))
        plan(NOW - timedelta(days=3, hours=2), what="old")
        plan(NOW - timedelta(days=2), what="young")
        assert sweep("trial", settled, NOW) == Swept(done=2, failed=0)
        assert sorted(settled.seen) == ["old", "young"]

    def test_after_weeks_the_first_days_and_the_last_come_first_and_nothing_is_passed(
        self, settled, monkeypatch
    ):
        monkeypatch.setattr(sweeps, "STRETCH", timedelta(hours=6))
        sweep("trial", settled, NOW - timedelta(hours=48))
        for hours in (45, 30, 20, 3, 0):
            plan(NOW - timedelta(hours=hours), what=f"h{hours}")
        sweep("trial", settled, NOW)
        assert sorted(settled.seen) == ["h0", "h3", "h45"]
        for _ in range(8):
            sweep("trial", settled, NOW)
        assert sorted(settled.seen) == ["h0", "h20", "h3", "h30", "h45"]

    def test_a_first_sweep_looks_for_what_a_backup_may_hold(self, settled, monkeypatch):
        monkeypatch.setattr(sweeps, "FIRST", timedelta(hours=30))
        plan(NOW - timedelta(hours=29))
        assert sweep("trial", settled, NOW) == Swept(done=1, failed=0)

    def test_what_is_written_after_its_time_is_found_however_late(self, settled):
        sweep("trial", settled, NOW)
        at, late = NOW - timedelta(days=9), NOW + MINUTE
        index = {
            "GSI2PK": keys.due_place("trial", at, late, "w"),
            "GSI2SK": f"{rfc3339(at)}#{TENANT}#w",
        }
        commit([writes.put(keys.state(TENANT, "tenant", "w"), index)])
        assert sweep("trial", settled, late + MINUTE) == Swept(done=1, failed=0)

    def test_a_table_that_is_restored_after_a_long_weekend(self, settled):
        """The record of the sweeps is restored with what falls due."""
        sweep("trial", settled, NOW - timedelta(days=5))
        plan(NOW - timedelta(days=4, hours=23))
        assert sweep("trial", settled, NOW) == Swept(done=1, failed=0)


@pytest.mark.usefixtures("unsharded")
class TestLeftBehind:
    def test_what_fails_for_days_is_tried_again_each_time(self, settled):
        plan(NOW)
        for days in (0, 1, 4, 30):
            assert sweep("trial", never, NOW + timedelta(days=days)).failed == 1
        assert sweep("trial", settled, NOW + timedelta(days=31)) == Swept(done=1, failed=0)

    def test_and_costs_one_query(self, settled, monkeypatch):
        plan(NOW)
        sweep("trial", never, NOW)
        sweep("trial", never, NOW + timedelta(days=2))
        monkeypatch.setattr("troupe.store.due._act", lambda *_: (Swept(done=0, failed=1), {}))
        seen = []
        monkeypatch.setattr("troupe.store.due.due_now", lambda _kind, _now, there: seen.extend(there))
        sweep("trial", never, NOW + timedelta(days=2, minutes=5))
        assert len([place for place in seen if place.bucket < NOW + timedelta(days=1)]) == 1

    def test_with_more_places_than_are_remembered_it_goes_no_further(self, settled, monkeypatch):
        monkeypatch.setattr(sweeps, "MOST_OPEN", 3)
        sweep("trial", settled, NOW)
        for hours in range(8):
            plan(NOW + timedelta(hours=hours), what=f"w{hours}")
        later = NOW + timedelta(hours=9)
        assert sweep("trial", never, later).failed == 8
        assert sweep("trial", never, later + timedelta(days=1)).failed == 8
        assert sweep("trial", settled, later + timedelta(days=2)) == Swept(done=8, failed=0)

    def test_the_age_of_the_oldest_is_a_metric(self, settled, capsys):
        plan(NOW - timedelta(minutes=90))
        metrics.clear_metrics()
        sweep("trial", never, NOW)
        assert metrics.serialize_metric_set()["oldest_due_seconds"] == [5400.0]
        metrics.clear_metrics()
        sweep("trial", settled, NOW)
        assert metrics.serialize_metric_set()["oldest_due_seconds"] == [0.0]
        metrics.clear_metrics()


def test_a_store_s_listing_falls_due(table):
    """The index keys that the store writes for `Listing(due=...)` are the ones that the sweep reads."""
    from dataclasses import replace

    from support.kernel.box import BOX, MAKE
    from support.spec import NOON
    from troupe.domain.decider import Listing
    from troupe.store import transact
    from troupe.store.aggregates import Ref
    from troupe.store.scope import Scope

    timed = replace(BOX, listed=lambda _state, _id: Listing(due=("box", NOW)))
    transact.execute(Scope(context=NOON, correlation_id="c"), Ref(decider=timed, id="b1", creates=True), MAKE)
    (found,) = found_since(NOW, kind="box")
    assert (found.tenant_id, found.id, found.at) == (TENANT, "b1", NOW)
    assert table.describe_table(TableName="t")["Table"]["TableName"] == "t"
