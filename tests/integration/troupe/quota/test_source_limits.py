from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from support.dynamodb import all_items, before_next_write, round_trips
from troupe.quota import source_limits
from troupe.quota.source_limits import Limit, digest, spend
from troupe.quota.too_many_requests import TooManyRequests

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
THREE = Limit(what="try", most=3, window=timedelta(minutes=15))
READ = source_limits._secret  # which other tests do without
HERE, THERE = "203.0.113.7", "198.51.100.9"


def spent(times, source=HERE, at=NOON):
    for _ in range(times):
        spend(THREE, source, at)


def test_so_many_from_one_address_in_a_window(table):
    spent(3)
    with pytest.raises(TooManyRequests) as refused:
        spent(1, at=NOON + timedelta(minutes=14))
    assert refused.value.retry_after == 60
    spent(3, THERE)
    spent(3, at=NOON + timedelta(minutes=15))


def test_a_factor_allows_more(table, monkeypatch):
    monkeypatch.setenv("SOURCE_LIMIT_FACTOR", "2")
    spent(6)
    with pytest.raises(TooManyRequests):
        spent(1)


def test_without_an_address_nothing_is_counted(table):
    spent(4, "")
    assert all_items() == []


def test_what_the_table_refuses_is_a_fault(table, monkeypatch):
    def refuse(*_):
        raise ClientError({"Error": {"Code": "ValidationException", "Message": ""}}, "UpdateItem")

    monkeypatch.setattr(source_limits, "_add", refuse)
    with pytest.raises(ClientError):
        spent(1)


class TestKey:
    @pytest.fixture(autouse=True)
    def unread(self, table, monkeypatch):
        monkeypatch.setattr(source_limits, "_secret", READ)
        source_limits._secrets.clear()
        yield
        source_limits._secrets.clear()

    def test_it_is_of_the_day_and_ends_with_its_counts(self):
        today, tomorrow = digest(HERE, NOON), digest(HERE, NOON + timedelta(days=1))
        assert today != tomorrow
        assert all(each["expires_at"] > NOON.timestamp() for each in all_items())
        assert HERE not in repr(all_items())

    def test_of_two_who_make_it_at_once_both_have_the_first(self):
        first = []
        with before_next_write(lambda: first.append(digest(HERE, NOON))):
            source_limits._secrets.clear()
            assert [digest(HERE, NOON)] == first

    def test_it_is_read_once_and_is_everybody_s(self):
        first = digest(HERE, NOON)
        source_limits._secrets.clear()
        assert digest(HERE, NOON) == first
        with round_trips() as made:
            digest(THERE, NOON)
        assert made == []
