"""The approval flow is begun by a submission, and told of every decision that it waits for."""

from collections.abc import Iterable, Mapping
from typing import Any

from commerce.promotion.decider import PROMOTION
from commerce.promotion.flow import executions, task_tokens
from commerce.promotion.state import Promotion
from troupe.store.envelope import Envelope
from troupe.store.transact import load

DECISIONS = ("promotion.target_approved", "promotion.target_rejected", "promotion.cancelled")


def begin(event: Envelope) -> None:
    executions.begin(event)


def answer_waiting(event: Envelope) -> None:
    """May run repeatedly and in any order: the flow reads the present state again."""
    task_tokens.decided(event.tenant_id, event.aggregate_id, _targets(event))


def _targets(event: Envelope) -> Iterable[str]:
    decision: Mapping[str, Any] = event.data
    if "target" in decision:
        return (decision["target"],)
    found = load(event.tenant_id, PROMOTION, event.aggregate_id).state
    return tuple(each.id for each in found.targets) if isinstance(found, Promotion) else ()
