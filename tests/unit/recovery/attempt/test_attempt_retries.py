"""The retries of an attempt: one claim at a time, under one number and one key."""

import pytest

from recovery.attempt.commands import (
    ClaimRetry,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    PostponeRetry,
    ReleaseRetry,
)
from recovery.attempt.events import RetryClaimed, RetryPostponed, RetryReleased
from recovery.attempt.next_action import Retry, next_action
from support.recovery.attempt_histories import ATTEMPT, HARD, PLANNING, Story, at, failed
from support.spec import TENANT
from troupe.domain.decider import Rejected

DUE = at(days=1)
KEY = f"{TENANT}/{ATTEMPT}/1"


def claim(when=DUE, number=1, key=KEY, **given):
    return ClaimRetry(number=number, idempotency_key=key, fetched_at=when, **given)


def refused(story, command, when=DUE):
    with pytest.raises(Rejected) as rejected:
        story.ask(command, when)
    return rejected.value.code


def test_a_retry_that_is_due():
    story = Story()
    assert story.ask(claim(fingerprint="fp_1"), DUE) == (
        RetryClaimed(
            number=1,
            idempotency_key=KEY,
            claimed_at=DUE,
            claimed_until=at(days=1, seconds=120),
            fetched_at=DUE,
            fingerprint="fp_1",
        ),
    )
    assert story.attempt.retry.fingerprint == "fp_1"


def test_before_its_time_by_a_person_alone():
    story = Story()
    early = at(hours=1)
    assert refused(story, claim(early), early) == "retry_not_due"
    assert story.ask(claim(early, early=True), early)


def test_of_two_workers_one_makes_it():
    story = Story()
    story.ask(claim(), DUE)
    assert refused(story, claim(at(days=1, seconds=119)), at(days=1, seconds=119)) == "retry_claimed"


def test_s_21_when_the_lease_is_over_it_is_the_same_charge_with_the_same_key():
    story = Story()
    story.ask(claim(), DUE)
    later = at(days=1, minutes=5)
    (again,) = story.ask(claim(later, key="another"), later)
    assert (again.number, again.idempotency_key) == (1, KEY)


def test_no_such_retry():
    assert refused(Story(), claim(number=2)) == "no_such_retry"
    assert refused(Story(first=failed(decline=HARD)), claim()) == "no_such_retry"


def test_on_what_stripe_said_a_minute_ago_at_most():
    assert refused(Story(), claim(DUE), at(days=1, seconds=61)) == "facts_too_old"


def test_neither_held_nor_ended():
    story = Story()
    story.ask(HoldRecoveryAttempt())
    assert refused(story, claim()) == "attempt_held"
    story = Story()
    story.ask(MarkRecovered(recovered_amount_cents=1, recovered_at=DUE))
    assert refused(story, claim()) == "attempt_ended"


def test_given_back_it_is_made_later_under_the_same_number_and_key():
    story = Story()
    story.ask(claim(), DUE)
    later = at(days=2)
    release = ReleaseRetry(number=1, reason="slow_down", retry_at=later)
    assert story.ask(release) == (RetryReleased(number=1, reason="slow_down", retry_at=later),)
    assert story.ask(release) == ()
    (again,) = story.ask(claim(later, key="another"), later)
    assert (again.number, again.idempotency_key) == (1, KEY)


def test_given_back_with_its_key_spent_it_is_made_under_the_next():
    story = Story()
    story.ask(claim(), DUE)
    story.ask(ReleaseRetry(number=1, reason="refused", retry_at=at(days=2), spent=True))
    assert (story.attempt.retry.number, story.attempt.retry.idempotency_key) == (2, None)
    assert next_action(story.attempt, at(days=2)) != Retry(number=1)


def test_given_back_for_good_it_is_not_made():
    story = Story()
    story.ask(claim(), DUE)
    story.ask(ReleaseRetry(number=1, reason="paid"))
    assert (story.attempt.retry, story.attempt.retries_numbered) == (None, 1)
    (_, planned) = story.ask(failed(2, at(days=2)), at(days=2))
    assert planned.number == 2


def test_an_unclaimed_retry_cannot_be_released():
    assert Story().ask(ReleaseRetry(number=1, reason="paid")) == ()


def test_s_15_postponed_nothing_is_counted():
    story = Story()
    later = at(days=1, minutes=7)
    postpone = PostponeRetry(number=1, retry_at=later, reason="no_slot")
    assert story.ask(postpone, DUE) == (RetryPostponed(number=1, retry_at=later, reason="no_slot"),)
    assert story.ask(postpone) == ()
    assert (story.attempt.retry.number, story.attempt.retries_executed) == (1, 0)
    assert refused(story, claim()) == "retry_not_due"


def test_s_15_not_while_it_is_being_made_nor_another():
    story = Story()
    assert story.ask(PostponeRetry(number=2, retry_at=at(days=3), reason="no_slot"), DUE) == ()
    story.ask(claim(), DUE)
    assert story.ask(PostponeRetry(number=1, retry_at=at(days=3), reason="no_slot")) == ()


def test_an_attempt_is_not_abandoned_during_a_charge():
    story = Story()
    story.ask(claim(), DUE)
    assert refused(story, MarkFailed()) == "retry_claimed"
    assert story.ask(MarkFailed(), at(days=1, minutes=3))


def test_each_retry_has_its_own_number():
    story = Story()
    seen = []
    for number in range(2, 6):
        seen.append(story.attempt.retry.number)
        story.retry_in_vain(number, story.attempt.retry.at)
    assert seen == [1, 2, 3, 4]
    assert story.attempt.plan_number == 1 + len(seen) + 1
    assert PLANNING.attempt_id == ATTEMPT
