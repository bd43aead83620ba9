"""What may be asked about what happened: an aggregate's history, and the figures of each day."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel

from identity.query_routes import ROUTES
from identity.user.lifecycle import METRICS, USER_LIFECYCLE
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Days, Paging, found, listed, page_of
from troupe.edge.request import Request
from troupe.projection import generations
from troupe.store import keys, personal, reads
from troupe.store.envelope import Envelope
from troupe.store.scope import Answer
from troupe.store.transact import Unknown

_AGGREGATE, _ID = re.compile(r"[a-z_]{1,50}"), re.compile(r"[A-Za-z0-9_:.~-]{1,150}")


class PastEvent(BaseModel, frozen=True):
    id: str
    type: str
    version: int
    occurred_at: datetime
    actor: str
    correlation_id: str
    causation_id: str | None = None
    schema_version: int
    data: dict[str, Any]


@ROUTES.get("/history/{aggregate}/{id}", permission="audit:read", reply=page_of(PastEvent), parameters=Paging)
def history(request: Request[NoBody]) -> Answer:
    """All that ever happened to an aggregate of the tenant, deleted or not, the latest first."""
    aggregate, named = request.path.get("aggregate", ""), request.path.get("id", "")
    if not (_AGGREGATE.fullmatch(aggregate) and _ID.fullmatch(named)):
        raise Unknown(aggregate)
    pk, known = keys.aggregate(request.tenant_id, aggregate, named), dict[keys.Key, Mapping[str, Any]]()
    asked = List(tenant_id=request.tenant_id, pk=pk, prefix=keys.EVENT)
    answer = listed(asked, request, lambda item: _event(item, known))
    if not answer.body["items"]:
        raise Unknown(named)
    return answer


def _event(item: Mapping[str, Any], known: dict[keys.Key, Mapping[str, Any]]) -> dict[str, Any]:
    """With what is personal in it, unless the person was erased. `known`: the keys that the page has read."""
    (event,) = personal.opened([Envelope.of({**item, "data": json.loads(item["data"])})], known)
    return PastEvent(**event.detail()).model_dump(mode="json")


class LifecycleCounts(BaseModel, frozen=True):
    registrations: int = 0
    verifications: int = 0
    suspensions: int = 0
    deletions: int = 0
    logins: int = 0
    failures: int = 0


class LifecycleDay(LifecycleCounts, frozen=True):
    day: date


class UserLifecycle(BaseModel, frozen=True):
    zone: str
    totals: LifecycleCounts
    days: tuple[LifecycleDay, ...]


@ROUTES.get("/analytics/user-lifecycle", permission="analytics:read", reply=UserLifecycle, parameters=Days)
def user_lifecycle(request: Request[NoBody]) -> Answer:
    first, last = request.parameters.first, request.parameters.last
    wanted = [first + timedelta(days=after) for after in range((last - first).days + 1)]
    counted: dict[str, dict[str, int]] = {}
    for month in sorted({day.isoformat()[:7] for day in wanted}):
        pk = generations.partition(request.tenant_id, USER_LIFECYCLE.name, month)
        rows = reads.between(pk, first.isoformat(), last.isoformat())
        counted |= {row["SK"]: {name: row.get(name, 0) for name in METRICS.values()} for row in rows}
    days = tuple(LifecycleDay(day=day, **counted.get(day.isoformat(), {})) for day in wanted)
    totals = LifecycleCounts(**{name: sum(getattr(day, name) for day in days) for name in METRICS.values()})
    return found(UserLifecycle(zone=request.caller.zone, totals=totals, days=days))
