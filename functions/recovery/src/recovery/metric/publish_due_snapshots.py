"""No route: every hour. Publishes the figures of each workspace's day that is over by its own calendar."""

from collections.abc import Mapping
from datetime import datetime
from itertools import count
from typing import Any

from recovery.metric.handlers import close_reporting_day
from recovery.workspace.reporting_decider import DUE, REPORTING, Reporting
from troupe.clock import now
from troupe.observability import metrics
from troupe.store.due import Due, Later, sweep
from troupe.store.table import confined
from troupe.store.transact import load

ACTOR = "schedule"
MOST_DAYS = 31  # of one workspace that a run catches up on; the next does the rest


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """What fails is tried again by the next sweeps; one workspace never holds up another."""

    def close(due: Due) -> None:
        _catch_up(due, context)

    swept = sweep(DUE, close, now())
    metrics.flush_metrics()
    return {"done": swept.done, "later": swept.later, "failed": swept.failed}


def _catch_up(due: Due, context: Any) -> None:
    """Close one day after the other, as many as are over; `Later` when one run does not get through them."""
    for closed in count():
        with confined(due.tenant_id):
            reporting = load(due.tenant_id, REPORTING, due.id).state
        if not isinstance(reporting, Reporting) or _running(reporting, now()):
            return
        if closed == MOST_DAYS:
            raise Later
        close_reporting_day.handler(
            {
                "tenant_id": due.tenant_id,
                "path": {"workspace_id": due.id},
                "body": {"day": reporting.day.isoformat()},
                "actor": ACTOR,
            },
            context,
        )


def _running(reporting: Reporting, at: datetime) -> bool:
    return reporting.due_at > at
