"""No route: the flow queue, with events after which an attempt's next action may come sooner than before."""

from collections.abc import Mapping
from typing import Any

from recovery.attempt import Attempt
from recovery.attempt_events import REPLANS
from recovery.flows import executions
from recovery.recovery_attempt import RECOVERY_ATTEMPT
from troupe.batches import consumer
from troupe.events import Envelope
from troupe.observability import outcome
from troupe.store import load


def start(message: Mapping[str, Any]) -> None:
    """Begin the flow of the plan that stands now, whichever event tells of it."""
    envelope = Envelope.of(message["detail"])
    if envelope.type not in REPLANS:
        return
    attempt = load(envelope.tenant_id, RECOVERY_ATTEMPT, envelope.aggregate_id).state
    if not (isinstance(attempt, Attempt) and attempt.pending):
        outcome("flow_not_needed", tenant_id=envelope.tenant_id, event_id=envelope.id)
        return
    executions.begin(envelope.tenant_id, envelope.aggregate_id, attempt.plan_number)


handler = consumer(start)
