"""A one-off schedule that calls one command when it is time, and deletes itself. If it is lost, a sweep acts.

https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from troupe.aws.clients import scheduler
from troupe.store.envelope import Envelope

GRACE = timedelta(seconds=1)  # schedules are of whole seconds, and never too soon


@dataclass(frozen=True, slots=True, kw_only=True)
class Timer:
    """`group`, `role` and `command` name what the environment has: a schedule group, and two ARNs."""

    name: str
    group: str
    role: str
    command: str


def set_once(timer: Timer, at: datetime, path: Mapping[str, str], event: Envelope) -> None:
    """Have the command called with this path, in the name of the event, however often it is heard."""
    given = {
        "tenant_id": event.tenant_id,
        "path": dict(path),
        "actor": "timer",
        "correlation_id": event.correlation_id,
        "causation_id": event.id,
    }
    client = scheduler()
    try:
        client.create_schedule(
            Name=timer.name,
            GroupName=os.environ[timer.group],
            ScheduleExpression=f"at({at.astimezone(UTC) + GRACE:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": os.environ[timer.command],
                "RoleArn": os.environ[timer.role],
                "Input": json.dumps(given),
                "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600},
                "DeadLetterConfig": {"Arn": os.environ["DEAD_JOBS_ARN"]},
            },
        )
    except client.exceptions.ConflictException:
        return
