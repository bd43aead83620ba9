"""No route: every hour. Begins the flow anew of attempts whose next action is overdue, of all tenants.

What is overdue is still pending: its flow was lost, its worker died under a claim, or its time on hold is
over. The flow asks what comes next, and takes up what was left half done with the keys it was begun with.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.next_action import due_at
from recovery.attempt.state import Attempt
from recovery.case.flow import executions
from troupe.clock import now
from troupe.observability import metrics
from troupe.store.due import Due, Later, sweep
from troupe.store.transact import load

KIND = "recovery_attempt"
PATIENCE = timedelta(minutes=15)  # that late a flow may be


def handler(_event: Mapping[str, Any], _context: Any) -> dict[str, int]:
    """What is left to the flows is looked at again by the next sweeps, until it is done."""
    instant = now()

    def begin(due: Due) -> None:
        attempt = load(due.tenant_id, RECOVERY_ATTEMPT, due.id).state
        at = due_at(attempt)
        if not isinstance(attempt, Attempt) or at is None or at > instant:
            return
        if at <= instant - PATIENCE:
            executions.begin(due.tenant_id, due.id, attempt.plan_number, swept_at=instant)
        raise Later

    swept = sweep(KIND, begin, instant)
    metrics.flush_metrics()
    return {"done": swept.done, "begun": swept.later, "failed": swept.failed}
