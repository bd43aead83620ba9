"""No route: the hourly schedule, when a month is over in the tenant's zone."""

from typing import Any

from identity.usage import metering
from identity.usage.period_decider import (
    USAGE_PERIOD,
    ClosedPeriod,
    CloseUsagePeriod,
    ScheduleUsagePeriod,
    end,
)
from troupe.domain.time_zones import next_month
from troupe.edge.endpoint import NoBody, Operation, endpoint
from troupe.edge.request import Request
from troupe.quota import meters
from troupe.store import keys
from troupe.store.aggregates import Change, Ref
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


@endpoint(Operation(refusals=("usage_period_running", "no_usage_period")))
def handler(request: Request[NoBody]) -> Answer:
    """Close the month with its totals, and open the next one."""
    tenant_id, month = request.tenant_id, request.path["period"]
    period, counted = metering.period(month), metering.counted(tenant_id, month)

    def decide(at: Snapshot) -> Decision:
        zone = metering.published(at)["zone"]
        totals = metering.totals(tenant_id, month, at.items)
        closing = at.decide(period, CloseUsagePeriod(period=month, closes_at=end(month, zone), totals=totals))
        if not closing.events or not isinstance(closing.after.state, ClosedPeriod):
            return Decision(changes=(closing,))
        as_read = tuple(meters.as_read(key, at.item(key)) for key in counted)
        return Decision(changes=(closing, *_next(at, next_month(month))), actions=as_read)

    following = metering.period(next_month(month)).key(tenant_id)
    return request.transact((period, following, keys.standing(tenant_id), *counted), decide)


def _next(at: Snapshot, month: str) -> tuple[Change[Any, Any, Any], ...]:
    """A month that is long over itself falls due at once. Who has cancelled uses nothing any more."""
    standing = metering.published(at)
    if standing["status"] == "cancelled":
        return ()
    closes_at = max(end(month, standing["zone"]), at.scope.context.now)
    following = Ref(decider=USAGE_PERIOD, id=month, creates=True)
    return (at.decide(following, ScheduleUsagePeriod(period=month, closes_at=closes_at)),)
