from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.clock import now
from troupe.domain.instants import rfc3339

ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
INSTANTS = st.datetimes(timezones=ZONES).filter(lambda instant: 1 < instant.year < 9999)


def test_now_is_utc():
    assert now().tzinfo is UTC
    assert abs(now() - datetime.now(UTC)) < timedelta(seconds=1)


def ahead():
    return now() - datetime.now(UTC)


class TestTravel:
    @pytest.fixture
    def file(self, tmp_path, monkeypatch):
        file = tmp_path / "clock"
        monkeypatch.setenv("CLOCK_FILE", str(file))
        return file

    def test_it_is_ahead_by_the_seconds_in_the_file_whenever_it_is_asked(self, file):
        for seconds in ("86400", "2592000.5\n"):
            file.write_text(seconds)
            assert ahead() == pytest.approx(timedelta(seconds=float(seconds)), abs=timedelta(seconds=1))

    def test_without_the_file_it_is_the_true_time(self, file):
        assert not file.exists()
        assert abs(ahead()) < timedelta(seconds=1)

    def test_a_blank_name_is_no_file(self, monkeypatch):
        monkeypatch.setenv("CLOCK_FILE", "")
        assert abs(ahead()) < timedelta(seconds=1)

    def test_a_file_with_no_number_in_it_is_not_passed_over(self, file):
        file.write_text("tomorrow")
        with pytest.raises(ValueError, match="tomorrow"):
            now()


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
