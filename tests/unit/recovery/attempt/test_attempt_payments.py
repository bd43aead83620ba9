"""What charges and amounts make of an attempt: what is counted, and what comes after the end."""

from dataclasses import replace
from datetime import timedelta

import pytest

from recovery.attempt.commands import (
    ChangeAmount,
    ChangePaymentMethod,
    HoldRecoveryAttempt,
    MarkRecovered,
    RecordLatePayment,
    RecordPaymentAttempt,
    ReverseRecovery,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import (
    AmountChanged,
    PaymentAttempted,
    PaymentRecorded,
    RecoveryReversed,
    RetriesStopped,
    RetryScheduled,
)
from support.recovery.attempt_histories import (
    HARD,
    OTHER,
    PLANNING,
    START,
    Story,
    at,
    charge,
    failed,
    starting,
)
from support.spec import Given

attempt = Given(RECOVERY_ATTEMPT)
PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=2))


def changed(card=OTHER, when=START, **given):
    return ChangePaymentMethod(card=card, changed_at=when, planning=PLANNING, **given)


def kinds(events):
    return [type(event) for event in events]


class TestStarting:
    def test_steps_are_due_from_the_first_failure_on(self):
        steps = Story().attempt.steps
        assert [(step.id, step.due_at) for step in steps] == [
            ("first", START),
            ("second", at(days=3)),
            ("third", at(days=6)),
        ]

    def test_or_each_from_the_one_before(self):
        given = replace(starting().sequence, delays_from="previous_sent")
        steps = Story(sequence=given).attempt.steps
        assert [step.due_at for step in steps] == [START, at(hours=72), at(hours=216)]

    def test_without_a_sequence_there_are_no_mails(self):
        assert Story(sequence=None).attempt.steps == ()

    @pytest.mark.parametrize("amount", [0, -1])
    def test_s_25_nothing_due_is_no_case(self, amount):
        attempt().when(starting(amount_due_cents=amount)).then_rejected("nothing_due")


class TestCounting:
    def test_s_26_a_charge_is_recorded_once(self):
        story = Story()
        assert story.ask(failed(), at(hours=1)) == ()
        assert story.ask(failed(planning=None), at(hours=1)) == ()

    def test_s_13_what_was_not_charged_is_no_attempt(self):
        story = Story(first=failed(decline=HARD))
        for number in (2, 3, 4):  # Stripe numbers its attempts higher, and charges nothing
            story.ask(failed(number, at(days=number), HARD, executed=False), at(days=number))
        assert story.attempt.retries_executed == 0

    def test_s_14_what_customers_try_leaves_the_budget_as_it_is(self):
        story = Story()
        planned = story.attempt.retry
        for number in (2, 3, 4):
            events = story.ask(failed(number, at(minutes=number), initiator="customer"), at(minutes=number))
            assert kinds(events) == [PaymentAttempted]
        assert (story.attempt.retries_executed, story.attempt.retry) == (0, planned)

    def test_s_14_one_that_is_the_first_to_be_known_plans(self):
        assert Story(first=failed(initiator="customer")).attempt.retry

    def test_s_11_after_the_limit_it_is_given_up(self):
        story = Story(terms={"retry_limit": 8, "window_ends_at": at(days=60)})
        for number in range(1, 9):
            assert story.attempt.retry.number == number
            story.retry_in_vain(number + 1, story.attempt.retry.at)
        assert (story.attempt.retries_executed, story.attempt.retry) == (8, None)
        assert story.attempt.retries_stopped == "retries_exhausted"

    def test_both_engines_retries_count(self):
        story = Story(terms={"retry_limit": 2})
        story.ask(failed(2, at(hours=5)), at(hours=5))
        assert (story.attempt.retries_executed, story.attempt.retry.number) == (1, 1)
        story.retry_in_vain(3, story.attempt.retry.at)
        assert story.attempt.retries_stopped == "retries_exhausted"

    def test_after_the_window_nothing_is_retried(self):
        story = Story(terms={"window_ends_at": at(hours=12)})
        assert (story.attempt.retry, story.attempt.retries_stopped) == (None, "window_ended")

    def test_a_payment_that_is_under_way_is_recorded_again_when_it_is_over(self):
        story = Story()
        pending = RecordPaymentAttempt(charge=charge(2, at(days=1), status="pending"), planning=PLANNING)
        assert kinds(story.ask(pending, at(days=1))) == [PaymentAttempted]
        assert story.ask(pending) == ()
        over = story.ask(failed(2, at(days=1)), at(days=4))
        assert kinds(over) == [PaymentAttempted, RetryScheduled]
        assert [each.status for each in story.attempt.charges] == ["failed", "failed"]

    def test_a_charge_that_worked_plans_nothing(self):
        story = Story()
        worked = RecordPaymentAttempt(charge=charge(2, at(days=1), status="succeeded"), planning=PLANNING)
        assert kinds(story.ask(worked, at(days=1))) == [PaymentAttempted]

    def test_after_the_end_a_charge_is_a_fact_and_plans_nothing(self):
        story = Story()
        story.ask(PAID, at(days=2))
        assert kinds(story.ask(failed(2, at(days=1)), at(days=3))) == [PaymentAttempted]

    def test_while_a_retry_is_claimed_another_engine_s_charge_leaves_it_alone(self):
        story = Story()
        story.claim(at(days=1))
        assert kinds(story.ask(failed(2, at(days=1)), at(days=1))) == [PaymentAttempted]
        assert story.attempt.retry.claimed_until

    def test_our_own_charge_ends_the_claim_and_takes_the_next_number(self):
        story = Story()
        events = story.retry_in_vain(2, at(days=1))
        assert (events[0].retry_number, events[1].number) == (1, 2)
        assert story.attempt.retries_numbered == 1

    def test_a_charge_of_ours_without_a_claim_has_no_number(self):
        story = Story()
        (recorded, *_) = story.ask(failed(2, at(hours=1), initiator="troupe"), at(hours=1))
        assert recorded.retry_number is None

    def test_nor_has_one_from_long_before_the_claim(self):
        story = Story()
        story.claim(at(days=1))
        (recorded,) = story.ask(failed(2, at(hours=1), initiator="troupe"), at(days=1))
        assert recorded.retry_number is None

    def test_a_number_that_is_told_is_believed(self):
        story = Story()
        story.claim(at(days=1))
        told = replace(failed(2, at(days=1)), retry_number=1)
        assert story.ask(told)[0].retry_number == 1


class TestAmounts:
    def test_s_84_parts_that_are_paid_leave_it_pending_until_all_is(self):
        story = Story()
        for paid in (900, 1900):
            (told,) = story.ask(
                ChangeAmount(amount_remaining_cents=2900 - paid, credited_cents=0, paid_cents=paid)
            )
            assert (told.reason, story.attempt.status) == ("partly_paid", "pending")
        assert (story.attempt.amount_remaining_cents, story.attempt.paid_cents) == (1000, 1900)
        story.ask(PAID, at(days=2))
        assert (story.attempt.status, story.attempt.recovered_amount_cents) == ("recovered", 2900)

    def test_s_36_a_credit_lowers_what_remains(self):
        story = Story()
        (told,) = story.ask(ChangeAmount(amount_remaining_cents=2000, credited_cents=900, paid_cents=0))
        assert told == AmountChanged(
            amount_remaining_cents=2000, credited_cents=900, paid_cents=0, reason="credited"
        )
        assert story.attempt.amount_due_cents == 2900

    def test_what_stands_already_is_no_news_and_what_was_paid_stays_paid(self):
        story = Story()
        change = ChangeAmount(amount_remaining_cents=2000, credited_cents=0, paid_cents=900)
        story.ask(change)
        assert story.ask(change) == story.ask(replace(change, paid_cents=100)) == ()

    def test_not_after_the_end(self):
        story = Story()
        story.ask(PAID, at(days=2))
        assert story.ask(ChangeAmount(amount_remaining_cents=0, credited_cents=0, paid_cents=2900)) == ()


class TestAfterTheEnd:
    def test_money_that_comes_late_is_recorded_and_no_transition(self):
        story = Story()
        from recovery.attempt.commands import MarkFailed

        story.ask(MarkFailed(), at(days=9))
        late = RecordLatePayment(amount_cents=2900, paid_at=at(days=12))
        assert story.ask(late) == (PaymentRecorded(amount_cents=2900, paid_at=at(days=12)),)
        assert story.ask(late) == ()
        assert (story.attempt.status, story.attempt.paid_cents) == ("failed", 2900)
        assert story.attempt.recovered_amount_cents is None

    def test_before_the_end_it_is_no_late_one(self):
        with pytest.raises(Exception, match="no late one"):
            Story().ask(RecordLatePayment(amount_cents=1, paid_at=START))

    def test_s_78_what_went_back_is_the_greatest_total_and_at_most_what_came(self):
        story = Story()
        story.ask(PAID, at(days=2))
        back = ReverseRecovery(reversed_amount_cents=1000, reason="refund", reversed_at=at(days=9))
        assert story.ask(back) == (
            RecoveryReversed(reversed_amount_cents=1000, reason="refund", reversed_at=at(days=9)),
        )
        assert story.ask(back) == story.ask(replace(back, reversed_amount_cents=500)) == ()
        story.ask(replace(back, reversed_amount_cents=5000, reason="dispute", reversed_at=None), at(days=10))
        assert story.attempt.reversed_amount_cents == 2900
        assert story.events[-1].reversed_at == at(days=10)
        assert story.attempt.status == "recovered"

    def test_only_what_was_recovered_goes_back(self):
        with pytest.raises(Exception, match="can go back"):
            Story().ask(ReverseRecovery(reversed_amount_cents=1, reason="refund"))


def test_a_held_attempt_learns_all_the_same():
    story = Story()
    story.ask(HoldRecoveryAttempt())
    assert kinds(story.ask(failed(2, at(hours=1), HARD), at(hours=1))) == [PaymentAttempted, RetriesStopped]
    assert story.attempt.terms.window_ends_at - START == timedelta(days=28)
