"""Executions of the dunning flow: one for each plan of an attempt, however often it is begun."""

import os
from datetime import datetime

from troupe.messaging import executions
from troupe.observability import outcome


def begin(tenant_id: str, attempt_id: str, plan_number: int, swept_at: datetime | None = None) -> None:
    """Have the flow go by this plan, if it does not yet. `swept_at`: it was lost, and is begun anew.

    An execution that a sweep has begun does not wait after a failure: the next sweep begins another.
    """
    name = f"{attempt_id.replace('-', '')}-{plan_number}"
    given = {
        "tenant_id": tenant_id,
        "recovery_attempt_id": attempt_id,
        "plan_version": plan_number,
        "swept": swept_at is not None,
    }
    run = f"{name}-{swept_at:%Y%m%d%H}" if swept_at else name
    if executions.begin(os.environ["STATE_MACHINE_ARN"], run, given):
        outcome(
            "flow_begun", tenant_id=tenant_id, attempt_id=attempt_id, plan=plan_number, swept=bool(swept_at)
        )
