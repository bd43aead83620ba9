"""The next step of the approval flow, in every state of the promotion."""

from dataclasses import replace
from datetime import timedelta

import pytest

from commerce.promotion.decide_approval import Ask, Decide, Done, Remind, next_step
from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import GLOBAL, PromotionApproversReminded
from support.commerce.promotion_histories import (
    CREATED,
    DAY,
    HISTORIES,
    HOUR,
    NOW,
    PENDING,
    SUBMITTED_LIVE,
    TARGETS,
    WITHIN,
    approved,
    rejected,
)

A_DAY = 24 * 60 * 60


def step(*history, at=NOW, submitted_at=NOW):
    return next_step(PROMOTION.fold(history), submitted_at, at)


def reminded(at):
    return PromotionApproversReminded(targets=TARGETS, number=1, decide_by=NOW + WITHIN, reminded_at=at)


def test_all_targets_are_asked_until_the_first_reminder():
    assert step(*PENDING) == Ask(everybody=True, communities=("a", "b"), seconds=A_DAY)
    assert step(*PENDING, at=NOW + 23 * HOUR) == Ask(everybody=True, communities=("a", "b"), seconds=3600)


def test_a_target_that_has_decided_is_not_asked():
    history = (*PENDING, approved(GLOBAL), rejected("b"))
    assert step(*history) == Ask(everybody=False, communities=("a",), seconds=A_DAY)


def test_it_never_wakes_a_moment_too_early():
    """Whole seconds, upwards: else it would ask again and again until then."""
    at = NOW + DAY - timedelta(microseconds=1)
    assert step(*PENDING, at=at).seconds == 1


def test_after_a_day_they_are_reminded_and_asked_again():
    assert step(*PENDING, at=NOW + DAY) == Remind()
    asked = step(*PENDING, reminded(NOW + DAY), at=NOW + DAY)
    assert asked == Ask(everybody=True, communities=("a", "b"), seconds=A_DAY)


def test_the_last_wait_is_until_the_deadline():
    asked = step(*PENDING, reminded(NOW + 6 * DAY), at=NOW + 6 * DAY + HOUR)
    assert asked.seconds == A_DAY - 3600
    soon = replace(SUBMITTED_LIVE, decide_by=NOW + HOUR)
    assert step(CREATED, soon).seconds == 3600


def test_when_the_time_is_over_it_is_decided():
    assert step(*PENDING, at=NOW + WITHIN) == Decide()


@pytest.mark.parametrize("status", sorted(set(HISTORIES) - {"pending_approval"}))
def test_what_is_decided_is_done(status):
    assert step(*HISTORIES[status]) == Done()


def test_a_flow_of_another_submission_is_done():
    """Begun twice, or heard of late: the flow of what stands goes on alone."""
    assert step(*PENDING, submitted_at=NOW - DAY) == Done()
    assert step() == Done()
