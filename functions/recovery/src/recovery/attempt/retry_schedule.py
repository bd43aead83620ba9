"""When a recovery attempt's card is tried again: the policy, asked about the attempt as it stands."""

from dataclasses import replace
from datetime import datetime, time

from recovery.attempt.commands import Planning
from recovery.attempt.events import Charge, RetriesStopped, RetryScheduled
from recovery.attempt.state import Attempt
from recovery.policy.ceilings import CardCharge, Intended
from recovery.policy.decision import SAME_CHANGE, RetryDecision, RetryInputs, decide_retry
from recovery.policy.decline import Decline, classify
from recovery.policy.schedule import RetryPolicy
from recovery.workspace.settings import Settings


def plan_retry(state: Attempt, planning: Planning, now: datetime) -> RetryScheduled | RetriesStopped:
    inputs = _inputs(state, planning, now)
    decision = decide_retry(inputs)
    if decision.outcome != "retry" or decision.eligible_at is None:
        return RetriesStopped(reason=_why(decision), decision=decision)
    return RetryScheduled(
        number=inputs.number,
        retry_at=decision.eligible_at,
        decision=decision,
        at_once=_at_once(inputs),
    )


def just_retried_at_once(state: Attempt, changed_at: datetime) -> bool:
    """Whether a change of card is the same one as that which was retried at once (S-22)."""
    tried_at = state.retried_at_once_at
    return tried_at is not None and changed_at < tried_at + SAME_CHANGE


def _at_once(inputs: RetryInputs) -> bool:
    changed_at, tried_at = inputs.card_changed_at, inputs.retried_at_once_at
    if changed_at is None or changed_at <= inputs.failed_at:
        return False
    return tried_at is None or changed_at >= tried_at + SAME_CHANGE


def _inputs(state: Attempt, planning: Planning, now: datetime) -> RetryInputs:
    terms, card = state.terms, state.card
    return RetryInputs(
        attempt_id=planning.attempt_id,
        number=state.retries_numbered + 1,
        retries=state.retries_executed,
        now=now,
        started_at=state.started_at,
        failed_at=_failed_at(state),
        window_ends_at=terms.window_ends_at,
        classification=state.classification or classify(Decline(), planning.decline_overrides),
        intended=Intended(
            account=state.stripe_account_id,
            amount_cents=state.amount_remaining_cents,
            currency=state.currency,
            brand=card.brand if card else None,
        ),
        history=_history(state, planning),
        policy=replace(planning.policy, retry_limit=terms.retry_limit),
        zone=terms.zone,
        zone_reason=terms.zone_reason,
        circumstances=planning.circumstances,
        card_changed_at=card.changed_at if card else None,
        retried_at_once_at=state.retried_at_once_at,
    )


def _failed_at(state: Attempt) -> datetime:
    """When it last failed; a charge of the former card that ends after the change says nothing of the new."""
    changed_at = state.card.changed_at if state.card else None
    failed = [
        each.at
        for each in state.charges
        if each.status == "failed" and (changed_at is None or each.at < changed_at or _of_card(each, state))
    ]
    return max(failed, default=state.started_at)


def _of_card(charge: Charge, state: Attempt) -> bool:
    """As far as is known: by the payment method, else by the card's fingerprint."""
    card = state.card
    if card is None:
        return True
    if charge.payment_method_id is not None:
        return charge.payment_method_id == card.payment_method_id
    return charge.fingerprint in {None, card.fingerprint}


def _history(state: Attempt, planning: Planning) -> tuple[CardCharge, ...]:
    """The card's ledger, and what this attempt knows of the same card that the ledger may not have yet.

    What the attempt itself had reserved is over when it plans.
    """
    fingerprint = state.card.fingerprint if state.card else None
    ledger = [each for each in planning.ledger if not each.charge_id.startswith(f"{planning.attempt_id}:")]
    known = {each.charge_id for each in ledger}
    own = (each for each in state.charges if each.id not in known and _with(each, fingerprint, state))
    return (*ledger, *(card_charge(each, state, never_rule=state.never_rule) for each in own))


def _with(charge: Charge, fingerprint: str | None, state: Attempt) -> bool:
    """A card is known by its fingerprint, under whichever payment method it was charged."""
    return charge.fingerprint == fingerprint if fingerprint else _of_card(charge, state)


def card_charge(charge: Charge, state: Attempt, *, never_rule: str | None = None) -> CardCharge:
    """A charge of the attempt as the card's ledger has it."""
    return CardCharge(
        charge_id=charge.id,
        at=charge.at,
        account=state.stripe_account_id,
        amount_cents=charge.amount_cents,
        currency=state.currency,
        approved=charge.status == "succeeded",
        reached_network=charge.executed,
        initiator=charge.initiator,
        invoice_id=state.stripe_invoice_id,
        never_rule=never_rule,
    )


def _why(decision: RetryDecision) -> str:
    """In a word: the limit, or the circumstance, or that the card as it is will not do."""
    if decision.rule == "retry_limit":
        return "retries_exhausted"
    if "." not in decision.rule:  # rules of the book are called by their table and code
        return decision.rule
    inputs = decision.inputs
    never = inputs.classification.never or any(each.never_rule for each in inputs.history)
    return "never_retryable" if never else "not_retryable"


def policy_of(settings: Settings) -> RetryPolicy:
    return RetryPolicy(
        retry_limit=settings.retry_limit,
        payday_rule=settings.payday_rule,
        local_time=time(settings.retry_hour_local),
        spread_minutes=settings.retry_spread_minutes,
    )


def planning_of(attempt_id: str, settings: Settings) -> Planning:
    """Without the card's ledger and the invoice's circumstances, which are known once the truth is."""
    return Planning(
        attempt_id=attempt_id,
        policy=policy_of(settings),
        decline_overrides=settings.decline_overrides,
    )
