from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.clock import now, rfc3339

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(timezones=ZONES).filter(lambda instant: 1 < instant.year < 9999)


def test_now_is_utc():
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=1)


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (datetime(2026, 1, 31, 12, tzinfo=UTC), "2026-01-31T12:00:00.000000Z"),
        (datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC), "2026-01-31T12:00:00.000001Z"),
        (datetime(2026, 2, 1, 1, tzinfo=timezone(timedelta(hours=2))), "2026-01-31T23:00:00.000000Z"),
    ],
)
def test_rfc3339(instant, text):
    assert rfc3339(instant) == text


def test_a_naive_time_is_no_instant():
    with pytest.raises(ValueError, match="zone"):
        rfc3339(datetime(2026, 1, 31))  # noqa: DTZ001 -- what is refused


@given(INSTANTS)
def test_it_reads_back(instant):
    assert datetime.fromisoformat(rfc3339(instant)) == instant


@given(INSTANTS, INSTANTS)
def test_texts_sort_as_instants_do(one, other):
    assert (rfc3339(one) < rfc3339(other)) == (one < other)
