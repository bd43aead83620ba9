import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from support.spec import Given, assert_folds_as_stored
from troupe.quota.warnings import QUOTA, NoteExceeded, QuotaExceeded, QuotaWarningReached, WarnOfQuota

given = Given(QUOTA)


def warn(used, limit=100, period="2026-11"):
    return WarnOfQuota(quota="users", period=period, used=used, limit=limit)


def warned(percent, used, period="2026-11"):
    return QuotaWarningReached(quota="users", period=period, percent=percent, used=used, limit=100)


EXCEEDED = QuotaExceeded(quota="users", period="2026-11")


@pytest.mark.parametrize(
    "used, percents", [(0, ()), (79, ()), (80, (80,)), (94, (80,)), (95, (80, 95)), (120, (80, 95))]
)
def test_thresholds(used, percents):
    given().when(warn(used)).then(*(warned(percent, used) for percent in percents))


def test_once_each():
    given(warned(80, 80)).when(warn(85)).then_nothing()
    given(warned(80, 80)).when(warn(95)).then(warned(95, 95))
    given(warned(80, 95), warned(95, 95)).when(warn(99)).then_nothing()


def test_again_in_the_next_period():
    given(warned(80, 80), warned(95, 96)).when(warn(80, period="2026-12")).then(warned(80, 80, "2026-12"))


def test_a_period_that_is_over_is_not_told_of_again():
    later = QuotaExceeded(quota="users", period="2026-12")
    given(warned(80, 80), later).when(warn(95)).then_nothing()
    given(EXCEEDED, later).when(NoteExceeded(quota="users", period="2026-11")).then_nothing()


def test_a_limit_of_nothing_warns_of_nothing():
    given().when(warn(0, limit=0)).then_nothing()


def test_exceeded_is_told_once_a_period():
    note = NoteExceeded(quota="users", period="2026-11")
    given().when(note).then(EXCEEDED)
    given(EXCEEDED).when(note).then_nothing()
    given(warned(80, 80), EXCEEDED).when(note).then_nothing()
    given(EXCEEDED).when(NoteExceeded(quota="users", period="2026-12")).then(
        QuotaExceeded(quota="users", period="2026-12")
    )


@examples(st.lists(st.integers(0, 130), max_size=20))
def test_no_more_than_two_warnings_however_use_goes_up_and_down(uses):
    history = []
    for used in uses:
        history += QUOTA.answer(warn(used), QUOTA.fold(history), given.context)
    percents = [event.percent for event in history]
    assert percents in ([], [80], [80, 95])
    assert bool(percents) == any(used >= 80 for used in uses)
    assert_folds_as_stored(QUOTA, tuple(history))
