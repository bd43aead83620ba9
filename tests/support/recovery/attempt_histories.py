"""A recovery attempt to tell stories about: what started it, what was charged, what is asked of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recovery.attempt.commands import (
    ClaimRetry,
    ClaimStep,
    Planning,
    RecordPaymentAttempt,
    RecordStepSent,
    SequenceStep,
    StartRecoveryAttempt,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import AttemptEvent, CardData, Charge, SequenceEdition, Terms
from recovery.attempt.state import Attempt
from recovery.policy.decline import Decline
from recovery.policy.schedule import RetryPolicy
from support.spec import NOON, TENANT
from troupe.domain.decider import Context

START = datetime(2026, 3, 2, 10, tzinfo=UTC)  # a Monday
ATTEMPT = "0192f0c1-0000-7000-8000-00000000ca5e"
WORKSPACE = "0192f0c1-0000-7000-8000-0000000000b0"
ACCOUNT, INVOICE, CUSTOMER, SUBSCRIPTION = "acct_1", "in_1", "cus_1", "sub_1"
VISA = CardData(payment_method_id="pm_1", fingerprint="fp_1", brand="visa", last4="0341", expires="2027-04")
OTHER = CardData(payment_method_id="pm_2", fingerprint="fp_2", brand="visa", last4="4242", expires="2030-08")
SOFT = Decline(code="card_declined", decline_code="insufficient_funds", brand="visa")
HARD = Decline(code="expired_card", brand="visa")
NEVER = Decline(code="card_declined", decline_code="generic_decline", network_decline_code="46", brand="visa")
NETWORK_51 = Decline(
    code="card_declined", decline_code="generic_decline", network_decline_code="51", brand="visa"
)
PLAIN = RetryPolicy(payday_rule="none", local_time=None, spread_minutes=0)  # waits alone
PLANNING = Planning(attempt_id=ATTEMPT, policy=PLAIN)
GENTLE = SequenceEdition(id="0192f0c1-0000-7000-8000-0000000000d1", edition=1)
STEPS = (
    SequenceStep(id="first", delay_hours=0),
    SequenceStep(id="second", delay_hours=72),
    SequenceStep(id="third", delay_hours=144),
)


def at(**after: float) -> datetime:
    return START + timedelta(**after)


def context(now: datetime) -> Context:
    return replace(NOON, now=now)


def starting(**given: Any) -> StartRecoveryAttempt:
    terms = Terms(**{"window_ends_at": at(days=28), **given.pop("terms", {})})
    plain = {
        "workspace_id": WORKSPACE,
        "stripe_account_id": ACCOUNT,
        "stripe_invoice_id": INVOICE,
        "stripe_customer_id": CUSTOMER,
        "stripe_subscription_id": SUBSCRIPTION,
        "invoice_number": "A-1",
        "currency": "EUR",
        "amount_due_cents": 2900,
        "started_at": START,
        "terms": terms,
        "sequence": GENTLE,
        "steps": STEPS,
        "card": VISA,
    }
    return StartRecoveryAttempt(**{**plain, **given})


def charge(number: int = 1, when: datetime = START, **given: Any) -> Charge:
    plain = {
        "id": f"ch_{number}",
        "payment_intent_id": "pi_1",
        "at": when,
        "status": "failed",
        "amount_cents": 2900,
        "initiator": "stripe",
        "fingerprint": "fp_1",
        "brand": "visa",
        "payment_method_id": "pm_1",
    }
    return Charge(**{**plain, **given})


def failed(
    number: int = 1,
    when: datetime = START,
    decline: Decline = SOFT,
    planning: Planning | None = PLANNING,
    **given: Any,
) -> RecordPaymentAttempt:
    return RecordPaymentAttempt(charge=charge(number, when, **given), decline=decline, planning=planning)


FIRST = failed()


class Story:
    """An attempt, one command after the other, on a clock."""

    def __init__(self, *, first: RecordPaymentAttempt | None = FIRST, **given: Any) -> None:
        self.now = START
        self.state: Any = None
        self.events: list[AttemptEvent] = []
        self.ask(starting(**given))
        if first:
            self.ask(first)

    def ask(self, command: Any, when: datetime | None = None) -> tuple[AttemptEvent, ...]:
        """What is decided, and the attempt is what it makes of it."""
        self.now = when or self.now
        events = RECOVERY_ATTEMPT.answer(command, self.state, context(self.now))
        self.state = RECOVERY_ATTEMPT.fold(events, self.state)
        self.events += events
        return events

    @property
    def attempt(self) -> Attempt:
        assert isinstance(self.state, Attempt)
        return self.state

    def step(self, step_id: str):
        return next(step for step in self.attempt.steps if step.id == step_id)

    def send(self, step_id: str, when: datetime) -> tuple[AttemptEvent, ...]:
        self.ask(ClaimStep(step_id=step_id, fetched_at=when), when)
        return self.ask(RecordStepSent(step_id=step_id, sent_at=when))

    def claim(self, when: datetime, number: int = 1, **given: Any) -> tuple[AttemptEvent, ...]:
        key = f"{TENANT}/{ATTEMPT}/{number}"
        return self.ask(ClaimRetry(number=number, idempotency_key=key, fetched_at=when, **given), when)

    def retry_in_vain(self, charge_number: int, when: datetime, **given: Any) -> tuple[AttemptEvent, ...]:
        """Our own retry, claimed and declined."""
        assert self.attempt.retry
        self.claim(when, self.attempt.retry.number)
        return self.ask(failed(charge_number, when, **{"initiator": "troupe", **given}))
