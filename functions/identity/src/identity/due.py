"""No route: every hour. Ends the trials and closes the months whose time has come, of all tenants."""

from collections.abc import Mapping
from typing import Any

from identity.tenant.routes import end_trial
from identity.usage.handlers import close_usage_period
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

    swept = {kind: sweep(kind, act, now()) for kind, act in (("trial", ended), ("usage_period", closed))}
    metrics.flush_metrics()
    return {kind: {"done": each.done, "failed": each.failed} for kind, each in swept.items()}
