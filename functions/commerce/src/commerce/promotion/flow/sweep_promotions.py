"""No route: every minute. Decides on promotions whose time to decide is over, and starts and ends them.

Those who have not decided are reminded, too: what the flow or a timer forgets is done here.
What a promotion's status waits for is done. An order goes by the window of an offer, so that a
minute more or less sells nothing at a wrong price.
"""

from collections.abc import Mapping
from typing import Any

from commerce.promotion.decider import PROMOTION
from commerce.promotion.events import Status
from commerce.promotion.routes import decide_promotion, end_promotion, remind_approvers, start_promotion
from commerce.promotion.state import DUE, Promotion
from troupe.clock import now
from troupe.edge.endpoint import Endpoint
from troupe.observability import metrics
from troupe.store.due import Due, sweep
from troupe.store.table import confined
from troupe.store.transact import load

ACTOR = "schedule"
STEPS: Mapping[Status, Endpoint] = {
    "scheduled": start_promotion,
    "active": end_promotion,
    "paused": end_promotion,
}


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, int]:
    """What fails is tried again by the next sweeps; one promotion never holds up another."""

    def act(due: Due) -> None:
        _act(due, context)

    swept = sweep(DUE, act, now())
    metrics.flush_metrics()
    return {"done": swept.done, "failed": swept.failed}


def _act(due: Due, context: Any) -> None:
    """One step; what was changed meanwhile is not due any more."""
    with confined(due.tenant_id):
        found = load(due.tenant_id, PROMOTION, due.id).state
    if not isinstance(found, Promotion) or found.due_at is None or found.due_at > now():
        return
    event: dict[str, Any] = {"tenant_id": due.tenant_id, "path": {"promotion_id": due.id}, "actor": ACTOR}
    _step(found)(event, context)


def _step(promotion: Promotion) -> Endpoint:
    if promotion.status != "pending_approval":
        return STEPS[promotion.status]
    over = promotion.decide_by is not None and promotion.decide_by <= now()
    return decide_promotion if over else remind_approvers
