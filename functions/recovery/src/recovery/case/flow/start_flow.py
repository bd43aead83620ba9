"""No route: the flow queue, with events after which an attempt's next action may come sooner than before."""

from collections.abc import Mapping
from typing import Any

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import REPLANS
from recovery.attempt.state import Attempt
from recovery.case.flow import executions
from troupe.messaging.batches import consumer
from troupe.observability import outcome
from troupe.store.envelope import Envelope
from troupe.store.transact import load


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
