"""Who has not decided is reminded once a day, as long as there is time; and what a timer does that comes too late."""

from dataclasses import replace

import pytest

from commerce.promotion.commands import ApprovePromotion, EndPromotion, RemindApprovers, StartPromotion
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL, PromotionApproversReminded
from support.commerce.promotion_histories import (
    CREATED,
    DAY,
    END,
    HISTORIES,
    HOUR,
    NOW,
    PENDING,
    REFUSED,
    SUBMIT,
    SUBMITTED,
    SUBMITTED_LIVE,
    TARGETS,
    WITHIN,
    approved,
    given,
)
from support.spec import assert_folds_as_stored


def reminded(*targets, number=1, at=NOW + DAY):
    return PromotionApproversReminded(targets=targets, number=number, decide_by=NOW + WITHIN, reminded_at=at)


def test_after_a_day_those_who_have_not_decided():
    history = (*PENDING, approved("a"))
    given(*history).at(NOW + DAY - HOUR).when(RemindApprovers()).then_nothing()
    given(*history).at(NOW + DAY).when(RemindApprovers()).then(reminded(GLOBAL, "b"))


def test_once_a_day_however_often_it_is_asked_for():
    history = (*PENDING, reminded(*TARGETS))
    assert_folds_as_stored(PROMOTION, history)
    given(*history).at(NOW + DAY).when(RemindApprovers()).then_nothing()
    given(*history).at(NOW + 2 * DAY - HOUR).when(RemindApprovers()).then_nothing()
    again = reminded(*TARGETS, number=2, at=NOW + 2 * DAY)
    given(*history).at(NOW + 2 * DAY).when(RemindApprovers()).then(again)


def test_not_when_the_time_is_over():
    given(*PENDING).at(NOW + WITHIN).when(RemindApprovers()).then_nothing()
    last = reminded(*TARGETS, number=6, at=NOW + 6 * DAY)
    state = PROMOTION.fold((*PENDING, last))
    assert (state.remind_at, state.due_at) == (None, NOW + WITHIN)
    given(*PENDING, last).at(NOW + WITHIN - HOUR).when(RemindApprovers()).then_nothing()


def test_not_of_what_is_due_within_a_day():
    soon = replace(SUBMITTED_LIVE, decide_by=NOW + DAY)
    state = PROMOTION.fold((CREATED, soon))
    assert (state.remind_at, state.due_at) == (None, NOW + DAY)
    given(CREATED, soon).at(NOW + DAY - HOUR).when(RemindApprovers()).then_nothing()


@pytest.mark.parametrize("status", sorted(set(HISTORIES) - {"draft", "pending_approval"}))
def test_no_reminder_after_the_decision(status):
    given(*HISTORIES[status]).at(NOW + DAY).when(RemindApprovers()).then_nothing()


def test_no_reminder_of_a_draft():
    given(CREATED).at(NOW + DAY).when(RemindApprovers()).then_rejected("not_open")


def test_another_submission_begins_anew():
    (again,) = given(*REFUSED).at(NOW + 3 * DAY).when(SUBMIT).act()
    state = PROMOTION.fold((*PENDING, reminded(*TARGETS), *REFUSED[len(PENDING) :], again))
    assert (state.reminders, state.reminded_at, state.remind_at) == (0, None, NOW + 4 * DAY)


def test_a_reminder_decides_nothing():
    history = (CREATED, SUBMITTED, reminded(*TARGETS))
    before, after = PROMOTION.fold(history[:2]), PROMOTION.fold(history)
    assert (after.status, after.targets, after.decide_by) == (before.status, before.targets, before.decide_by)
    (first, *_) = given(*history).at(NOW + 2 * DAY).when(ApprovePromotion(target="a")).act()
    assert first.target == "a"


@pytest.mark.parametrize("status", ["ended", "cancelled"])
@pytest.mark.parametrize("late", [StartPromotion(), EndPromotion()])
def test_a_timer_that_fires_when_it_is_over_does_nothing(status, late):
    given(*HISTORIES[status]).at(END + DAY).when(late).then_nothing()
