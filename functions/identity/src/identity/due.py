"""No route: every hour. Of all tenants: ends trials and unverified accounts, and closes months."""

from collections.abc import Mapping
from typing import Any

from identity.tenant.routes import end_trial
from identity.usage.handlers import close_usage_period
from identity.verification.handlers import expire_user
from troupe.clock import now
from troupe.observability import metrics
from troupe.store.due import Due, sweep

ACTOR = "schedule"


def handler(_event: Mapping[str, Any], context: Any) -> dict[str, dict[str, int]]:
    """What fails is tried again by the next sweeps; one tenant never holds up another."""

    def ended(due: Due) -> None:
        end_trial({"tenant_id": due.tenant_id, "actor": ACTOR}, context)

    def closed(due: Due) -> None:
        path = {"period": due.id}
        close_usage_period.handler({"tenant_id": due.tenant_id, "path": path, "actor": ACTOR}, context)

    def expired(due: Due) -> None:
        path = {"user_id": due.id}
        expire_user.handler({"tenant_id": due.tenant_id, "path": path, "actor": ACTOR}, context)

    steps = (("trial", ended), ("usage_period", closed), ("pending_user", expired))
    swept = {kind: sweep(kind, act, now()) for kind, act in steps}
    metrics.flush_metrics()
    return {kind: {"done": each.done, "failed": each.failed} for kind, each in swept.items()}
