"""A name is reserved until its owner proves it: what each may do with a name in each state."""

from datetime import timedelta

import pytest

from support.spec import NOON, TENANT
from troupe.domain.decider import Rejected
from troupe.store import keys, reads
from troupe.store.commit import Stale, commit
from troupe.store.reservations import holds, prove, release, reserve

KEY = keys.unique("name", "acme", TENANT)
TAKEN, LOST = Rejected("taken", "taken"), Rejected("lost", "lost")
US, THEM = {"owner": "us"}, {"owner": "them"}
NOW = NOON.now
END = NOW + timedelta(days=7)


def held():
    """The owner, and whether the name is only reserved."""
    found = reads.one(KEY)
    return found and (found["owner"], "reserved_until" in found)


def ours(*, proved: bool):
    commit([prove(KEY, US, TAKEN) if proved else reserve(KEY, US, NOW, END, TAKEN)])


def refused(action):
    with pytest.raises(Rejected) as answer:
        commit([action])
    return answer.value.code


def test_a_free_name_is_reserved_until_it_is_proved(table):
    ours(proved=False)
    assert held() == ("us", True)
    ours(proved=True)
    assert held() == ("us", False)


@pytest.mark.parametrize("owner", [US, THEM])
def test_a_reservation_keeps_others_out_until_it_is_over_and_no_longer(table, owner):
    """Whether TTL has collected it or not."""
    ours(proved=False)
    assert refused(reserve(KEY, owner, END - timedelta(seconds=1), END, TAKEN)) == "taken"
    commit([reserve(KEY, owner, END, END + timedelta(days=7), TAKEN)])
    assert held() == (owner["owner"], True)


def test_a_reservation_gives_way_to_the_first_who_proves_the_name(table):
    ours(proved=False)
    commit([prove(KEY, THEM, TAKEN)])
    assert held() == ("them", False)
    assert refused(prove(KEY, US, TAKEN)) == "taken"


def test_a_proved_name_stays(table):
    ours(proved=True)
    assert refused(reserve(KEY, THEM, END + timedelta(days=3650), END, TAKEN)) == "taken"
    ours(proved=True)
    assert held() == ("us", False)


@pytest.mark.parametrize("proved", [False, True])
def test_an_owner_releases_a_name_however_often(table, proved):
    ours(proved=proved)
    for _ in range(2):
        commit([release(KEY, US)])
        assert held() is None


def test_only_the_holder_releases_a_name(table):
    ours(proved=True)
    assert refused(release(KEY, THEM, LOST)) == "lost"
    with pytest.raises(Stale):
        commit([release(KEY, THEM)])
    assert held() == ("us", False)


def test_what_holds(table):
    assert not holds(None, NOW)
    ours(proved=False)
    assert holds(reads.one(KEY), END - timedelta(seconds=1))
    assert not holds(reads.one(KEY), END)
    ours(proved=True)
    assert holds(reads.one(KEY), END + timedelta(days=3650))
