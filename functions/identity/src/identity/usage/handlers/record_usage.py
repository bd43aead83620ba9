"""POST /v1/identity/tenants/{tenant_id}/usage"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import Field

from identity.usage import metering
from identity.usage.decider import USAGE, Event, RecordUsage, Usage, identify
from troupe.domain import limits
from troupe.domain.decider import Invalid, Rejected
from troupe.edge import fields
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot

MOST = 10**12
AHEAD = timedelta(minutes=5)  # by which a caller's clock may differ

Instant = Annotated[
    fields.Instant, Field(ge=datetime(2000, 1, 1, tzinfo=UTC), lt=datetime(2100, 1, 1, tzinfo=UTC))
]
Metric = Annotated[
    str,
    limits.Text(
        pattern=r"^[a-z][a-z0-9_]{0,39}$",
        means="a name of lower-case letters, digits and _, beginning with a letter",
    ),
]
UsageId = Annotated[
    str, limits.Text(pattern=r"^[A-Za-z0-9._:-]{1,100}$", means="1 to 100 letters, digits and . _ : -")
]


class Body(fields.Body):
    """`usage_id` is the caller's own: told again under it within 400 days, the same use counts once."""

    metric: Metric
    amount: Annotated[int, Field(ge=-MOST, le=MOST)]
    usage_id: UsageId
    occurred_at: Instant | None = None


class Recorded(Version, frozen=True):
    """`period` is the month that it counts in."""

    period: str


@endpoint(
    Operation(
        permission="usage:record",
        body=Body,
        reply=Recorded,
        refusals=(
            "quota_exceeded",
            "usage_id_reused",
            "too_many_metrics",
            "negative_amount",
            "tenant_cancelled",
            "metric_not_recordable",
            "amount_not_positive",
            "occurred_in_future",
        ),
        example={"metric": "minutes_transcribed", "amount": 38, "usage_id": "job-8f41"},
    )
)
def handler(request: Request[Body]) -> Answer:
    """Count a use, within the quota if there is one; what is told late counts in the month that is open."""
    body = request.body
    metering.check(body.metric, body.amount)
    occurred_at = (body.occurred_at or request.now).astimezone(UTC)
    if occurred_at > request.now + AHEAD:
        raise Invalid("occurred_in_future", "It has yet to happen.", "occurred_at")
    return request.transact(tuple(_wanted(request, occurred_at)), lambda at: _recorded(at, body, occurred_at))


def _usage(body: Body) -> Ref[Usage, RecordUsage, Event]:
    return Ref(decider=USAGE, id=identify(body.metric, body.usage_id), creates=True)


def _wanted(request: Request[Body], occurred_at: datetime) -> Iterator[Key]:
    """All that it may come to, since the tenant's zone is only known when it is read."""
    tenant_id = request.tenant_id
    yield _usage(request.body).key(tenant_id)
    yield keys.standing(tenant_id)
    for month in metering.months(occurred_at, request.now):
        yield metering.period(month).key(tenant_id)
        yield from metering.buckets(tenant_id, month, request.body.metric)


def _recorded(at: Snapshot, body: Body, occurred_at: datetime) -> Decision:
    if metering.published(at)["status"] == "cancelled":
        raise Rejected("tenant_cancelled", "A cancelled tenant uses nothing.")
    usage = _usage(body)
    before = at.find(usage).state
    month = before.period if before else metering.counts_in(at, occurred_at)
    given = body.model_dump(include={"metric", "amount", "usage_id"})
    change = at.decide(usage, RecordUsage(**given, period=month, occurred_at=occurred_at))
    if not change.events:
        return Decision(changes=(change,), body={"period": month})
    actions = (metering.still_open(at, month), *metering.taken(at, month, body.metric, body.amount))
    return Decision(changes=(change,), actions=actions, body={"period": month})
