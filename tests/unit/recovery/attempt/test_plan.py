"""What comes next: the retry, the step, the end, or a wait."""

from dataclasses import replace

import pytest

from recovery.attempt.commands import ClaimRetry, ClaimStep, RecordPaymentAttempt, SkipStep
from recovery.attempt.decider import RECOVERY_ATTEMPT, collection
from recovery.attempt.next_action import (
    Done,
    Fail,
    Outlook,
    Retry,
    SendStep,
    Wait,
    due_at,
    next_action,
    next_step,
    outlook,
    upcoming,
)
from support.recovery.attempt_histories import HARD, NEVER, PLANNING, START, Story, at, charge, failed


def test_nothing_of_what_is_not_there():
    assert (next_action(None, START), due_at(None), upcoming(None)) == (Done(), None, None)


def test_step_by_step_to_the_end():
    story = Story(first=failed(decline=HARD))
    assert next_action(story.attempt, START) == SendStep(step_id="first")
    for step_id, day in (("first", 0), ("second", 3), ("third", 6)):
        when = at(days=day)
        assert next_action(story.attempt, when) == SendStep(step_id=step_id)
        story.send(step_id, when)
    assert due_at(story.attempt) == at(days=9)
    assert next_action(story.attempt, at(days=8)) == Wait(until=at(days=9))
    assert next_action(story.attempt, at(days=9)) == Fail(reason="not_retryable")


def test_the_retry_comes_before_a_mail_that_is_due_at_once():
    story = Story()
    assert next_action(story.attempt, at(days=1)) == SendStep(step_id="first")  # it was due before
    story.send("first", at(days=1))
    assert next_action(story.attempt, at(days=1)) == Retry(number=1)
    story = Story(first=failed(when=START))
    planned = replace(story.attempt, retry=replace(story.attempt.retry, at=START))
    assert next_action(planned, START) == Retry(number=1)


@pytest.mark.parametrize(
    "first, steps, reason",
    [
        (failed(decline=HARD), False, "not_retryable"),
        (failed(decline=NEVER), True, "never_retryable"),
        (None, True, "steps_exhausted"),
    ],
)
def test_why_it_fails(first, steps, reason):
    story = Story(first=first, **({} if steps else {"sequence": None}))
    for step in story.attempt.steps:
        story.ask(SkipStep(step_id=step.id, reason="opted_out"))
    assert due_at(story.attempt) == at(hours=72)
    assert next_action(story.attempt, at(hours=72)) == Fail(reason=reason)


def test_s_11_the_last_retry_has_its_time_of_grace():
    story = Story(sequence=None, terms={"retry_limit": 1})
    story.retry_in_vain(2, at(days=1))
    assert next_action(story.attempt, at(days=1)) == Wait(until=at(days=4))
    assert next_action(story.attempt, at(days=4)) == Fail(reason="retries_exhausted")


def test_at_the_window_s_end_nothing_overdue_is_caught_up_on():
    story = Story()
    assert next_action(story.attempt, at(days=28)) == Fail(reason="window_ended")


def test_a_payment_under_way_is_waited_for():
    story = Story(sequence=None, first=None)
    under_way = RecordPaymentAttempt(charge=charge(2, START, status="pending"), planning=PLANNING)
    story.ask(under_way)
    assert due_at(story.attempt) == at(days=28)


def test_what_is_claimed_is_waited_for_and_then_taken_up_again():
    story = Story()
    story.ask(ClaimStep(step_id="first", fetched_at=START))
    assert next_action(story.attempt, at(seconds=1)) == Wait(until=at(seconds=120))
    assert next_action(story.attempt, at(days=2)) == SendStep(step_id="first")
    story = Story()
    story.ask(ClaimRetry(number=1, idempotency_key="k", fetched_at=at(days=1)), at(days=1))
    assert next_action(story.attempt, at(days=1)) == Wait(until=at(days=1, seconds=120))
    assert next_action(story.attempt, at(days=29)) == Retry(number=1)  # it may have been made


def test_s_45_a_mail_promises_what_is_planned():
    story = Story()
    assert outlook(story.attempt, "first") == Outlook(will_retry=True, retry_at=at(days=1), is_final=False)
    for step_id in ("first", "second"):
        story.ask(SkipStep(step_id=step_id, reason="opted_out"))
    assert outlook(story.attempt, "third").is_final
    story = Story(first=failed(decline=HARD))
    assert outlook(story.attempt, "first") == Outlook(will_retry=False, retry_at=None, is_final=False)


def test_the_steps_go_out_in_their_order():
    story = Story()
    assert next_step(story.attempt).id == "first"
    for step in story.attempt.steps:
        story.ask(SkipStep(step_id=step.id, reason="opted_out"))
    assert next_step(story.attempt) is None


class TestListing:
    def test_pending_it_stands_where_it_is_due(self):
        story = Story()
        listed = RECOVERY_ATTEMPT.listed(story.attempt, "x")
        assert listed.collection == (
            collection(story.attempt.workspace_id, "pending"),
            "2026-03-02T10:00:00.000000Z#x",
        )
        assert listed.due == ("recovery_attempt", START)
        assert listed.summary["decline_type"] == "soft"
        assert "ended_at" not in listed.summary

    def test_ended_it_is_not_due(self):
        from recovery.attempt.commands import HoldRecoveryAttempt, MarkRecovered

        story = Story()
        story.ask(HoldRecoveryAttempt())
        assert RECOVERY_ATTEMPT.listed(story.attempt, "x").summary["held_at"].endswith("Z")
        story.ask(MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=1)))
        listed = RECOVERY_ATTEMPT.listed(story.attempt, "x")
        assert listed.collection[0].endswith("#RECOVERED")
        assert (listed.due, listed.summary["ended_at"]) == (None, "2026-03-03T10:00:00.000000Z")
        assert listed.summary["recovered_amount_cents"] == 2900
