"""An outcome is recorded once, of what has ended, and never changes."""

from dataclasses import replace

from recovery.attempt.commands import AbandonRecoveryAttempt, MarkRecovered
from recovery.attempt.outcome import (
    RECOVERY_OUTCOME,
    RecordRecoveryOutcome,
    RecoveryOutcomeRecorded,
    collection,
)
from support.recovery.attempt_histories import ATTEMPT, Story, at
from support.spec import Given, assert_folds_as_stored

outcome = Given(RECOVERY_OUTCOME)


def ended(command):
    story = Story()
    story.ask(command)
    return RecordRecoveryOutcome(recovery_attempt_id=ATTEMPT, attempt=story.attempt)


WON = ended(MarkRecovered(recovered_amount_cents=2900, recovered_at=at(days=2), attribution="our_retry"))
TOLD = RecoveryOutcomeRecorded(
    workspace_id=WON.attempt.workspace_id,
    recovery_attempt_id=ATTEMPT,
    outcome="recovered",
    reason_code="paid",
    occurred_at=at(days=2),
    amount_due_cents=2900,
    recovered_amount_cents=2900,
    currency="EUR",
    attribution="our_retry",
)


def test_it_is_recorded_once():
    outcome().when(WON).then(TOLD)
    outcome(TOLD).when(WON).then_nothing()


def test_it_never_changes():
    outcome(TOLD).when(ended(AbandonRecoveryAttempt(reason="voided"))).then_rejected("outcome_recorded")
    assert RECOVERY_OUTCOME.fold((TOLD, replace(TOLD, outcome="failed"))).outcome == "recovered"


def test_what_has_not_ended_has_none():
    pending = RecordRecoveryOutcome(recovery_attempt_id=ATTEMPT, attempt=Story().attempt)
    outcome().when(pending).then_rejected("attempt_pending")


def test_it_is_listed_by_when_it_was():
    listed = RECOVERY_OUTCOME.listed(RECOVERY_OUTCOME.fold((TOLD,)), "x")
    assert listed.collection == (collection(TOLD.workspace_id), "2026-03-04T10:00:00.000000Z#x")
    assert listed.summary["reason_code"] == "paid"


def test_it_folds_as_it_is_stored():
    assert_folds_as_stored(RECOVERY_OUTCOME, (TOLD,))
