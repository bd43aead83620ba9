from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.domain import time_zones
from troupe.domain.time_zones import (
    UnknownZone,
    at,
    local_day,
    month_of,
    next_month,
    start_of_day,
    start_of_month,
)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


NAMES = st.sampled_from(sorted(time_zones.names()))
DAYS = st.dates(date(1900, 1, 2), date(2099, 12, 30))
INSTANTS = st.builds(
    lambda day, second: utc(day.year, day.month, day.day) + timedelta(seconds=second),
    DAYS,
    st.integers(0, 86399),
)
TICK = timedelta(microseconds=1)


class TestNames:
    @pytest.mark.parametrize(
        "name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires", "Asia/Calcutta"]
    )
    def test_known(self, name):
        assert time_zones.checked(name) == name

    @pytest.mark.parametrize(
        "name",
        [
            "",
            "Berlin",
            "europe/berlin",
            "Europe",
            "../zones",
            "/etc/passwd",
            "Factory",
            "zone.tab",
            "Europe/Berlin\0",
        ],
    )
    def test_unknown(self, name):
        with pytest.raises(UnknownZone):
            time_zones.checked(name)
        with pytest.raises(UnknownZone):
            local_day(utc(2026, 1, 1), name)

    def test_every_name_has_rules(self):
        assert all(time_zones.local(utc(2026, 1, 1), name) == utc(2026, 1, 1) for name in time_zones.names())

    def test_they_are_the_names_that_python_knows(self):
        assert time_zones.names() <= available_timezones()


class TestLocalDay:
    def test_either_side_of_the_date_line(self):
        noon = utc(2026, 1, 31, 12)
        assert local_day(noon, "Pacific/Kiritimati") == date(2026, 2, 1)
        assert local_day(noon, "Etc/GMT+12") == date(2026, 1, 31)

    def test_a_naive_time_is_no_instant(self):
        with pytest.raises(ValueError, match="zone"):
            local_day(datetime(2026, 1, 31), "UTC")  # noqa: DTZ001 -- what is refused


class TestStartOfDay:
    @pytest.mark.parametrize(
        ("day", "zone", "start"),
        [
            (date(2026, 7, 1), "Europe/Berlin", utc(2026, 6, 30, 22)),
            (date(2026, 3, 29), "Europe/Berlin", utc(2026, 3, 28, 23)),  # forward at 2:00
            (date(2026, 3, 30), "Europe/Berlin", utc(2026, 3, 29, 22)),
            (date(2018, 11, 4), "America/Sao_Paulo", utc(2018, 11, 4, 3)),  # 0:00 is 1:00
            (date(2019, 2, 17), "America/Sao_Paulo", utc(2019, 2, 17, 3)),  # 0:00 was 23:00 once more
            (date(2026, 11, 1), "America/Havana", utc(2026, 11, 1, 4)),  # 1:00 is 0:00 once more
            (date(1919, 3, 31), "America/Toronto", utc(1919, 3, 31, 4, 30)),  # 23:30 is 0:30
            (
                date(2006, 10, 29),
                "America/St_Johns",
                utc(2006, 10, 29, 2, 30),
            ),  # 0:01 is 23:01 the day before
            (date(2011, 12, 30), "Pacific/Apia", utc(2011, 12, 30, 10)),  # a day that was left out
            (date(2011, 12, 31), "Pacific/Apia", utc(2011, 12, 30, 10)),
        ],
    )
    def test_known(self, day, zone, start):
        assert start_of_day(day, zone) == start
        assert start_of_day(day, zone).tzinfo is UTC

    @given(DAYS, NAMES)
    def test_it_is_the_first_instant_of_the_day(self, day, zone):
        start = start_of_day(day, zone)
        assert local_day(start, zone) >= day
        assert local_day(start - TICK, zone) < day

    @given(DAYS, NAMES)
    def test_days_follow_each_other(self, day, zone):
        length = start_of_day(day + timedelta(days=1), zone) - start_of_day(day, zone)
        assert timedelta(0) <= length <= timedelta(hours=48)

    @given(INSTANTS, NAMES)
    def test_an_instant_is_in_its_own_day(self, instant, zone):
        assert start_of_day(local_day(instant, zone), zone) <= instant


class TestAt:
    @pytest.mark.parametrize(
        ("day", "clock", "zone", "instant"),
        [
            (date(2026, 3, 8), time(9), "America/New_York", utc(2026, 3, 8, 13)),
            (date(2026, 3, 8), time(2, 30), "America/New_York", utc(2026, 3, 8, 7)),  # 2:00 is 3:00
            (date(2026, 11, 1), time(1, 30), "America/New_York", utc(2026, 11, 1, 5, 30)),  # 1:30 comes twice
            (date(2026, 10, 4), time(2, 15), "Australia/Lord_Howe", utc(2026, 10, 3, 15, 30)),  # half an hour
            (date(2011, 12, 30), time(9), "Pacific/Apia", utc(2011, 12, 30, 10)),  # a day that was left out
        ],
    )
    def test_known(self, day, clock, zone, instant):
        assert at(day, clock, zone) == instant
        assert at(day, clock, zone).tzinfo is UTC

    @given(DAYS, st.times(), NAMES)
    def test_it_is_the_first_instant_that_shows_as_much(self, day, clock, zone):
        wall, found = datetime.combine(day, clock), at(day, clock, zone)
        assert time_zones.local(found, zone).replace(tzinfo=None) >= wall
        assert time_zones.local(found - TICK, zone).replace(tzinfo=None) < wall

    @given(INSTANTS, NAMES)
    def test_what_is_shown_leads_back(self, instant, zone):
        shown = time_zones.local(instant, zone)
        assert at(shown.date(), shown.time(), zone) <= instant


class TestMonths:
    def test_by_the_tenants_calendar(self):
        assert month_of(utc(2026, 11, 30, 23, 30), "Europe/Berlin") == "2026-12"
        assert month_of(utc(2026, 11, 30, 23, 30), "America/New_York") == "2026-11"

    def test_start(self):
        assert start_of_month("2026-11", "America/New_York") == utc(2026, 11, 1, 4)

    @pytest.mark.parametrize(
        ("month", "following"), [("2026-11", "2026-12"), ("2026-12", "2027-01"), ("0999-12", "1000-01")]
    )
    def test_next(self, month, following):
        assert next_month(month) == following

    @pytest.mark.parametrize(
        "text", ["", "2026", "2026-13", "2026-00", "2026-1", "26-01", "2026-11-01", "2026-11\n"]
    )
    def test_what_is_no_month(self, text):
        with pytest.raises(ValueError, match="YYYY-MM"):
            next_month(text)
        with pytest.raises(ValueError, match="YYYY-MM"):
            start_of_month(text, "UTC")

    @given(INSTANTS, NAMES)
    def test_an_instant_is_in_its_month(self, instant, zone):
        month = month_of(instant, zone)
        assert start_of_month(month, zone) <= instant < start_of_month(next_month(month), zone)
