"""The approval flow is begun by a submission, and told of every decision that it waits for."""

from collections.abc import Iterable, Mapping
from typing import Any

from commerce import approvals
from commerce.flows import executions
from commerce.promotion import PROMOTION
from commerce.promotion_state import Promotion
from troupe.events import Envelope
from troupe.store import load

DECISIONS = ("promotion.target_approved", "promotion.target_rejected", "promotion.cancelled")


def begin(event: Envelope) -> None:
    executions.begin(event)


def tell(event: Envelope) -> None:
    """However often, and in whatever order: a flow asks again what holds."""
    approvals.decided(event.tenant_id, event.aggregate_id, _targets(event))


def _targets(event: Envelope) -> Iterable[str]:
    decision: Mapping[str, Any] = event.data
    if "target" in decision:
        return (decision["target"],)
    found = load(event.tenant_id, PROMOTION, event.aggregate_id).state
    return tuple(each.id for each in found.targets) if isinstance(found, Promotion) else ()
