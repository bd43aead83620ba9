"""Counters: each event counts once, in any order, with repetitions and faults."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support import faulty_client
from support.faulty_client import Crash, Faulty
from support.spec import LAMBDA, OTHER, TENANT
from support.stream_events import NOON, SHELF, batch, envelope, failed
from troupe.clock import now
from troupe.ids import new_id
from troupe.projection import counters, generations
from troupe.projection.counters import MARKED_FOR, TooOld, count
from troupe.projection.projection import projection
from troupe.projection.rebuild import BEGINNING
from troupe.projection.view import Increment, Place, View, daily
from troupe.store import keys, reads, writes
from troupe.store import table as tables
from troupe.store.commit import ATTEMPTS, commit


def tally(event, at):
    """One for each event of its type, on the day by the tenant's clocks."""
    yield daily(at.date(), event.type)


DAYS = View(name="days", count=tally)
OLD = now() - MARKED_FOR


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def faulty(table, quick, monkeypatch):
    def install(*script):
        client = Faulty(tables.client(), list(script))
        monkeypatch.setattr(tables, "client", cache(lambda: client))
        return client

    return install


def day(at=NOON, tenant_id=TENANT, view="days"):
    text = at.date().isoformat()
    found = reads.one(keys.Key(keys.view(tenant_id, view, text[:7]), text)) or {}
    return {name: value for name, value in found.items() if name not in {"PK", "SK"}}


def logins(number, **more):
    return [envelope("sign_in", new_id(), 1, "logged_in", **more) for _ in range(number)]


class TestOnce:
    def test_several_events_add_up(self, table):
        assert count(DAYS, 1, logins(3)) == {}
        assert day() == {"sign_in.logged_in": 3}

    def test_again_adds_nothing(self, table):
        events = logins(3)
        count(DAYS, 1, events)
        count(DAYS, 1, [*events, *events])
        assert day() == {"sign_in.logged_in": 3}

    def test_some_counted_before_and_some_not(self, table):
        events = logins(5)
        count(DAYS, 1, events[1:3])
        count(DAYS, 1, events)
        assert day() == {"sign_in.logged_in": 5}

    def test_the_mark_stays_for_ninety_days(self, table):
        (event,) = logins(1)
        count(DAYS, 1, [event])
        mark = reads.one(keys.counted(TENANT, "days", event.id))
        assert mark["expires_at"] - now().timestamp() == pytest.approx(MARKED_FOR.total_seconds(), abs=60)
        assert timedelta(days=30) <= MARKED_FOR

    def test_each_generation_counts_for_itself(self, table):
        events = logins(2)
        count(DAYS, 1, events)
        count(DAYS, 2, events)
        assert day() == day(view="days~2") == {"sign_in.logged_in": 2}

    def test_what_adds_nothing_leaves_nothing(self, table):
        quiet = View(name="days", count=lambda _event, _at: ())
        (event,) = logins(1)
        assert count(quiet, 1, [event]) == {}
        assert reads.one(keys.counted(TENANT, "days", event.id)) is None
        assert count(View(name="days"), 1, [event]) == {}

    def test_ups_and_downs_of_one_item_make_one_write(self, table):
        place = Place(parts=("x",))
        moves = View(
            name="moves",
            count=lambda event, _at: [
                Increment(place=place, field="held", by=event.data["by"]),
                Increment(place=place, field="moved"),
                Increment(place=place, field="moved"),
            ],
        )
        count(moves, 1, [envelope("hold", new_id(), 1, "moved", by=by) for by in (3, -3, 2)])
        row = reads.one(keys.Key(keys.view(TENANT, "moves", "x"), "ROW"))
        assert (row["held"], row["moved"]) == (2, 6)

    @settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
    @given(
        size=st.integers(1, 12), seed=st.integers(0, 2**32), cut=st.integers(1, 15), repeats=st.integers(1, 3)
    )
    def test_any_permutation_and_repetition_ends_the_same(self, table, size, seed, cut, repeats):
        tenant_id, dice = new_id(), random.Random(seed)
        events = [
            envelope("sign_in", new_id(), 1, dice.choice("abc"), tenant_id=tenant_id) for _ in range(size)
        ]
        deliveries = events * repeats
        dice.shuffle(deliveries)
        for start in range(0, len(deliveries), cut):
            assert count(DAYS, 1, deliveries[start : start + cut]) == {}
        expected = {each.type: sum(event.type == each.type for event in events) for each in events}
        assert day(tenant_id=tenant_id) == expected


class TestSize:
    def test_more_events_than_a_transaction_holds(self, faulty):
        client = faulty()
        count(DAYS, 1, logins(120))
        assert day() == {"sign_in.logged_in": 120}
        assert client.calls == 2

    def test_more_items_than_a_transaction_holds(self, faulty):
        client = faulty()
        apart = View(
            name="apart",
            count=lambda event, _at: [Increment(place=Place(parts=(event.aggregate_id,)), field="n")],
        )
        events = logins(60)
        count(apart, 1, events)
        found = reads.batch(
            [keys.Key(keys.view(TENANT, "apart", each.aggregate_id), "ROW") for each in events]
        )
        assert [row["n"] for row in found.values()] == [1] * 60
        assert client.calls == 2

    def test_one_event_that_adds_to_more_items_than_a_transaction_holds(self, faulty):
        """It is counted in parts, each of them once."""
        wide = View(
            name="wide",
            count=lambda event, _at: [
                Increment(place=Place(parts=(f"x{number % 230}",)), field="n") for number in range(460)
            ],
        )
        client = faulty(faulty_client.fine, faulty_client.crash_after)
        (event,) = logins(1)
        with pytest.raises(Crash):
            count(wide, 1, [event])
        assert count(wide, 1, [event]) == count(wide, 1, [event]) == {}
        keyed = [keys.Key(keys.view(TENANT, "wide", f"x{number}"), "ROW") for number in range(230)]
        found = [reads.batch(keyed[start : start + 100]) for start in range(0, 230, 100)]
        assert [row["n"] for part in found for row in part.values()] == [2] * 230
        assert client.calls >= 4

    def test_more_tenants_than_a_read_holds(self, table):
        tenants = [new_id() for _ in range(101)]
        count(DAYS, 1, [event for tenant_id in tenants for event in logins(1, tenant_id=tenant_id)])
        assert all(day(tenant_id=tenant_id) == {"sign_in.logged_in": 1} for tenant_id in tenants)


class TestDays:
    def test_the_day_is_the_tenant_s(self, table):
        midnight = datetime.now(UTC).replace(hour=23, minute=30)
        commit([writes.put(keys.standing(OTHER), {"zone": "Asia/Tokyo"})])
        count(DAYS, 1, [*logins(1, at=midnight), *logins(2, at=midnight, tenant_id=OTHER)])
        assert day(midnight) == {"sign_in.logged_in": 1}
        assert day(midnight, OTHER) == {}
        assert day(midnight + timedelta(days=1), OTHER) == {"sign_in.logged_in": 2}

    def test_after_a_change_of_zone_a_rebuild_counts_the_same_days(self, table):
        """Kernel finding: live 2026-11-30, rebuilt as 2026-12-01, in another month."""
        late = datetime.now(UTC).replace(hour=23, minute=30, second=0, microsecond=0) - timedelta(days=1)
        before, after = logins(1, at=late), logins(2, at=late + timedelta(minutes=10))
        count(DAYS, 1, before)
        ended = (late + timedelta(minutes=5)).isoformat()
        standing = {"zone": "Asia/Tokyo", "zones": [[ended, "UTC"]]}
        commit([writes.put(keys.standing(TENANT), standing)])
        count(DAYS, 1, after)
        count(DAYS, 2, [*after, *before], oldest=BEGINNING)
        tomorrow, rebuilt = late + timedelta(days=1), generations.physical("days", 2)
        live = [day(late), day(tomorrow)]
        assert live == [{"sign_in.logged_in": 1}, {"sign_in.logged_in": 2}]
        assert [day(late, view=rebuilt), day(tomorrow, view=rebuilt)] == live


class TestFaults:
    def test_the_response_is_lost(self, faulty):
        """It was committed; the second attempt finds the marks and adds nothing."""
        client = faulty(faulty_client.lost)
        assert count(DAYS, 1, logins(2)) == {}
        assert day() == {"sign_in.logged_in": 2}
        assert client.calls == 2

    @pytest.mark.parametrize(
        "fault",
        [
            faulty_client.conflict,
            faulty_client.throttle,
            faulty_client.throttled_inside,
            faulty_client.unsent,
        ],
    )
    def test_contention_is_tried_again(self, faulty, fault):
        faulty(fault, fault)
        assert count(DAYS, 1, logins(2)) == {}
        assert day() == {"sign_in.logged_in": 2}

    @pytest.mark.parametrize(
        ("crash", "counted"), [(faulty_client.crash_before, 0), (faulty_client.crash_after, 2)]
    )
    def test_the_process_ends_and_the_messages_come_again(self, faulty, crash, counted):
        events = logins(2)
        faulty(crash)
        with pytest.raises(Crash):
            count(DAYS, 1, events)
        assert sum(day().values()) == counted
        assert count(DAYS, 1, events) == {}
        assert day() == {"sign_in.logged_in": 2}

    def test_a_table_that_does_not_keep_up_fails_all_of_them(self, faulty):
        faulty(*[faulty_client.throttle] * ATTEMPTS)
        events = logins(2)
        assert count(DAYS, 1, events).keys() == {each.id for each in events}
        assert day() == {}

    def test_an_event_that_cannot_be_counted_fails_alone(self, table):
        broken = envelope("box", "b", 1, "miscounted")
        good = envelope("box", "c", 1, "made", name="blue")
        answer = projection(SHELF)(batch(broken, good), LAMBDA)
        assert failed(answer) == ["box-1-0"]
        assert day(view="shelf") == {"made": 1}

    def test_an_item_that_cannot_be_added_to_fails_its_events_alone(self, table):
        """What the table refuses for good (here: the number is a text) is found by halves."""
        commit(
            [
                writes.put(
                    keys.Key(keys.view(OTHER, "days", f"{NOON:%Y-%m}"), f"{NOON:%Y-%m-%d}"),
                    {"bad.event": "text"},
                )
            ]
        )
        poison = envelope("bad", new_id(), 1, "event", tenant_id=OTHER)
        events = [*logins(2), poison, *logins(2)]
        assert count(DAYS, 1, events).keys() == {poison.id}
        assert day() == {"sign_in.logged_in": 4}


class TestAge:
    def test_what_is_older_than_its_mark_would_be_is_refused(self, table):
        (event,) = logins(1, at=OLD - timedelta(minutes=1))
        (error,) = count(DAYS, 1, [event]).values()
        assert isinstance(error, TooOld)
        assert count(DAYS, 1, logins(1, at=OLD + timedelta(days=1))) == {}

    def test_a_rebuild_counts_it(self, table):
        (event,) = logins(1, at=OLD - timedelta(days=1))
        assert count(DAYS, 1, [event], oldest=OLD - timedelta(days=2)) == {}
        assert day(OLD - timedelta(days=1)) == {"sign_in.logged_in": 1}

    def test_an_old_one_that_adds_nothing_is_no_failure(self, table):
        (event,) = logins(1, at=OLD - timedelta(days=1))
        assert count(replace(DAYS, count=lambda _event, _at: ()), 1, [event]) == {}


def test_a_transaction_holds_at_most_ninety_nine_events():
    assert counters.MOST_EVENTS == 99
