"""Before every mail and charge: what is different by now stops it, and says why."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from recovery.attempt.commands import AbandonRecoveryAttempt, ChangeAmount, HoldRecoveryAttempt
from recovery.attempt.events import Charge
from recovery.invoice.state import ChargeState
from recovery.policy.ceilings import CardCharge
from recovery.policy.decline import Decline, classify
from recovery.preconditions.decide import (
    PAUSED,
    UNDER_WAY,
    Charging,
    Mailing,
    Postpone,
    Proceed,
    Skip,
    Stop,
    gate,
)
from recovery.workspace.settings import Settings
from support.recovery.invoice_states import ATTEMPT, CHARGE, NO_MONEY, NOON, RETRY, STEPS, fetched, known

MAIL, CHARGING = Mailing(step_id="s1"), Charging(number=1)
EFFECTS = pytest.mark.parametrize("effect", [MAIL, CHARGING], ids=["mail", "charge"])
CANCELLED_AT = NOON - timedelta(hours=1)


@EFFECTS
def test_nothing_is_different(effect):
    assert gate(known(), fetched(), effect, NOON) == Proceed()


@EFFECTS
def test_facts_are_at_most_a_minute_old(effect):
    assert gate(known(), fetched(), effect, NOON + timedelta(seconds=60)) == Proceed()
    assert gate(known(), fetched(), effect, NOON + timedelta(seconds=61)) == Stop(reason="facts_too_old")


@EFFECTS
def test_what_reconcile_found_comes_first(effect):
    found = (ChangeAmount(amount_remaining_cents=500, credited_cents=1_500, paid_cents=0),)
    assert gate(known(), fetched(), effect, NOON, found) == Stop(reason="changed", commands=found)


@EFFECTS
@pytest.mark.parametrize(
    ("reason", "given"),
    [
        ("invoice_paid", {"invoice": {"status": "paid"}}),
        ("invoice_void", {"invoice": {"status": "void"}}),
        ("invoice_uncollectible", {"invoice": {"status": "uncollectible"}}),
        ("nothing_owed", {"invoice": {"amount_remaining_cents": 0}}),
        ("other_currency", {"invoice": {"currency": "EUR"}}),
        ("customer_deleted", {"customer": {"deleted": True}}),
        ("cancelled", {"subscription": {"status": "canceled", "canceled_at": CANCELLED_AT}}),
        ("cancelled", {"subscription": {"cancel_at_period_end": True, "canceled_at": CANCELLED_AT}}),
        (
            "subscription_ended",
            {"subscription": {"status": "canceled", "cancellation_reason": "payment_failed"}},
        ),
    ],
)
def test_what_is_over_at_stripe_s35_s36(effect, reason, given):
    """S-35, S-36: cancelled, paid by another way, voided, credited: nothing more is asked of the customer."""
    assert gate(known(), fetched(**given), effect, NOON) == Stop(reason=reason)


def test_what_is_owed_is_collected_where_the_workspace_says_so_s35():
    """S-35: only the invoice that is due already."""
    collect = known(settings=Settings(cancellation_policy="collect_owed"))
    going = fetched(subscription={"cancel_at_period_end": True, "canceled_at": CANCELLED_AT})
    assert gate(collect, going, MAIL, NOON) == Proceed()
    assert gate(collect, going, CHARGING, NOON) == Proceed()


@EFFECTS
def test_a_dispute_holds_it(effect):
    held = HoldRecoveryAttempt(reason="disputed", held_at=NOON)
    assert gate(known(), fetched(open_dispute=True), effect, NOON) == Stop(
        reason="disputed", commands=(held,)
    )


@EFFECTS
def test_what_has_ended_or_is_held(effect):
    ended = replace(ATTEMPT, status="recovered", ended_at=NOON)
    assert gate(known(ended), fetched(), effect, NOON) == Stop(reason="attempt_recovered")
    held = replace(ATTEMPT, held_at=NOON, held_reason="requested")
    assert gate(known(held), fetched(), effect, NOON) == Stop(reason="attempt_held")


@EFFECTS
def test_a_disconnected_account_is_asked_nothing_s39(effect):
    """S-39: the attempt is held, and let go when the account does not come back."""
    until = NOON + timedelta(days=7)
    held = HoldRecoveryAttempt(reason="account_disconnected", held_at=NOON, until=until)
    verdict = gate(known(account_connected=False), fetched(), effect, NOON)
    assert verdict == Stop(reason="account_disconnected", commands=(held,))


@EFFECTS
def test_a_workspace_that_is_inactive_holds_it(effect):
    held = HoldRecoveryAttempt(reason="workspace_inactive", held_at=NOON)
    verdict = gate(known(is_active=False), fetched(), effect, NOON)
    assert verdict == Stop(reason="workspace_inactive", commands=(held,))


@EFFECTS
def test_a_tenant_in_bad_standing(effect):
    held = HoldRecoveryAttempt(reason="tenant_suspended", held_at=NOON)
    assert gate(known(standing="suspended"), fetched(), effect, NOON) == Stop(
        reason="tenant_suspended", commands=(held,)
    )
    ends = AbandonRecoveryAttempt(reason="tenant_cancelled")
    assert gate(known(standing="cancelled"), fetched(), effect, NOON) == Stop(
        reason="tenant_cancelled", commands=(ends,)
    )
    assert gate(known(standing="trial"), fetched(), effect, NOON) == Proceed()


@EFFECTS
def test_a_payment_that_is_under_way_is_waited_for(effect):
    pending = ChargeState(charge=replace(CHARGE, id="ch_2", status="pending", at=NOON))
    stands = fetched(charges=(ChargeState(charge=CHARGE, decline=NO_MONEY), pending))
    assert gate(known(), stands, effect, NOON) == Postpone(until=NOON + UNDER_WAY, reason="payment_under_way")


@EFFECTS
def test_a_collection_that_the_merchant_paused(effect):
    stands = fetched(subscription={"collection_paused": True})
    assert gate(known(), stands, effect, NOON) == Postpone(until=NOON + PAUSED, reason="collection_paused")


class TestMailing:
    def test_another_step_is_next(self):
        assert gate(known(), fetched(), Mailing(step_id="s2"), NOON) == Stop(reason="step_not_next")
        sent = replace(ATTEMPT, steps=tuple(replace(each, status="sent") for each in STEPS))
        assert gate(known(sent), fetched(), MAIL, NOON) == Stop(reason="step_not_next")

    def test_who_wants_no_mail_or_has_no_address(self):
        assert gate(known(opted_out=True), fetched(), MAIL, NOON) == Skip(reason="opted_out")
        assert gate(known(), fetched(customer={"email": None}), MAIL, NOON) == Skip(reason="no_address")
        assert gate(known(opted_out=True), fetched(), CHARGING, NOON) == Proceed()

    def test_an_address_that_gets_no_mail_any_more_s47(self):
        """S-47: another address of the same customer does."""
        gone = known(suppressed_address="old")
        assert gate(gone, fetched(), Mailing(step_id="s1", address="old"), NOON) == Skip(reason="suppressed")
        assert gate(gone, fetched(), Mailing(step_id="s1", address="new"), NOON) == Proceed()
        assert gate(known(), fetched(), MAIL, NOON) == Proceed()

    def test_quiet_hours_s51(self):
        """S-51: a step that falls due at night moves to the morning, and is not lost."""
        night = datetime(2026, 3, 3, 22, tzinfo=UTC)
        verdict = gate(known(), fetched(fetched_at=night), MAIL, night)
        assert verdict == Postpone(until=datetime(2026, 3, 4, 8, tzinfo=UTC), reason="quiet_hours")
        assert gate(known(), fetched(fetched_at=night), CHARGING, night) == Proceed()

    def test_quiet_hours_are_the_customer_s_s51(self):
        """S-51: by the clocks of the attempt's zone: noon in UTC is the middle of the night in Honolulu."""
        there = replace(ATTEMPT, terms=replace(ATTEMPT.terms, zone="Pacific/Honolulu"))
        verdict = gate(known(there), fetched(), MAIL, NOON)
        assert verdict == Postpone(until=datetime(2026, 3, 3, 18, tzinfo=UTC), reason="quiet_hours")

    def test_the_cap_counts_all_mails_s51(self):
        """S-51: two in seven days, of any sequences; the third waits until the first is a week old."""
        sends = (NOON - timedelta(days=6), NOON - timedelta(days=2))
        verdict = gate(known(sends=sends), fetched(), MAIL, NOON)
        assert verdict == Postpone(until=NOON + timedelta(days=1), reason="mail_cap")
        assert gate(known(sends=sends[1:]), fetched(), MAIL, NOON) == Proceed()

    def test_one_mail_a_day_s43_s56(self):
        """S-43, S-56: after an outage, or beside the warning of a card's expiry: not two on one day."""
        morning = NOON - timedelta(hours=3)
        verdict = gate(known(sends=(morning,)), fetched(), MAIL, NOON)
        assert verdict == Postpone(until=datetime(2026, 3, 4, 8, tzinfo=UTC), reason="same_day")

    def test_without_quiet_hours_and_with_a_wide_cap(self):
        loud = Settings(quiet_from="00:00", quiet_until="00:00", mail_cap=20)
        night = datetime(2026, 3, 3, 23, tzinfo=UTC)
        assert gate(known(settings=loud), fetched(fetched_at=night), MAIL, night) == Proceed()


class TestCharging:
    def test_another_retry_is_planned(self):
        assert gate(known(), fetched(), Charging(number=2), NOON) == Stop(reason="no_such_retry")
        none = replace(ATTEMPT, retry=None)
        assert gate(known(none), fetched(), CHARGING, NOON) == Stop(reason="no_such_retry")

    def test_the_window_has_ended(self):
        late = ATTEMPT.terms.window_ends_at + timedelta(seconds=1)
        assert gate(known(), fetched(fetched_at=late), CHARGING, late) == Stop(reason="window_ended")

    @pytest.mark.parametrize(
        ("reason", "given"),
        [
            ("no_payment_method", {"payment_method": None}),
            ("india_mandate", {"payment_method": {"country": "IN"}}),
            ("send_invoice", {"invoice": {"collection_method": "send_invoice"}}),
            ("auto_advance_off", {"invoice": {"auto_advance": False}}),
            ("subscription_ended", {"subscription": {"status": "unpaid"}}),
            ("local_payment_method", {"payment_method": {"type": "sepa_debit"}}),
        ],
    )
    def test_payments_that_cannot_be_charged_off_session_s24(self, reason, given):
        """S-24: the reason is kept, and the mail goes out all the same."""
        assert gate(known(), fetched(**given), CHARGING, NOON) == Skip(reason=reason)
        assert gate(known(), fetched(**given), MAIL, NOON) == Proceed()

    def test_a_card_that_waits_for_its_owner_s40(self):
        """S-40: what has to be authenticated is not charged unattended; another card may be."""
        waits = ChargeState(
            charge=CHARGE, decline=Decline(code="authentication_required"), requires_action=True
        )
        assert gate(known(), fetched(charges=(waits,)), CHARGING, NOON) == Skip(reason="authenticate")
        another = fetched(charges=(waits,), payment_method={"id": "pm_2", "fingerprint": "fp_2"})
        assert gate(known(), another, CHARGING, NOON) == Proceed()

    def test_a_bank_debit_that_found_no_money_is_presented_again(self):
        debit = fetched(payment_method={"type": "us_bank_account"})
        short = replace(ATTEMPT, classification=classify(NO_MONEY))
        assert gate(known(short), debit, CHARGING, NOON) == Proceed()
        assert gate(known(), debit, CHARGING, NOON) == Skip(reason="bank_debit")

    def test_a_ceiling_of_the_network(self):
        """Both engines' charges count, of all invoices with this amount."""
        charges = tuple(charged(CHARGE, number) for number in range(22))
        verdict = gate(known(ledger=charges), fetched(), CHARGING, NOON)
        assert isinstance(verdict, Postpone)
        assert verdict.reason == "visa.reattempt_limit"
        assert verdict.until > NOON
        assert gate(known(ledger=charges[:20]), fetched(), CHARGING, NOON) == Proceed()

    def test_never_of_another_invoice_forbids_it_s06(self):
        """S-06: what the card answered to another case's charge, after this one's was planned."""
        never = replace(charged(CHARGE, 1), never_rule="visa.46")
        verdict = gate(known(ledger=(never, charged(CHARGE, 2))), fetched(), CHARGING, NOON)
        assert verdict == Skip(reason="visa.46")

    def test_its_retry_is_the_one_that_is_claimed_anew(self):
        claimed = replace(RETRY, idempotency_key="k", claimed_at=NOON, claimed_until=NOON)
        assert gate(known(replace(ATTEMPT, retry=claimed)), fetched(), CHARGING, NOON) == Proceed()


def charged(like: Charge, number: int) -> CardCharge:
    return CardCharge(
        charge_id=f"ch_{number}",
        at=NOON - timedelta(days=2, minutes=number),
        account="acct_1",
        amount_cents=like.amount_cents,
        currency="USD",
        approved=False,
    )
