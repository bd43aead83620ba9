from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.spec import OTHER, TENANT
from troupe.store import keys
from troupe.store.keys import ForeignKey

PART = st.text(alphabet=st.characters(exclude_characters="#", exclude_categories=["Cs"]), min_size=1)


@given(PART, PART)
def test_every_key_begins_with_its_tenant(kind, name):
    for pk in (
        keys.aggregate(TENANT, kind, name),
        keys.counter(TENANT, kind, name).pk,
        keys.view(TENANT, kind, name),
        keys.unique(kind, name, TENANT).pk,
        keys.idempotency(TENANT, kind, name).pk,
    ):
        assert keys.tenant_of(pk) == TENANT


@pytest.mark.parametrize("tenant", ["", "acme", "@@", TENANT.upper(), f"{TENANT}#X", f"{TENANT[:-1]}*", "*"])
def test_what_is_no_tenant_makes_no_key(tenant):
    with pytest.raises(ForeignKey):
        keys.aggregate(tenant, "user", "u")


@pytest.mark.parametrize("part", ["", "a#b", "#"])
def test_a_part_cannot_reach_into_the_next(part):
    with pytest.raises(ForeignKey):
        keys.aggregate(TENANT, "user", part)


@pytest.mark.parametrize("pk", [f"{OTHER}#USERS", "@#UNIQUE#EMAIL#x", f"{TENANT}X#USERS", ""])
def test_an_index_key_of_another_tenant_is_refused(pk):
    with pytest.raises(ForeignKey):
        keys.own(TENANT, pk)


def test_index_keys_a_tenant_may_write():
    due = keys.due("trial", datetime(2026, 1, 31, 12, 3, tzinfo=UTC), 3)
    assert (
        keys.own(TENANT, due)
        == due
        == f"@#DUE#TRIAL#{int(datetime(2026, 1, 31, 12, tzinfo=UTC).timestamp())}#3"
    )
    assert keys.own(TENANT, keys.listing(TENANT, "USERS#active")) == f"{TENANT}#USERS#active"


def test_shards_are_few_and_all_used():
    assert {keys.due_shard(str(n)) for n in range(200)} == set(range(keys.DUE_SHARDS))


def test_an_address_is_one_guard_however_it_is_written():
    assert keys.email(" Ann@Example.com ") == keys.email("ann@example.com")
    assert "ann" not in keys.email("ann@example.com").pk


def test_events_sort_by_version():
    assert sorted([keys.event(10), keys.event(9), keys.event(100)]) == [
        keys.event(9),
        keys.event(10),
        keys.event(100),
    ]


def test_the_others():
    assert keys.inbox("stripe", "evt_1").pk == "@#INBOX#stripe#evt_1"
    assert keys.session(TENANT, "s").pk == f"{TENANT}#SESSION#s"
    assert keys.feature_flag("dark_mode").pk == "@#FEATURE_FLAG#dark_mode"
    assert keys.standing(TENANT) == (f"{TENANT}#STANDING", "STANDING")
    assert keys.part(TENANT, "credential", "c", "PASSWORD") == (f"{TENANT}#CREDENTIAL#c", "PASSWORD")
