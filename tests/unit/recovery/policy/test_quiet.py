"""Quiet hours and the cap: a mail moves to the next instant at which it may be sent, and is not lost."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from recovery.policy.quiet_hours import SendingLimits, next_sendable
from troupe.domain import time_zones

NIGHT = SendingLimits()
NO_QUIET = SendingLimits(quiet_from=time(0), quiet_until=time(0))
DAY = timedelta(days=1)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


class TestQuietHours:
    @pytest.mark.parametrize(
        "at, sendable",
        [
            (utc(2026, 7, 1, 20, 59), utc(2026, 7, 1, 20, 59)),
            (utc(2026, 7, 1, 21), utc(2026, 7, 2, 8)),
            (utc(2026, 7, 2, 3), utc(2026, 7, 2, 8)),
            (utc(2026, 7, 2, 8), utc(2026, 7, 2, 8)),
        ],
    )
    def test_s_51_a_step_in_the_quiet_hours_moves_to_their_end(self, at, sendable):
        """S-51: from 21:00 until 08:00."""
        assert next_sendable(at, "UTC", [], NIGHT) == sendable

    def test_s_51_they_are_local(self):
        assert next_sendable(utc(2026, 7, 1, 20), "Europe/Berlin", [], NIGHT) == utc(2026, 7, 2, 6)
        assert next_sendable(utc(2026, 7, 1, 20), "America/New_York", [], NIGHT) == utc(2026, 7, 1, 20)

    def test_within_a_day(self):
        siesta = SendingLimits(quiet_from=time(13), quiet_until=time(15))
        assert next_sendable(utc(2026, 7, 1, 14), "UTC", [], siesta) == utc(2026, 7, 1, 15)
        assert next_sendable(utc(2026, 7, 1, 13), "UTC", [], siesta) == utc(2026, 7, 1, 15)
        assert next_sendable(utc(2026, 7, 1, 12), "UTC", [], siesta) == utc(2026, 7, 1, 12)

    def test_the_same_time_twice_is_no_quiet(self):
        assert next_sendable(utc(2026, 7, 1, 0), "UTC", [], NO_QUIET) == utc(2026, 7, 1, 0)

    def test_over_a_change_of_clocks(self):
        berlin = "Europe/Berlin"
        assert next_sendable(utc(2026, 3, 28, 21), berlin, [], NIGHT) == utc(2026, 3, 29, 6)
        assert next_sendable(utc(2026, 10, 24, 21), berlin, [], NIGHT) == utc(2026, 10, 25, 7)

    def test_an_end_that_does_not_exist_is_the_change(self):
        until = SendingLimits(quiet_from=time(21), quiet_until=time(2, 30))
        assert next_sendable(utc(2026, 3, 8, 5), "America/New_York", [], until) == utc(2026, 3, 8, 7)

    def test_an_end_that_exists_twice(self):
        until = SendingLimits(quiet_from=time(21), quiet_until=time(1, 30))
        new_york = "America/New_York"
        assert next_sendable(utc(2026, 11, 1, 4, 45), new_york, [], until) == utc(2026, 11, 1, 5, 30)
        assert next_sendable(utc(2026, 11, 1, 5, 45), new_york, [], until) == utc(2026, 11, 1, 5, 45)
        # 1:10 is shown a second time, and quiet a second time
        assert next_sendable(utc(2026, 11, 1, 6, 10), new_york, [], until) == utc(2026, 11, 1, 6, 30)

    def test_a_day_that_was_left_out(self):
        assert next_sendable(utc(2011, 12, 30, 9), "Pacific/Apia", [], NIGHT) == utc(2011, 12, 30, 18)


class TestCap:
    def test_s_51_two_in_seven_days(self):
        """S-51: expiry warnings and dunning steps are counted together, whichever they were."""
        sends = [utc(2026, 7, 1, 9), utc(2026, 7, 3, 9)]
        assert next_sendable(utc(2026, 7, 4, 10), "UTC", sends, NIGHT) == utc(2026, 7, 8, 9)
        assert next_sendable(utc(2026, 7, 8, 9), "UTC", sends, NIGHT) == utc(2026, 7, 8, 9)
        assert next_sendable(utc(2026, 7, 4, 10), "UTC", sends[:1], NIGHT) == utc(2026, 7, 4, 10)

    def test_s_51_the_cap_may_end_in_the_quiet_hours(self):
        sends = [utc(2026, 7, 1, 20, 30), utc(2026, 7, 3, 9)]
        berlin = next_sendable(utc(2026, 7, 4, 10), "Europe/Berlin", sends, NIGHT)
        assert berlin == utc(2026, 7, 9, 6)

    def test_a_cap_of_nothing_is_none(self):
        with pytest.raises(ValueError, match="positive"):
            next_sendable(utc(2026, 7, 1), "UTC", [], SendingLimits(cap=0))


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
COURTESIES = st.builds(
    SendingLimits,
    quiet_from=st.times(),
    quiet_until=st.times(),
    cap=st.integers(1, 3),
    per_days=st.integers(1, 9),
)


@examples(
    at=INSTANTS,
    zone=st.sampled_from(sorted(time_zones.names())),
    ago=st.lists(st.integers(0, 10**6), max_size=6),
    sending_limits=COURTESIES,
)
def test_it_is_the_first_instant_that_keeps_to_both(at, zone, ago, sending_limits):
    sends = [at - timedelta(seconds=seconds) for seconds in ago]
    found = next_sendable(at, zone, sends, sending_limits)
    assert found >= at
    assert next_sendable(found, zone, sends, sending_limits) == found
    window = timedelta(days=sending_limits.per_days)
    assert sum(sent > found - window for sent in sends) < sending_limits.cap
    clock, (begin, end) = (
        time_zones.local(found, zone).time(),
        (sending_limits.quiet_from, sending_limits.quiet_until),
    )
    quiet = begin <= clock < end if begin <= end else clock >= begin or clock < end
    assert not quiet
    assert found - at <= window + 2 * DAY
    if found > at:
        assert next_sendable(found - timedelta(microseconds=1), zone, sends, sending_limits) == found
