"""What a decline and another card make of an attempt: whether it is retried, and when."""

from dataclasses import replace

import pytest

from recovery.attempt.commands import ChangePaymentMethod, MarkRecovered, RecordPaymentAttempt
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import PaymentMethodChanged
from recovery.policy.ceilings import CardCharge
from recovery.policy.circumstances import Circumstances
from recovery.policy.decision import replay
from support.recovery.attempt_histories import (
    ATTEMPT,
    HARD,
    NETWORK_51,
    NEVER,
    OTHER,
    PLANNING,
    SOFT,
    START,
    VISA,
    Story,
    at,
    charge,
    failed,
)
from support.spec import Given

attempt = Given(RECOVERY_ATTEMPT)
PAID = MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=2))


def changed(card=OTHER, when=START, **given):
    return ChangePaymentMethod(card=card, changed_at=when, planning=PLANNING, **given)


def kinds(events):
    return [type(event) for event in events]


class TestDeclines:
    def test_a_soft_one_is_retried_and_the_decision_can_be_made_again(self):
        story = Story()
        recorded, planned = story.events[1:]
        assert recorded.classification.decline_type == story.attempt.decline_type == "soft"
        assert (planned.number, planned.retry_at, planned.at_once) == (1, at(days=1), False)
        assert replay(planned.decision) == planned.decision
        assert planned.decision.rule == "stripe.insufficient_funds"

    def test_a_hard_one_is_not(self):
        story = Story(first=failed(decline=HARD))
        assert story.attempt.retry is None
        assert (story.attempt.retries_stopped, story.attempt.decline_type) == ("not_retryable", "hard")

    def test_an_unknown_one_is_soft(self):
        story = Story(first=RecordPaymentAttempt(charge=charge(), planning=PLANNING))
        assert story.attempt.decline_type == "soft"
        assert story.attempt.retry

    def test_before_anything_is_known_it_is_soft(self):
        assert Story(first=None).attempt.decline_type == "soft"

    def test_what_the_tenant_calls_hard_is(self):
        planning = replace(PLANNING, decline_overrides=("insufficient_funds",))
        assert Story(first=failed(planning=planning)).attempt.decline_type == "hard"

    def test_s_06_never_wins_though_a_softer_one_follows(self):
        story = Story(first=failed(decline=NEVER))
        assert story.attempt.retries_stopped == "never_retryable"
        story.ask(failed(2, at(days=1), NETWORK_51), at(days=1))
        assert story.attempt.retry is None
        assert story.attempt.retries_stopped == "never_retryable"
        assert (story.attempt.never_rule, story.attempt.decline_type) == ("visa.46", "hard")

    def test_s_06_never_wins_though_it_is_learnt_of_late(self):
        story = Story(first=failed(2, at(days=1), NETWORK_51))
        assert story.attempt.retry
        story.ask(failed(1, START, NEVER), at(days=1, minutes=1))
        assert (story.attempt.retry, story.attempt.retries_stopped) == (None, "never_retryable")

    def test_what_another_card_answered_does_not_bind_this_one(self):
        story = Story(first=failed(decline=SOFT))
        story.ask(failed(2, at(hours=1), NEVER, fingerprint="fp_9", payment_method_id="pm_9"), at(hours=1))
        assert story.attempt.never_rule is None

    def test_the_latest_counts_in_whichever_order_they_come(self):
        story = Story(first=failed(2, at(days=1), NETWORK_51))
        story.ask(failed(1, START, HARD), at(days=2))
        assert story.attempt.classification.rule == "visa.51"
        assert [each.id for each in story.attempt.charges] == ["ch_1", "ch_2"]

    @pytest.mark.parametrize(
        "facts, reason",
        [
            (Circumstances(collection_method="send_invoice"), "send_invoice"),
            (Circumstances(auto_advance=False), "auto_advance_off"),
            (Circumstances(has_payment_method=False), "no_payment_method"),
            (Circumstances(card_country="IN"), "india_mandate"),
            (Circumstances(subscription_status="unpaid"), "subscription_ended"),
        ],
    )
    def test_s_24_circumstances_keep_it_from_being_retried(self, facts, reason):
        story = Story(first=failed(planning=replace(PLANNING, circumstances=facts)))
        assert (story.attempt.retry, story.attempt.retries_stopped) == (None, reason)

    def test_the_card_s_history_of_other_invoices_counts(self):
        past = CardCharge(
            charge_id="ch_x",
            at=START,
            account="acct_9",
            amount_cents=1,
            currency="USD",
            approved=False,
            never_rule="visa.43",
        )
        story = Story(first=failed(planning=replace(PLANNING, ledger=(past,))))
        assert story.attempt.retries_stopped == "never_retryable"

    def test_what_it_had_reserved_itself_does_not(self):
        own = CardCharge(
            charge_id=f"{ATTEMPT}:1",
            at=START,
            account="acct_1",
            amount_cents=2900,
            currency="EUR",
            approved=False,
            never_rule="visa.43",
        )
        assert Story(first=failed(planning=replace(PLANNING, ledger=(own,)))).attempt.retry


class TestAnotherCard:
    def test_s_22_is_retried_once_at_once(self):
        story = Story(first=failed(decline=HARD))
        changes, planned = story.ask(changed(when=at(days=1)), at(days=1))
        assert isinstance(changes, PaymentMethodChanged)
        assert (planned.retry_at, planned.at_once, planned.decision.rule) == (
            at(days=1),
            True,
            "card_changed",
        )
        assert story.ask(changed(when=at(days=1, hours=1)), at(days=1, hours=1)) == ()

    def test_s_22_what_was_planned_is_replaced(self):
        story = Story()
        assert story.attempt.retry.at == at(days=1)
        story.ask(changed(when=at(hours=1)), at(hours=1))
        assert (story.attempt.retry.number, story.attempt.retry.at) == (1, at(hours=1))

    def test_s_22_a_second_update_within_the_minute_makes_no_second_charge(self):
        story = Story(first=failed(decline=HARD))
        story.ask(changed(when=at(days=1)), at(days=1))
        third = replace(OTHER, payment_method_id="pm_3", fingerprint="fp_3")
        soon = at(days=1, seconds=40)
        assert kinds(story.ask(changed(third, soon), soon)) == [PaymentMethodChanged]
        assert story.attempt.retry.at == at(days=1)

    def test_s_22_nor_when_the_first_was_made_by_then(self):
        story = Story(first=failed(decline=HARD))
        story.ask(changed(when=at(days=1)), at(days=1))
        story.retry_in_vain(
            2, at(days=1, seconds=5), decline=HARD, fingerprint="fp_2", payment_method_id="pm_2"
        )
        assert story.attempt.retry is None
        third = replace(OTHER, payment_method_id="pm_3", fingerprint="fp_3")
        soon = at(days=1, seconds=40)
        _, planned = story.ask(changed(third, soon), soon)
        assert (planned.at_once, planned.number) == (False, 2)
        assert planned.retry_at >= at(days=2)

    def test_a_third_card_later_is_retried_at_once_too(self):
        story = Story(first=failed(decline=HARD))
        story.ask(changed(when=at(days=1)), at(days=1))
        story.retry_in_vain(
            2, at(days=1, seconds=5), decline=HARD, fingerprint="fp_2", payment_method_id="pm_2"
        )
        third = replace(OTHER, payment_method_id="pm_3", fingerprint="fp_3")
        _, planned = story.ask(changed(third, at(days=2)), at(days=2))
        assert (planned.at_once, planned.retry_at) == (True, at(days=2))

    def test_while_the_former_is_being_charged_nothing_is_planned_and_then_at_once(self):
        story = Story()
        story.claim(at(days=1))
        assert kinds(story.ask(changed(when=at(days=1, seconds=1)), at(days=1, seconds=1))) == [
            PaymentMethodChanged
        ]
        over = failed(2, at(days=1, seconds=2), initiator="troupe")
        _, planned = story.ask(over, at(days=1, seconds=3))
        assert (planned.at_once, planned.retry_at, planned.number) == (True, at(days=1, seconds=3), 2)

    def test_never_does_not_bind_another_card(self):
        story = Story(first=failed(decline=NEVER))
        story.ask(changed(when=at(days=1)), at(days=1))
        assert (story.attempt.never_rule, bool(story.attempt.retry)) == (None, True)

    def test_but_the_same_card_given_again_stays_what_it_is(self):
        story = Story(first=failed(decline=NEVER))
        again = replace(VISA, payment_method_id="pm_9", expires="2031-01")
        story.ask(changed(again, at(days=1)), at(days=1))
        assert (story.attempt.never_rule, story.attempt.retry) == ("visa.46", None)

    def test_a_card_where_there_was_none(self):
        story = Story(card=None, first=failed(decline=HARD, fingerprint=None, payment_method_id=None))
        _, planned = story.ask(changed(when=at(days=1)), at(days=1))
        assert planned.at_once

    def test_without_a_payment_method_the_fingerprint_tells_whose_charge_it_was(self):
        story = Story(first=failed(payment_method_id=None))
        story.ask(changed(when=at(hours=1)), at(hours=1))
        _, planned = story.ask(
            failed(2, at(hours=2), payment_method_id=None, fingerprint="fp_2"), at(hours=2)
        )
        assert planned.decision.inputs.failed_at == at(hours=2)

    def test_not_after_the_end(self):
        story = Story()
        story.ask(PAID, at(days=2))
        assert story.ask(changed(when=at(days=3)), at(days=3)) == ()
