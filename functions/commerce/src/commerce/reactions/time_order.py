"""A timer for each hold: a one-off schedule that ends the order and deletes itself.

It is set when the hold has begun, never by the command; if it is lost, the sweep ends the hold.
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
"""

import json
import os
from datetime import UTC, datetime, timedelta

from troupe.clients import scheduler
from troupe.events import Envelope

GRACE = timedelta(seconds=1)  # schedules are of whole seconds, and never too soon


def time(envelope: Envelope) -> None:
    """Set it, however often it is heard; nothing for an order that is not held yet."""
    if envelope.data.get("chunks") is not None:
        return
    at = datetime.fromisoformat(envelope.data["expires_at"]).astimezone(UTC) + GRACE
    target = {
        "tenant_id": envelope.tenant_id,
        "path": {"order_id": envelope.aggregate_id},
        "actor": "timer",
        "correlation_id": envelope.correlation_id,
        "causation_id": envelope.id,
    }
    client = scheduler()
    try:
        client.create_schedule(
            Name=f"expire-{envelope.aggregate_id}",
            GroupName=os.environ["SCHEDULE_GROUP"],
            ScheduleExpression=f"at({at:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={
                "Arn": os.environ["EXPIRE_ORDER_ARN"],
                "RoleArn": os.environ["SCHEDULE_ROLE_ARN"],
                "Input": json.dumps(target),
                "RetryPolicy": {"MaximumRetryAttempts": 10, "MaximumEventAgeInSeconds": 3600},
                "DeadLetterConfig": {"Arn": os.environ["DEAD_JOBS_ARN"]},
            },
        )
    except client.exceptions.ConflictException:
        return
