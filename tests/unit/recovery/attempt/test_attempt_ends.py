"""How an attempt ends and waits: each end is final, and a hold mails and charges nothing."""

from dataclasses import replace

import pytest

from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    ChangePaymentMethod,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    MigrateAttempt,
    ResumeRecoveryAttempt,
    SequenceStep,
)
from recovery.attempt.events import (
    AttemptAbandoned,
    AttemptFailed,
    AttemptHeld,
    AttemptMigrated,
    AttemptRecovered,
    AttemptResumed,
)
from recovery.attempt.next_action import Abandon, Done, Fail, SendStep, Wait, next_action
from recovery.attempt.step_events import StepPlan
from support.recovery.attempt_histories import GENTLE, HARD, OTHER, PLANNING, START, STEPS, Story, at, failed
from troupe.domain.decider import Rejected

PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=2))
ENDS = {"recovered": PAID, "failed": MarkFailed(), "abandoned": AbandonRecoveryAttempt()}


def refused(story, command, when=None):
    with pytest.raises(Rejected) as rejected:
        story.ask(command, when)
    return rejected.value.code


class TestTransitions:
    @pytest.mark.parametrize("to", ENDS)
    def test_s_36_pending_becomes_each(self, to):
        story = Story()
        story.ask(ENDS[to], at(days=2))
        assert (story.attempt.status, story.attempt.ended_at) == (to, at(days=2))
        assert (story.attempt.retry, next_action(story.attempt, at(days=99))) == (None, Done())

    @pytest.mark.parametrize("to", ENDS)
    @pytest.mark.parametrize("was", ENDS)
    def test_s_36_an_end_is_final(self, was, to):
        story = Story()
        story.ask(ENDS[was], at(days=2))
        before = story.attempt
        if was == to:
            assert story.ask(ENDS[to], at(days=3)) == ()
        else:
            assert refused(story, ENDS[to], at(days=3)) == "invalid_transition"
        assert story.attempt == before

    def test_recovered_by_what_was_paid_at_most_what_was_due(self):
        story = Story()
        told = story.ask(replace(PAID, recovered_amount_cents=5000, evidence={"charge_id": "ch_9"}))[-1]
        assert told == AttemptRecovered(
            recovered_amount_cents=2900,
            recovered_at=at(days=2),
            reason="paid",
            attribution="manual",
            evidence={"charge_id": "ch_9"},
        )
        assert (story.attempt.paid_cents, story.attempt.attribution) == (2900, "manual")

    def test_s_25_without_a_payment_nothing_is_recovered(self):
        assert refused(Story(), replace(PAID, recovered_amount_cents=0)) == "nothing_paid"

    def test_abandoned_with_its_reason(self):
        story = Story()
        told = story.ask(AbandonRecoveryAttempt(reason="voided", abandoned_at=at(hours=1)), at(days=2))[-1]
        assert told == AttemptAbandoned(reason="voided", abandoned_at=at(hours=1))
        assert story.attempt.end_reason == "voided"

    def test_by_a_flow_only_if_the_plan_says_so(self):
        story = Story()
        assert refused(story, MarkFailed(reason="retries_exhausted")) == "not_planned"
        assert refused(story, MarkFailed(reason="window_ended"), at(days=27)) == "not_planned"
        assert story.ask(MarkFailed(reason="window_ended"), at(days=28))[-1] == AttemptFailed(
            reason="window_ended", failed_at=at(days=28)
        )

    def test_a_hold_that_was_lifted_abandons_nothing(self):
        story = Story()
        story.ask(HoldRecoveryAttempt(reason="account_disconnected", until=at(days=7)))
        abandon = AbandonRecoveryAttempt(reason="account_disconnected", planned=True)
        assert refused(story, abandon, at(days=6)) == "not_planned"
        story.ask(ResumeRecoveryAttempt(reason="account_disconnected"))
        assert refused(story, abandon, at(days=7)) == "not_planned"
        assert story.attempt.pending

    def test_s_39_after_its_days_it_is_abandoned(self):
        story = Story()
        story.ask(HoldRecoveryAttempt(reason="account_disconnected", until=at(days=7)))
        assert next_action(story.attempt, at(days=6)) == Wait(until=at(days=7))
        assert next_action(story.attempt, at(days=7)) == Abandon(reason="account_disconnected")
        story.ask(AbandonRecoveryAttempt(reason="account_disconnected", planned=True), at(days=7))
        assert story.attempt.status == "abandoned"


class TestHolds:
    def test_nothing_is_done_until_it_is_resumed(self):
        story = Story()
        assert story.ask(HoldRecoveryAttempt()) == (AttemptHeld(reason="requested", held_at=START),)
        assert story.ask(HoldRecoveryAttempt(), at(days=1)) == ()
        assert next_action(story.attempt, at(days=40)) == Done()

    def test_s_43_what_is_late_is_made_up_for_on_a_day_each(self):
        story = Story()
        story.ask(HoldRecoveryAttempt())
        (resumed,) = story.ask(ResumeRecoveryAttempt(), at(days=10))
        assert resumed == AttemptResumed(
            resumed_at=at(days=10),
            steps=(
                StepPlan(id="first", delay_hours=0, due_at=at(days=10)),
                StepPlan(id="second", delay_hours=72, due_at=at(days=11)),
                StepPlan(id="third", delay_hours=144, due_at=at(days=12)),
            ),
            retry_at=at(days=10),
        )
        assert [step.due_at for step in story.attempt.steps] == [at(days=day) for day in (10, 11, 12)]
        assert (story.attempt.held_at, story.attempt.plan_number) == (None, 3)

    def test_s_43_not_on_the_day_of_the_last_one(self):
        story = Story()
        story.send("first", at(days=2))
        story.ask(HoldRecoveryAttempt())
        story.ask(ResumeRecoveryAttempt(), at(days=2, hours=3))
        assert [step.due_at for step in story.attempt.steps[1:]] == [at(days=3), at(days=6)]

    def test_what_was_not_late_stays(self):
        story = Story()
        story.send("first", START)
        story.ask(HoldRecoveryAttempt())
        story.ask(ResumeRecoveryAttempt(), at(days=2))
        assert [step.due_at for step in story.attempt.steps[1:]] == [at(days=3), at(days=6)]

    def test_without_a_retry_there_is_none_to_resume(self):
        story = Story(first=failed(decline=HARD))
        story.ask(HoldRecoveryAttempt())
        assert story.ask(ResumeRecoveryAttempt(), at(days=2))[0].retry_at is None

    def test_held_for_two_reasons_it_is_held_until_both_are_gone(self):
        story = Story()
        story.ask(HoldRecoveryAttempt())
        story.ask(HoldRecoveryAttempt(reason="disputed", until=at(days=5)))
        assert (story.attempt.held_reason, story.attempt.held_until) == ("disputed", at(days=5))
        (still,) = story.ask(ResumeRecoveryAttempt(reason="disputed"), at(days=1))
        assert still == AttemptHeld(reason="requested", held_at=START, instead_of=("disputed",))
        assert (story.attempt.held_reason, len(story.attempt.holds)) == ("requested", 1)
        assert story.ask(ResumeRecoveryAttempt(reason="disputed")) == ()
        assert isinstance(story.ask(ResumeRecoveryAttempt(reason="requested"))[0], AttemptResumed)

    def test_a_person_lifts_what_persons_may(self):
        story = Story()
        story.ask(HoldRecoveryAttempt(reason="workspace_inactive"))
        assert refused(story, ResumeRecoveryAttempt()) == "hold_not_released"
        for reason in ("requested", "disputed"):
            story.ask(HoldRecoveryAttempt(reason=reason))
        story.ask(ResumeRecoveryAttempt())
        assert [hold.reason for hold in story.attempt.holds] == ["workspace_inactive"]

    def test_of_two_that_end_the_first_abandons(self):
        story = Story()
        story.ask(HoldRecoveryAttempt(until=at(days=9)))
        story.ask(HoldRecoveryAttempt(reason="account_disconnected", until=at(days=7)))
        assert next_action(story.attempt, at(days=8)) == Abandon(reason="account_disconnected")

    def test_what_is_not_held_is_not_resumed(self):
        assert Story().ask(ResumeRecoveryAttempt()) == ()

    @pytest.mark.parametrize("command", [HoldRecoveryAttempt(), ResumeRecoveryAttempt()])
    def test_neither_after_the_end(self, command):
        story = Story()
        story.ask(PAID)
        assert refused(story, command) == "attempt_ended"

    def test_the_end_of_what_is_held(self):
        story = Story()
        story.ask(HoldRecoveryAttempt())
        story.ask(PAID)
        assert (story.attempt.status, story.attempt.held_at, story.attempt.holds) == ("recovered", None, ())


SECOND = replace(GENTLE, edition=2)


def migrate(*delays, ids=None, sequence=SECOND):
    ids = ids or [step.id for step in STEPS]
    steps = tuple(SequenceStep(id=name, delay_hours=delay) for name, delay in zip(ids, delays, strict=False))
    return MigrateAttempt(sequence=sequence, steps=steps)


def open_steps(story):
    return [(step.id, step.due_at) for step in story.attempt.steps if step.open]


class TestMigration:
    def test_s_41_what_was_sent_is_not_sent_again_and_the_rest_by_the_new_delays(self):
        story = Story()
        story.send("first", START)
        (told,) = story.ask(migrate(0, 24), at(hours=1))
        assert told == AttemptMigrated(
            sequence=SECOND,
            steps=(StepPlan(id="second", delay_hours=24, due_at=at(days=1)),),
            reason="requested",
        )
        assert [(step.id, step.status) for step in story.attempt.steps] == [
            ("first", "sent"),
            ("second", "scheduled"),
        ]
        assert story.ask(migrate(0, 24)) == ()

    def test_s_41_a_step_that_is_late_by_the_new_delays_is_not_left_out(self):
        story = Story()
        story.send("first", START)
        story.ask(migrate(0, 24, 25), at(days=2))
        assert open_steps(story) == [("second", at(days=2)), ("third", at(days=3))]

    def test_s_41_a_new_step_is_sent_in_its_place(self):
        story = Story()
        story.send("first", START)
        story.ask(migrate(0, 24, 72, 144, ids=["first", "extra", "second", "third"]), at(hours=1))
        assert [name for name, _ in open_steps(story)] == ["extra", "second", "third"]

    def test_s_41_a_step_that_was_rewritten_is_the_one_in_its_place(self):
        story = Story()
        story.send("first", START)
        story.ask(migrate(0, 72, ids=["new first", "new second"]), at(hours=1))
        assert open_steps(story) == [("new second", at(days=3))]

    def test_s_41_one_whose_step_goes_on_elsewhere_is_new(self):
        story = Story()
        story.send("first", START)
        story.ask(migrate(0, 24, ids=["new", "first"]), at(hours=1))
        assert [name for name, _ in open_steps(story)] == ["new"]

    def test_s_41_what_was_skipped_is_not_sent_either(self):
        from recovery.attempt.commands import SkipStep

        story = Story()
        story.ask(SkipStep(step_id="first", reason="opted_out"))
        story.ask(migrate(0, 24))
        assert [name for name, _ in open_steps(story)] == ["second"]

    def test_counted_from_the_mail_before(self):
        story = Story()
        story.send("first", at(days=1))
        chained = replace(SECOND, delays_from="previous_sent")
        story.ask(migrate(0, 48, 24, sequence=chained), at(days=1, hours=1))
        assert open_steps(story) == [("second", at(days=3)), ("third", at(days=4))]

    def test_not_while_a_step_is_being_sent(self):
        from recovery.attempt.commands import ClaimStep

        story = Story()
        story.ask(ClaimStep(step_id="first", fetched_at=START))
        assert refused(story, migrate(0, 24)) == "step_claimed"

    def test_not_after_the_end(self):
        story = Story()
        story.ask(PAID)
        assert refused(story, migrate(0, 24)) == "attempt_ended"

    def test_from_no_sequence_to_one(self):
        story = Story(sequence=None)
        story.ask(migrate(0, 24))
        assert next_action(story.attempt, START) == SendStep(step_id="first")


def test_the_plan_counts_what_begins_a_flow_anew():
    story = Story()
    assert story.attempt.plan_number == 2
    change = ChangePaymentMethod(card=OTHER, changed_at=at(hours=1), planning=PLANNING)
    story.ask(change, at(hours=1))
    assert story.attempt.plan_number == 3
    story.ask(HoldRecoveryAttempt())
    assert story.attempt.plan_number == 3
    assert Fail(reason="x") != Abandon(reason="x")
