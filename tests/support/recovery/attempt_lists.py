"""Recovery attempts of a workspace as the table has them, and the read models that the queue makes of them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from recovery import inbound
from recovery.attempt.commands import (
    AbandonRecoveryAttempt,
    MarkRecovered,
    RecordPaymentAttempt,
    ReverseRecovery,
)
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.case.transactions import ref
from support.dynamodb import stored_events
from support.recovery.attempt_histories import NEVER, charge, failed, starting
from support.recovery.tenant import RecoveryTenant
from support.spec import LAMBDA
from support.stream_events import batch
from support.stream_events import failed as refused
from troupe.ids import new_id
from troupe.store.aggregates import Ref
from troupe.store.transact import execute

__all__ = ["AttemptList", "deliver"]


class AttemptList:
    """Attempts of one workspace, whose invoices are numbered."""

    def __init__(self, tenant: RecoveryTenant, workspace_id: str) -> None:
        self.tenant, self.workspace_id = tenant, workspace_id
        self.numbers: Iterator[int] = iter(range(1, 1000))

    def begin(self, at: datetime, cents: int = 1000, currency: str = "EUR") -> str:
        number, attempt_id = next(self.numbers), new_id()
        start = starting(
            workspace_id=self.workspace_id,
            stripe_invoice_id=f"in_{number}",
            started_at=at,
            amount_due_cents=cents,
            currency=currency,
            terms={"window_ends_at": at + timedelta(days=28)},
        )
        execute(self.tenant.scope(at), Ref(decider=RECOVERY_ATTEMPT, id=attempt_id, creates=True), start)
        self.ask(attempt_id, failed(number, at, amount_cents=cents, planning=None), at)
        return attempt_id

    def ask(self, attempt_id: str, command: Any, at: datetime) -> None:
        execute(self.tenant.scope(at), ref(attempt_id), command)

    def charge(self, attempt_id: str, name: str, at: datetime, **given: Any) -> None:
        made = RecordPaymentAttempt(
            charge=charge(0, at, **{"id": name, **given}), decline=NEVER, planning=None
        )
        self.ask(attempt_id, made, at)

    def recover(self, attempt_id: str, at: datetime, cents: int = 1000) -> None:
        won = MarkRecovered(
            recovered_amount_cents=cents,
            recovered_at=at,
            reason="paid",
            attribution="auto_retry",
            evidence={"charge_id": "ch"},
        )
        self.ask(attempt_id, won, at)

    def abandon(self, attempt_id: str, at: datetime, reason: str = "cancelled") -> None:
        self.ask(attempt_id, AbandonRecoveryAttempt(reason=reason, abandoned_at=at), at)

    def reverse(self, attempt_id: str, at: datetime, cents: int) -> None:
        self.ask(
            attempt_id, ReverseRecovery(reversed_amount_cents=cents, reason="refund", reversed_at=at), at
        )


def deliver(size: int = 10) -> None:
    """Everything that happened so far, to the context's queue."""
    events = stored_events()
    for start in range(0, len(events), size):
        assert refused(inbound.handler(batch(*events[start : start + size]), LAMBDA)) == []
