"""The mails of an attempt: claimed and sent once each, in their order, and never two on one day."""

from datetime import timedelta

import pytest

from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    ClaimStep,
    HoldRecoveryAttempt,
    MarkRecovered,
    PostponeStep,
    RecordStepClicked,
    RecordStepOpened,
    RecordStepSent,
    ReleaseStep,
    ResumeRecoveryAttempt,
    SkipStep,
)
from recovery.attempt.step_events import (
    StepClaimed,
    StepClicked,
    StepConverted,
    StepOpened,
    StepPostponed,
    StepReleased,
    StepSent,
    StepSkipped,
)
from support.recovery.attempt_histories import GENTLE, START, Story, at
from troupe.domain.decider import Rejected

PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=2))


def claim(step_id="first", when=START, **given):
    return ClaimStep(step_id=step_id, fetched_at=when, **given)


def refused(story, command, when=None):
    with pytest.raises(Rejected) as rejected:
        story.ask(command, when)
    return rejected.value.code


def sent(step_id="first", when=START):
    return RecordStepSent(step_id=step_id, sent_at=when)


class TestClaiming:
    def test_a_step_that_is_due(self):
        story = Story()
        (claimed,) = story.ask(claim())
        assert claimed == StepClaimed(
            step_id="first", claimed_at=START, claimed_until=at(seconds=120), fetched_at=START
        )

    def test_a_claimed_step_is_left_alone_until_its_lease_ends(self):
        story = Story()
        story.ask(claim())
        assert refused(story, claim(when=at(seconds=119)), at(seconds=119)) == "step_claimed"
        assert story.ask(claim(when=at(seconds=120)), at(seconds=120))

    def test_before_its_time_by_a_person_alone(self):
        story = Story()
        story.send("first", START)
        assert refused(story, claim("second", at(days=1)), at(days=1)) == "step_not_due"
        assert story.ask(claim("second", at(days=1), early=True), at(days=1))

    def test_in_their_order(self):
        assert refused(Story(), claim("second", early=True)) == "step_not_next"

    def test_neither_what_was_sent_nor_what_is_skipped(self):
        story = Story()
        story.send("first", START)
        assert refused(story, claim()) == "step_settled"
        story.ask(SkipStep(step_id="second", reason="opted_out"))
        assert refused(story, claim("second", early=True)) == "step_settled"

    def test_no_such_step(self):
        assert refused(Story(), claim("nine")) == "unknown_step"

    def test_on_what_stripe_said_a_minute_ago_at_most(self):
        story = Story()
        assert refused(story, claim(when=START), at(seconds=61)) == "facts_too_old"
        assert story.ask(claim(when=START), at(seconds=60))

    def test_neither_held_nor_ended(self):
        story = Story()
        story.ask(HoldRecoveryAttempt())
        assert refused(story, claim()) == "attempt_held"
        story.ask(ResumeRecoveryAttempt())
        story.ask(PAID)
        assert refused(story, claim()) == "attempt_ended"


class TestGivingBack:
    def test_it_is_due_as_before(self):
        story = Story()
        story.ask(claim())
        assert story.ask(ReleaseStep(step_id="first", reason="paid")) == (
            StepReleased(step_id="first", reason="paid"),
        )
        assert story.ask(ReleaseStep(step_id="first", reason="paid")) == ()
        assert story.step("first").open
        assert story.step("first").claimed_until is None

    def test_s_51_postponed_is_not_lost(self):
        story = Story()
        later = PostponeStep(step_id="first", due_at=at(hours=22), reason="quiet_hours")
        assert story.ask(later) == (
            StepPostponed(step_id="first", due_at=at(hours=22), reason="quiet_hours"),
        )
        assert story.ask(later) == ()
        assert refused(story, claim()) == "step_not_due"

    def test_not_while_it_is_being_sent(self):
        story = Story()
        story.ask(claim())
        later = PostponeStep(step_id="first", due_at=at(hours=22), reason="quiet_hours")
        assert refused(story, later) == "step_claimed"
        assert story.ask(later, at(seconds=120))

    def test_s_47_skipped_it_stays_scheduled_with_the_reason(self):
        story = Story()
        story.ask(claim())
        assert story.ask(SkipStep(step_id="first", reason="bounced")) == (
            StepReleased(step_id="first", reason="bounced"),
            StepSkipped(step_id="first", reason="bounced"),
        )
        assert story.ask(SkipStep(step_id="first", reason="bounced")) == ()
        assert (story.step("first").status, story.step("first").skipped_reason) == ("scheduled", "bounced")
        assert story.attempt.status == "pending"


class TestSending:
    def test_once(self):
        story = Story()
        assert story.send("first", START) == (StepSent(step_id="first", sent_at=START),)
        assert story.ask(sent(when=at(hours=1))) == ()
        assert story.attempt.sent_step_ids == ("first",)

    def test_an_unclaimed_step_cannot_be_recorded_as_sent(self):
        assert refused(Story(), sent()) == "step_not_claimed"

    def test_s_44_what_left_before_the_payment_stays_sent(self):
        story = Story()
        story.ask(claim())
        story.ask(PAID)
        assert [step.skipped_reason for step in story.attempt.steps] == ["recovered"] * 3
        assert story.ask(sent()) == (StepSent(step_id="first", sent_at=START),)
        first = story.step("first")
        assert (first.status, first.skipped_reason) == ("sent", None)
        assert story.attempt.status == "recovered"

    def test_s_44_after_the_end_the_open_ones_are_skipped_with_its_reason(self):
        story = Story()
        story.send("first", START)
        events = story.ask(AbandonRecoveryAttempt(reason="cancelled"), at(days=1))
        assert events[:2] == (
            StepSkipped(step_id="second", reason="cancelled"),
            StepSkipped(step_id="third", reason="cancelled"),
        )
        assert story.step("first").skipped_reason is None

    def test_s_43_late_mails_keep_a_day_between_them(self):
        story = Story()
        story.send("first", at(days=6))
        assert [step.due_at for step in story.attempt.steps[1:]] == [at(days=7), at(days=8)]

    def test_s_43_on_time_nothing_moves(self):
        story = Story()
        assert story.send("first", at(hours=2))[0].moved == ()

    def test_s_43_from_the_one_before_it_counts_from_when_that_was_sent(self):
        from dataclasses import replace

        story = Story(sequence=replace(GENTLE, delays_from="previous_sent"))
        story.send("first", at(days=1))
        assert [step.due_at for step in story.attempt.steps[1:]] == [at(days=4), at(days=10)]

    def test_s_43_steps_of_one_day_keep_their_hours(self):
        from recovery.attempt.commands import SequenceStep

        steps = tuple(SequenceStep(id=f"s{hours}", delay_hours=hours) for hours in (0, 6, 30))
        story = Story(steps=steps)
        story.send("s0", at(hours=20))
        assert [step.due_at for step in story.attempt.steps[1:]] == [at(hours=26), at(hours=50)]

    def test_s_43_a_day_of_25_hours_is_one_day(self):
        story = Story(
            started_at=at(days=236, hours=-9),  # 2026-10-24 01:00 UTC
            terms={"zone": "Europe/Berlin", "window_ends_at": at(days=300)},
            first=None,
        )
        midnight = story.attempt.started_at + timedelta(days=6)
        story.send("first", midnight.replace(day=24, hour=22, minute=30))  # 00:30 of the 25th
        due = story.step("second").due_at
        assert due.isoformat() >= "2026-10-25T23:00"


class TestTouches:
    @pytest.mark.parametrize(
        "command", [RecordStepOpened(step_id="first"), RecordStepClicked(step_id="first")]
    )
    def test_what_was_not_sent_is_neither_opened_nor_clicked(self, command):
        assert refused(Story(), command) == "invalid_transition"

    def test_the_first_of_each_is_kept(self):
        story = Story()
        story.send("first", START)
        opened = RecordStepOpened(step_id="first", opened_at=at(hours=1))
        assert story.ask(opened) == (StepOpened(step_id="first", opened_at=at(hours=1)),)
        assert story.ask(RecordStepOpened(step_id="first"), at(hours=2)) == ()
        assert story.ask(RecordStepClicked(step_id="first"), at(hours=3)) == (
            StepClicked(step_id="first", clicked_at=at(hours=3)),
        )
        assert story.ask(RecordStepClicked(step_id="first"), at(hours=4)) == ()

    def test_they_decide_nothing(self):
        story = Story()
        story.send("first", START)
        before = story.attempt
        story.ask(RecordStepClicked(step_id="first"), at(hours=1))
        assert (story.attempt.status, story.attempt.retry) == (before.status, before.retry)
        assert story.attempt.steps[1:] == before.steps[1:]

    def test_after_the_end_too(self):
        story = Story()
        story.send("first", START)
        story.ask(PAID, at(days=2))
        assert story.ask(RecordStepOpened(step_id="first"), at(days=3))
        assert story.step("first").status == "converted"


RANKS = ("scheduled", "sent", "opened", "clicked", "converted")


def come_to(status):
    story = Story()
    if status != "scheduled":
        story.send("first", START)
    match status:
        case "opened":
            story.ask(RecordStepOpened(step_id="first"))
        case "clicked":
            story.ask(RecordStepClicked(step_id="first"))
        case "converted":
            story.ask(PAID)
    assert story.step("first").status == status
    return story


def push(story, to):
    match to:
        case "sent" if story.step("first").status == "scheduled":
            story.send("first", START)
        case "sent":
            story.ask(sent())
        case "opened":
            story.ask(RecordStepOpened(step_id="first"))
        case "clicked":
            story.ask(RecordStepClicked(step_id="first"))
        case "converted":
            story.ask(PAID)


@pytest.mark.parametrize("to", RANKS[1:])
@pytest.mark.parametrize("was", RANKS)
def test_s_36_every_step_of_a_status_goes_forward_or_nowhere(was, to):
    """DunningStepStatus: each pair. What was not sent is neither opened, clicked nor converted."""
    story = come_to(was)
    if was == "scheduled" and to in {"opened", "clicked"}:
        with pytest.raises(Rejected, match="neither opened nor clicked"):
            push(story, to)
    else:
        push(story, to)
    unsent = was == "scheduled" and to != "sent"
    expected = was if unsent else max(was, to, key=RANKS.index)
    assert story.step("first").status == expected


def test_only_the_last_mail_before_the_payment_converts():
    story = Story()
    story.send("first", START)
    story.send("second", at(days=3))
    events = story.ask(MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=4)), at(days=4))
    assert events[0] == StepConverted(step_id="second", converted_at=at(days=4))
    assert [step.status for step in story.attempt.steps] == ["sent", "converted", "scheduled"]


def test_a_mail_after_the_payment_converts_nothing():
    story = Story()
    story.send("first", at(days=1))
    events = story.ask(MarkRecovered(recovered_amount_cents=2900, recovered_at=START), at(days=2))
    assert not any(isinstance(event, StepConverted) for event in events)
