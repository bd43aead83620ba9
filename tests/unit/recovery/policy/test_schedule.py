"""The schedule: ladders, paydays, local hours over changes of clocks, and the spread."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from recovery.policy.decline import Decline, classify
from recovery.policy.schedule import (
    GiveUp,
    RetryAt,
    RetryPolicy,
    RetryState,
    at_once,
    in_payday_window,
    is_business_day,
    is_payday,
    jitter,
    next_retry,
    zone_for,
)
from troupe.domain import time_zones

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
NSF = classify(Decline(decline_code="insufficient_funds"))
LATER = classify(Decline(decline_code="do_not_honor"))
TECHNICAL = classify(Decline(decline_code="issuer_not_available"))
EXACT = RetryPolicy(spread_minutes=0)


def utc(*parts):
    return datetime(*parts, tzinfo=UTC)


def standing(failed_at, **more):
    given = {
        "attempt_id": "a",
        "number": 1,
        "retries": 0,
        "failed_at": failed_at,
        "window_ends_at": failed_at + 60 * DAY,
        "now": failed_at,
        "zone": "UTC",
    }
    return RetryState(**given | more)


def retry(classified, failed_at, policy=EXACT, **more):
    found = next_retry(classified, standing(failed_at, **more), policy)
    return found.at if isinstance(found, RetryAt) else found


class TestLadders:
    @pytest.mark.parametrize("rule", ["1st_15th", "none"])
    def test_s_05_a_day_after_visas_51(self, rule):
        """S-05: the first rung of the later ladder."""
        classified = classify(Decline(brand="visa", network_decline_code="51"))
        policy = replace(EXACT, payday_rule=rule)
        assert retry(classified, utc(2026, 10, 1, 10), policy) == utc(2026, 10, 2, 10)

    def test_s_05_ten_minutes_after_visas_91(self):
        classified = classify(Decline(brand="visa", network_decline_code="91"))
        assert retry(classified, utc(2026, 10, 1, 10)) == utc(2026, 10, 1, 10, 10)

    @pytest.mark.parametrize(
        "retries, wait", [(0, 10 * MINUTE), (1, HOUR), (2, 6 * HOUR), (3, DAY), (4, DAY), (7, DAY)]
    )
    def test_the_technical_ladder(self, retries, wait):
        assert retry(TECHNICAL, utc(2026, 10, 1, 10), retries=retries) == utc(2026, 10, 1, 10) + wait

    @pytest.mark.parametrize(
        "retries, days", [(0, 1), (1, 2), (2, 3), (3, 5), (4, 7), (5, 10), (6, 14), (7, 14)]
    )
    def test_the_later_ladder(self, retries, days):
        assert retry(LATER, utc(2026, 10, 1, 10), retries=retries) == utc(2026, 10, 1 + days, 10)

    @pytest.mark.parametrize(
        "advice, at",
        [("28", utc(2026, 10, 7, 10)), ("24", utc(2026, 10, 2, 10)), ("30", utc(2026, 10, 11, 10))],
    )
    def test_s_09_a_minimum_wait_only_lengthens(self, advice, at):
        """S-09: MAC 28 is six days; the hour of MAC 24 leaves the day as it is."""
        classified = classify(
            Decline(brand="mastercard", network_decline_code="51", network_advice_code=advice)
        )
        policy = replace(EXACT, payday_rule="none")
        assert retry(classified, utc(2026, 10, 1, 10), policy) == at

    def test_without_a_local_time_the_wait_alone_counts(self):
        policy = replace(EXACT, local_time=None)
        assert retry(LATER, utc(2026, 10, 1, 22, 17), policy) == utc(2026, 10, 2, 22, 17)

    def test_a_wait_that_ends_within_the_spread_is_not_put_off_by_a_day(self):
        policy = RetryPolicy(spread_minutes=60)
        failed_at = utc(2026, 10, 1, 10, 23)
        at = retry(LATER, failed_at, policy)
        assert utc(2026, 10, 2, 10, 23) <= at < utc(2026, 10, 2, 11)
        assert retry(LATER, failed_at, EXACT) == utc(2026, 10, 3, 10)


class TestPaydays:
    @pytest.mark.parametrize(
        "failed_at, at",
        [
            (utc(2026, 7, 10, 14, 30), utc(2026, 7, 15, 10)),
            (utc(2026, 7, 20, 9), utc(2026, 8, 1, 10)),
            (utc(2026, 7, 14, 12), utc(2026, 7, 16, 10)),  # the day after, where the day itself is too soon
            (utc(2026, 7, 15, 10), utc(2026, 7, 16, 10)),
            (utc(2026, 7, 16, 10), utc(2026, 8, 1, 10)),
        ],
    )
    def test_s_16_the_next_first_or_fifteenth(self, failed_at, at):
        """S-16: at ten, in the workspace's zone, and a day after the decline at the soonest."""
        assert retry(NSF, failed_at) == at

    def test_s_16_in_the_customers_zone(self):
        at = retry(NSF, utc(2026, 7, 10, 14, 30), zone="America/Los_Angeles")
        assert at == utc(2026, 7, 15, 17)

    def test_business_days(self):
        policy = replace(EXACT, payday_rule="business_day", holidays=(date(2026, 7, 13),))
        assert retry(NSF, utc(2026, 7, 9, 10), policy) == utc(2026, 7, 10, 10)  # a Friday
        assert retry(NSF, utc(2026, 7, 10, 10), policy) == utc(2026, 7, 14, 10)
        assert retry(LATER, utc(2026, 7, 10, 10), policy) == utc(2026, 7, 11, 10)

    def test_days_are_the_workspaces_own(self):
        policy = replace(EXACT, paydays=(31,))
        assert retry(NSF, utc(2026, 2, 10, 10), policy) == utc(2026, 2, 28, 10)

    def test_a_month_that_is_too_short_pays_on_its_last_day(self):
        assert [is_payday(date(2026, 2, day), (30,)) for day in (27, 28)] == [False, True]
        assert in_payday_window(date(2026, 3, 1), (30,))
        assert not in_payday_window(date(2026, 3, 2), (30,))

    def test_weekends_are_no_business_days(self):
        assert [is_business_day(date(2026, 7, day)) for day in range(10, 14)] == [True, False, False, True]

    @pytest.mark.parametrize("paydays", [(), (0,), (32,)])
    def test_what_is_no_payday(self, paydays):
        with pytest.raises(ValueError, match="paydays"):
            RetryPolicy(paydays=paydays)

    @pytest.mark.parametrize("ladder", [{"later_days": ()}, {"technical_minutes": ()}])
    def test_a_ladder_has_rungs(self, ladder):
        with pytest.raises(ValueError, match="rung"):
            RetryPolicy(**ladder)


class TestClocks:
    def test_s_18_clocks_go_forward(self):
        """S-18: nine in New York is an hour sooner in UTC from that day on."""
        policy = replace(EXACT, local_time=time(9))
        assert retry(LATER, utc(2026, 3, 6, 12), policy, zone="America/New_York") == utc(2026, 3, 7, 14)
        assert retry(LATER, utc(2026, 3, 7, 12), policy, zone="America/New_York") == utc(2026, 3, 8, 13)

    def test_s_18_a_time_that_does_not_exist_is_the_first_instant_after(self):
        policy = replace(EXACT, local_time=time(2, 30))
        at = retry(LATER, utc(2026, 3, 7, 6), policy, zone="America/New_York")
        assert at == utc(2026, 3, 8, 7)

    def test_s_18_a_time_that_exists_twice_is_the_first(self):
        policy = replace(EXACT, local_time=time(1, 30))
        at = retry(LATER, utc(2026, 10, 31, 5), policy, zone="America/New_York")
        assert at == utc(2026, 11, 1, 5, 30)

    @pytest.mark.parametrize(
        "zone, at",
        [
            ("Pacific/Kiritimati", utc(2026, 9, 14, 19)),
            ("Asia/Kolkata", utc(2026, 9, 15, 3, 30)),
            ("America/Los_Angeles", utc(2026, 9, 15, 16)),
        ],
    )
    def test_s_19_nine_o_clock_is_everywhere_another_instant(self, zone, at):
        """S-19: one day, three instants."""
        policy = replace(EXACT, local_time=time(9))
        assert retry(NSF, utc(2026, 9, 10, 12), policy, zone=zone) == at

    @pytest.mark.parametrize(
        "customer, zone, origin",
        [
            ("Asia/Tokyo", "Asia/Tokyo", "customer"),
            (None, "Europe/Berlin", "workspace"),
            ("", "Europe/Berlin", "workspace"),
            ("Mars/Base", "Europe/Berlin", "workspace"),
        ],
    )
    def test_whose_zone_it_is(self, customer, zone, origin):
        assert zone_for(customer, "Europe/Berlin") == (zone, origin)


class TestSpread:
    def test_s_20_a_batch_is_spread_the_same_way_each_time(self):
        """S-20: 792 retries due at one second."""
        policy = RetryPolicy(spread_minutes=60)
        asked = [standing(utc(2026, 7, 10, 10), attempt_id=f"attempt-{index}") for index in range(792)]
        found = [next_retry(NSF, each, policy) for each in asked]
        assert found == [next_retry(NSF, each, policy) for each in asked]
        slots = [each.at for each in found]
        assert min(slots) >= utc(2026, 7, 15, 10)
        assert max(slots) < utc(2026, 7, 15, 11)
        by_minute = Counter(each.minute for each in slots)
        assert len(by_minute) == 60
        assert max(by_minute.values()) < 40  # 13.2 on average

    @examples(st.text(), st.integers(0, 1000), st.integers(0, 10_000))
    def test_the_jitter_stays_within_the_spread(self, attempt_id, number, minutes):
        found = jitter(attempt_id, number, minutes * MINUTE)
        assert timedelta() <= found < minutes * MINUTE or minutes == 0 == found.total_seconds()
        assert found.microseconds == 0
        assert found == jitter(attempt_id, number, minutes * MINUTE)

    def test_a_technical_retry_is_spread_over_its_own_wait_at_most(self):
        policy = RetryPolicy(spread_minutes=60)
        for index in range(50):
            found = next_retry(TECHNICAL, standing(utc(2026, 7, 10, 10), attempt_id=f"{index}"), policy)
            assert utc(2026, 7, 10, 10, 10) <= found.at < utc(2026, 7, 10, 10, 20)


class TestLimits:
    def test_s_11_eight_retries_and_no_more(self):
        """S-11: also when the network would allow it."""
        assert retry(LATER, utc(2026, 10, 1, 10), retries=8) == GiveUp(reason="retry_limit")
        assert isinstance(retry(LATER, utc(2026, 10, 1, 10), retries=7), datetime)
        assert at_once(standing(utc(2026, 10, 1), retries=8), EXACT) == GiveUp(reason="retry_limit")

    def test_the_windows_end_is_part_of_it(self):
        failed_at = utc(2026, 10, 1, 10)
        assert retry(LATER, failed_at, window_ends_at=failed_at + DAY) == failed_at + DAY
        ended = GiveUp(reason="window_ended")
        assert retry(LATER, failed_at, window_ends_at=failed_at + DAY - MINUTE) == ended
        # The wait ends within the window, its payday does not.
        assert retry(NSF, utc(2026, 7, 20, 9), window_ends_at=utc(2026, 7, 31)) == ended
        assert at_once(standing(failed_at, now=failed_at + 61 * DAY), EXACT) == ended

    def test_not_before_is_kept_and_the_hour_too(self):
        at = retry(LATER, utc(2026, 10, 1, 10), not_before=utc(2026, 10, 5, 11))
        assert at == utc(2026, 10, 6, 10)
        assert retry(TECHNICAL, utc(2026, 10, 1, 10), not_before=utc(2026, 10, 5, 11)) == utc(2026, 10, 5, 11)

    def test_what_is_late_is_made_now(self):
        assert retry(LATER, utc(2026, 10, 1, 10), now=utc(2026, 10, 4, 3)) == utc(2026, 10, 4, 3)

    def test_s_22_a_changed_card_is_tried_now_or_as_soon_as_it_may_be(self):
        """S-22: the part that is the schedule's."""
        now, later = utc(2026, 10, 4, 3), utc(2026, 10, 5)
        found = at_once(standing(utc(2026, 10, 1), now=now), EXACT)
        assert (found.at, found.held_back) == (now, False)
        found = at_once(standing(utc(2026, 10, 1), now=now, not_before=later), EXACT)
        assert (found.at, found.held_back) == (later, True)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
POLICIES = st.builds(
    RetryPolicy,
    payday_rule=st.sampled_from(["1st_15th", "business_day", "none"]),
    local_time=st.none() | st.times(),
    spread_minutes=st.integers(0, 600),
)
CODES = ["insufficient_funds", "do_not_honor", "issuer_not_available", "card_decline_rate_limit_exceeded"]
CLASSIFIED = st.sampled_from([classify(Decline(decline_code=code)) for code in CODES])


@examples(
    classified=CLASSIFIED,
    failed_at=INSTANTS,
    zone=st.sampled_from(sorted(time_zones.names())),
    policy=POLICIES,
    late=st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    bound=st.none() | st.integers(0, 10**6).map(lambda seconds: timedelta(seconds=seconds)),
    retries=st.integers(0, 9),
)
def test_a_retry_is_never_too_soon_nor_in_the_past_and_always_the_same(
    classified, failed_at, zone, policy, late, bound, retries
):
    asked = standing(
        failed_at,
        zone=zone,
        now=failed_at + late,
        not_before=failed_at + bound if bound is not None else None,
        retries=retries,
    )
    found = next_retry(classified, asked, policy)
    assert found == next_retry(classified, asked, policy)
    if isinstance(found, GiveUp):
        assert retries >= policy.retry_limit or found.reason == "window_ended"
        return
    assert found.at >= asked.now
    assert found.at >= (asked.not_before or asked.now)
    assert found.at >= failed_at + timedelta(minutes=classified.first_retry_minutes)
    assert found.at >= failed_at + timedelta(minutes=classified.minimum_wait_minutes)
    assert found.at <= asked.window_ends_at
    assert found.at.tzinfo is UTC
