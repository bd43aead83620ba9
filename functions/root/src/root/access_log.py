"""From the access logs of every API: counts each tenant's calls of the month and of the minute.

They are refused when the month's are used up, and for a while when a minute had more than the plan's rate.
"""

import gzip
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any, NamedTuple

from aws_lambda_powertools.metrics import MetricUnit

from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.edge.request import scope_of
from troupe.ids import is_uuid
from troupe.observability import conclude, metrics, outcome
from troupe.quota import api_calls, meters, quota, rates
from troupe.quota.quota import Exceeded
from troupe.quota.warnings import QUOTA, WARNINGS, WarnOfQuota
from troupe.store import keys, reads, writes
from troupe.store.aggregates import Ref
from troupe.store.commit import Stale, commit
from troupe.store.transact import execute

AT_ONCE = 16  # tenants of a transaction: of each two months and three minutes
ZONES = (timedelta(hours=-12), timedelta(hours=14))  # from UTC, the furthest that there are
MARKED_FOR = timedelta(days=30)


class Month(NamedTuple):
    tenant_id: str
    month: str


class Minute(NamedTuple):
    tenant_id: str
    minute: datetime


def handler(event: Mapping[str, Any], _context: Any) -> None:
    batch = json.loads(gzip.decompress(b64decode(event["awslogs"]["data"])))
    if batch["messageType"] != "DATA_MESSAGE":
        return  # CloudWatch checks whether the endpoint answers
    calls = list(_calls(batch["logEvents"]))
    number = sha256("".join(each["id"] for each in batch["logEvents"]).encode()).hexdigest()
    tenants = sorted({tenant_id for tenant_id, _ in calls})
    for start in range(0, len(tenants), AT_ONCE):
        chosen = set(tenants[start : start + AT_ONCE])
        _count([call for call in calls if call[0] in chosen], f"{number}.{start}")
    metrics.add_metric(name="calls_counted", unit=MetricUnit.Count, value=1)
    conclude("calls_counted", calls=len(calls), tenants=len(tenants), lines=len(batch["logEvents"]))


def _calls(lines: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, datetime]]:
    """Whose call and when; lines of strangers and operators count for no tenant."""
    for line in lines:
        try:
            tenant_id = json.loads(line["message"])["tenant_id"]
        except (ValueError, KeyError, TypeError):
            continue  # not one of our lines
        if is_uuid(str(tenant_id)):
            yield tenant_id, datetime.fromtimestamp(line["timestamp"] / 1000, UTC)


def _count(calls: Sequence[tuple[str, datetime]], number: str) -> None:
    """Count the calls of one delivery once, with a mark that tells when it is delivered again."""
    wanted = {tenant_id: keys.standing(tenant_id) for tenant_id, _ in calls}
    tallies = {month: api_calls.counter(*month) for month in _months(calls)}
    minutes = _minutes(calls)
    of_minutes = (key for minute in minutes for key in rates.counter(*minute))
    found = reads.many([*wanted.values(), *(key for each in tallies.values() for key in each), *of_minutes])
    standings = {tenant_id: found[key] for tenant_id, key in wanted.items() if key in found}
    known = [(tenant_id, at) for tenant_id, at in calls if tenant_id in standings]
    counts = Counter(Month(tenant_id, month_of(at, standings[tenant_id]["zone"])) for tenant_id, at in known)
    expires_at = int((now() + MARKED_FOR).timestamp())
    used = {month: meters.used(found, tallies[month]) for month in counts}
    mark = writes.put(keys.counted(keys.SYSTEM, "api_calls", number), {"expires_at": expires_at}, absent=True)
    minutes = Counter({each: count for each, count in minutes.items() if each.tenant_id in standings})
    rate = {each: rates.used(found, *each) for each in minutes}
    try:
        commit(
            [
                mark,
                *(api_calls.counted(*month, calls=count) for month, count in counts.items()),
                *(rates.counted(*minute, calls=count) for minute, count in minutes.items()),
            ]
        )
        used = {month: before + counts[month] for month, before in used.items()}
        rate = {minute: before + minutes[minute] for minute, before in rate.items()}
    except Stale:
        outcome("calls_counted_before")
    _throttle(standings, rate)
    for month in counts:
        _compare(month, standings[month.tenant_id], used[month])


def _months(calls: Sequence[tuple[str, datetime]]) -> set[Month]:
    """The months that the calls may be in, in any time zone of their tenants."""
    return {Month(tenant_id, month_of(at + offset, "UTC")) for tenant_id, at in calls for offset in ZONES}


def _minutes(calls: Sequence[tuple[str, datetime]]) -> Counter[Minute]:
    """The calls of each minute that is not long over."""
    since = now() - rates.LOOKED_AT
    return Counter(Minute(tenant_id, rates.minute_of(at)) for tenant_id, at in calls if at > since)


def _throttle(standings: Mapping[str, Mapping[str, Any]], rate: Mapping[Minute, int]) -> None:
    """Have the calls of those refused for a while who made too many in a minute."""
    at = now()
    over = {each.tenant_id for each, calls in rate.items() if calls > rates.limit(standings[each.tenant_id])}
    for tenant_id in sorted(over):
        if not rates.throttled_until(standings[tenant_id], at):
            commit([rates.throttle(tenant_id, at)])
            outcome("tenant_throttled", tenant_id=tenant_id)


def _compare(month: Month, standing: Mapping[str, Any], used: int) -> None:
    """Warn, or have further calls refused; also after a delivery that ended half way.

    `used` lacks what other deliveries count at the same moment: the next delivery finds it.
    """
    at, limit = now(), api_calls.limit(standing)
    if month.month != month_of(at, standing["zone"]) or api_calls.used_up(standing, at):
        return
    if used * 100 < limit * WARNINGS[0]:
        return
    scope = scope_of(now=at, tenant_id=month.tenant_id, actor="access_log", correlation_id=month.month)
    warning = WarnOfQuota(quota=api_calls.QUOTA, period=month.month, used=used, limit=limit)
    execute(scope, Ref(decider=QUOTA, id=api_calls.QUOTA, creates=True), warning)
    if used >= limit:
        quota.note(scope, Exceeded(api_calls.QUOTA), standing["zone"])
        commit([api_calls.refused(month.tenant_id, month.month, limit)])
