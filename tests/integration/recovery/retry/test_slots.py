"""Slots for retries at once on one account: no more than there are, and none lost."""

from datetime import UTC, datetime, timedelta

import pytest

from recovery.retry import rate_limit
from support.spec import TENANT
from troupe.edge.request import scope_of
from troupe.store import reads
from troupe.store.commit import Stale, commit
from troupe.store.transact import Snapshot

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
KEYS = rate_limit.keys_to_read(TENANT, "acct_1", 2)
SCOPE = scope_of(now=NOON, tenant_id=TENANT, actor="flow", correlation_id="c")


def seen():
    return Snapshot(scope=SCOPE, items=reads.batch(KEYS))


def take(holder, now=NOON):
    taken = rate_limit.take(seen(), KEYS, holder, now)
    if taken is None:
        return False
    commit([taken])
    return True


def test_no_more_than_there_are(table):
    assert [take(holder) for holder in ("a:1", "b:1", "c:1")] == [True, True, False]


def test_a_holder_keeps_its_slot(table):
    assert [take("a:1"), take("a:1"), take("b:1")] == [True, True, True]
    assert len(reads.batch(KEYS)) == 2


def test_one_that_is_given_back_is_free(table):
    take("a:1")
    take("b:1")
    commit(rate_limit.free(KEYS, seen(), "a:1"))
    assert rate_limit.free(KEYS, seen(), "a:1") == ()
    assert [take("c:1"), take("d:1")] == [True, False]


def test_one_whose_worker_died_is_free_when_its_lease_is_over_s15(table):
    """S-15: a stale lock blocks no retry."""
    take("a:1")
    take("b:1")
    assert not take("c:1", NOON + rate_limit.LEASE - timedelta(seconds=1))
    assert take("c:1", NOON + rate_limit.LEASE)


def test_two_who_see_the_same_one_free(table):
    both = [rate_limit.take(seen(), KEYS, holder, NOON) for holder in ("a:1", "b:1")]
    commit(both[:1])
    with pytest.raises(Stale):
        commit(both[1:])


def test_who_waits_comes_back_at_different_times_s20():
    """S-20: 792 at the same second do not come back together, and each always at the same instant."""
    times = [rate_limit.later(f"attempt-{number}", 1, NOON) for number in range(792)]
    assert times == [rate_limit.later(f"attempt-{number}", 1, NOON) for number in range(792)]
    assert all(rate_limit.WAIT <= each - NOON < rate_limit.WAIT + rate_limit.SPREAD for each in times)
    busiest = max(times.count(each) for each in set(times))
    assert busiest < 20
