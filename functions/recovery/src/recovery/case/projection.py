"""What is to be done next for each pending case of a workspace, the soonest first, from its events."""

from datetime import datetime
from typing import Any

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.next_action import Abandon, Fail, Retry, SendStep, upcoming
from recovery.attempt.state import Attempt
from troupe.domain.decider import Listing
from troupe.domain.instants import rfc3339
from troupe.projection.view import Part, Place, Source, Tombstone, View
from troupe.store.aggregates import event_in
from troupe.store.envelope import Envelope

NAME = "recovery_due"


def project(case: Part[Attempt], event: Envelope) -> Part[Attempt]:
    """The attempt, as its own events make it."""
    happened = event_in(RECOVERY_ATTEMPT, event)
    if happened is None:
        return case
    before = None if isinstance(case, Tombstone) else case
    return RECOVERY_ATTEMPT.after(before, happened)


def _listed(case: Attempt) -> Listing:
    planned = upcoming(case)
    if planned is None:
        return Listing()
    at, action = planned
    summary = {
        "stripe_invoice_id": case.stripe_invoice_id,
        "stripe_customer_id": case.stripe_customer_id,
        "amount_remaining_cents": case.amount_remaining_cents,
        "currency": case.currency,
        **next_up(at, action),
    }
    return Listing(collection=(case.workspace_id, f"{rfc3339(at)}#{case.stripe_invoice_id}"), summary=summary)


def next_up(at: datetime, action: Any) -> dict[str, Any]:
    """An action of the plan as it is answered."""
    due = {"due_at": rfc3339(at)}
    match action:
        case SendStep(step_id=step_id):
            return {**due, "action": "send_step", "step_id": step_id}
        case Retry(number=number):
            return {**due, "action": "retry", "number": number}
        case Fail(reason=reason):
            return {**due, "action": "fail", "reason": reason}
        case Abandon(reason=reason):
            return {**due, "action": "abandon", "reason": reason}
        case _:
            raise TypeError(f"not an action that is planned: {action}")


RECOVERY_DUE = View(
    name=NAME,
    sources=(
        Source[Attempt](
            kind="recovery_attempt",
            shape=Attempt,
            place=lambda event: Place(parts=(event.aggregate_id,)),
            project=project,
            listed=_listed,
        ),
    ),
)
