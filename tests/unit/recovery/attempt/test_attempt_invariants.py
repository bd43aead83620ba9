"""Invariants of an attempt, with any commands in any order."""

from contextlib import suppress
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from recovery.attempt import next_action
from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    ChangeAmount,
    ChangePaymentMethod,
    ClaimRetry,
    ClaimStep,
    HoldRecoveryAttempt,
    MarkFailed,
    MarkRecovered,
    MigrateAttempt,
    PostponeRetry,
    PostponeStep,
    RecordLatePayment,
    RecordPaymentAttempt,
    RecordStepClicked,
    RecordStepOpened,
    RecordStepSent,
    ReleaseRetry,
    ReleaseStep,
    ResumeRecoveryAttempt,
    ReverseRecovery,
    SequenceStep,
    SkipStep,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import RetryClaimed, RetryScheduled, SequenceEdition
from recovery.attempt.evolve import FORWARD
from recovery.attempt.step_events import StepClaimed, StepSent
from recovery.policy.decision import replay
from support.recovery.attempt_histories import (
    HARD,
    NETWORK_51,
    NEVER,
    OTHER,
    PLANNING,
    SOFT,
    START,
    Story,
    charge,
    failed,
    starting,
)
from support.spec import assert_folds_as_stored
from troupe.domain.decider import Rejected

STEP_IDS = st.sampled_from(["first", "second", "third", "extra"])
NUMBERS = st.integers(1, 4)
DECLINES = st.sampled_from([SOFT, HARD, NEVER, NETWORK_51])
CENTS = st.integers(0, 4000)
HOURS = st.integers(0, 60)
REASONS = st.sampled_from(["requested", "disputed", "account_disconnected"])


class Life(RuleBasedStateMachine):
    """An attempt that anything is asked of, while the clock goes on."""

    @initialize()
    def start(self):
        self.story = Story(first=None, terms={"retry_limit": 3})
        self.now = START
        self.ended = False
        self.claims = 0

    def _ask(self, command):
        before = self.story.attempt
        try:
            events = self.story.ask(command, self.now)
        except Rejected:
            assert self.story.attempt == before
            return
        for event in events:
            if isinstance(event, StepClaimed | RetryClaimed):
                assert before.pending, "nothing is mailed or charged after the end"
                assert before.held_at is None, "nor while it is held"
                assert self.now - event.fetched_at <= timedelta(seconds=60)
        self._again(command)

    def _again(self, command):
        """The same command once more is no event: it is done, or refused."""
        with suppress(Rejected):
            assert self.story.ask(command, self.now) == ()

    @rule(hours=HOURS)
    def time_goes_by(self, hours):
        self.now += timedelta(hours=hours)

    @rule(number=st.integers(1, 9), decline=DECLINES, by=st.sampled_from(["stripe", "troupe", "customer"]))
    def a_charge_fails(self, number, decline, by):
        self._ask(failed(number, self.now, decline, initiator=by))

    @rule(number=st.integers(1, 9), status=st.sampled_from(["pending", "succeeded"]))
    def a_charge_is_made(self, number, status):
        self._ask(RecordPaymentAttempt(charge=charge(number, self.now, status=status), planning=PLANNING))

    @rule(number=st.integers(2, 5))
    def another_card(self, number):
        from dataclasses import replace

        card = replace(OTHER, payment_method_id=f"pm_{number}", fingerprint=f"fp_{number % 3}")
        self._ask(ChangePaymentMethod(card=card, changed_at=self.now, planning=PLANNING))

    @rule(remaining=CENTS, credited=CENTS, paid=CENTS)
    def another_amount(self, remaining, credited, paid):
        self._ask(ChangeAmount(amount_remaining_cents=remaining, credited_cents=credited, paid_cents=paid))

    @rule(early=st.booleans())
    def what_comes_next_is_claimed(self, early):
        match next_action.next_action(self.story.state, self.now):
            case next_action.Retry(number=number):
                key = f"key/{number}"
                self._ask(ClaimRetry(number=number, idempotency_key=key, fetched_at=self.now, early=early))
            case next_action.SendStep(step_id=step_id):
                self._ask(ClaimStep(step_id=step_id, fetched_at=self.now, early=early))
            case next_action.Fail(reason=reason):
                self._ask(MarkFailed(reason=reason))
                assert not self.story.attempt.pending
            case next_action.Abandon(reason=reason):
                self._ask(AbandonRecoveryAttempt(reason=reason, planned=True))
                assert not self.story.attempt.pending
            case next_action.Wait(until=until):
                assert until > self.now

    @rule(number=NUMBERS, later=st.booleans(), spent=st.booleans())
    def a_retry_is_given_back(self, number, later, spent):
        at_ = self.now + timedelta(hours=1) if later else None
        self._ask(ReleaseRetry(number=number, reason="slow_down", retry_at=at_, spent=spent))

    @rule(number=NUMBERS, hours=HOURS)
    def a_retry_is_postponed(self, number, hours):
        self._ask(PostponeRetry(number=number, retry_at=self.now + timedelta(hours=hours), reason="no_slot"))

    @rule(step_id=STEP_IDS, early=st.booleans(), age=st.integers(0, 90))
    def a_step_is_claimed(self, step_id, early, age):
        fetched = self.now - timedelta(seconds=age)
        self._ask(ClaimStep(step_id=step_id, fetched_at=fetched, early=early))

    @rule(step_id=STEP_IDS)
    def a_step_is_sent(self, step_id):
        self._ask(RecordStepSent(step_id=step_id, sent_at=self.now))

    @rule(step_id=STEP_IDS, what=st.sampled_from([RecordStepOpened, RecordStepClicked]))
    def a_mail_is_looked_at(self, step_id, what):
        self._ask(what(step_id=step_id))

    @rule(step_id=STEP_IDS, hours=HOURS)
    def a_step_is_put_off(self, step_id, hours):
        self._ask(
            PostponeStep(step_id=step_id, due_at=self.now + timedelta(hours=hours), reason="quiet_hours")
        )

    @rule(step_id=STEP_IDS)
    def a_step_is_given_back(self, step_id):
        self._ask(ReleaseStep(step_id=step_id, reason="changed"))

    @rule(step_id=STEP_IDS)
    def a_step_is_skipped(self, step_id):
        self._ask(SkipStep(step_id=step_id, reason="opted_out"))

    @rule(reason=REASONS, until=st.none() | HOURS)
    def it_is_held(self, reason, until):
        ends = None if until is None else self.now + timedelta(hours=until)
        self._ask(HoldRecoveryAttempt(reason=reason, until=ends))

    @rule(reason=st.none() | REASONS)
    def it_is_resumed(self, reason):
        self._ask(ResumeRecoveryAttempt(reason=reason))

    @rule(edition=st.integers(1, 3), ids=st.permutations(["first", "second", "third", "extra"]))
    def it_is_migrated(self, edition, ids):
        sequence = SequenceEdition(id=starting().sequence.id, edition=edition)
        steps = tuple(
            SequenceStep(id=each, delay_hours=24 * place) for place, each in enumerate(ids[: edition + 1])
        )
        self._ask(MigrateAttempt(sequence=sequence, steps=steps))

    @precondition(lambda self: self.now > START + timedelta(days=1))
    @rule(amount=CENTS)
    def it_is_paid(self, amount):
        self._ask(MarkRecovered(recovered_amount_cents=amount, recovered_at=self.now))

    @precondition(lambda self: self.now > START + timedelta(days=3))
    @rule(end=st.sampled_from([MarkFailed(), AbandonRecoveryAttempt(reason="cancelled")]))
    def it_ends(self, end):
        self._ask(end)

    @rule(amount=CENTS)
    def money_comes_late(self, amount):
        self._ask(RecordLatePayment(amount_cents=amount, paid_at=self.now))

    @rule(amount=CENTS)
    def money_goes_back(self, amount):
        self._ask(ReverseRecovery(reversed_amount_cents=amount, reason="refund"))

    @invariant()
    def every_decision_can_be_made_again(self):
        for event in getattr(self, "story", Story()).events[-2:]:
            if decision := getattr(event, "decision", None):
                assert replay(decision) == decision

    @invariant()
    def an_end_is_final_and_leaves_nothing_to_be_done(self):
        attempt = self.story.attempt
        if self.ended:
            assert not attempt.pending
        self.ended = not attempt.pending
        if self.ended:
            assert attempt.retry is None
            assert attempt.held_at is None
            assert attempt.ended_at
            assert next_action.due_at(attempt) is None
            assert not any(step.open for step in attempt.steps)

    @invariant()
    def no_step_is_sent_twice(self):
        sent = [event.step_id for event in self.story.events if isinstance(event, StepSent)]
        assert len(sent) == len(set(sent))
        assert tuple(sent) == self.story.attempt.sent_step_ids

    @invariant()
    def no_number_is_charged_twice(self):
        claimed = [(e.number, e.idempotency_key) for e in self.story.events if isinstance(e, RetryClaimed)]
        assert len({number for number, _ in claimed}) == len(set(claimed))

    @invariant()
    def the_budget_is_kept(self):
        planned = [event for event in self.story.events if isinstance(event, RetryScheduled)]
        assert all(event.decision.inputs.retries < 3 for event in planned)
        assert all(event.retry_at <= self.story.attempt.terms.window_ends_at for event in planned)

    @invariant()
    def what_goes_back_came(self):
        attempt = self.story.attempt
        assert 0 <= attempt.reversed_amount_cents <= (attempt.recovered_amount_cents or 0)
        assert (attempt.recovered_amount_cents or 0) <= attempt.amount_due_cents

    def teardown(self):
        if hasattr(self, "story"):
            assert_folds_as_stored(RECOVERY_ATTEMPT, tuple(self.story.events))
            statuses = self._statuses()
            assert statuses == sorted(statuses)

    def _statuses(self):
        """Of the first step, after every event: it only moves forward."""
        state, ranks = None, []
        for event in self.story.events:
            state = RECOVERY_ATTEMPT.after(state, event)
            first = [step for step in state.steps if step.id == "first"]
            ranks += [FORWARD.index(step.status) for step in first]
        return ranks


Life.TestCase.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
TestLife = Life.TestCase
