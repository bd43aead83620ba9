"""No route: something that uses a quota happened. Warns once at 80 % and once at 95 % of it in a month."""

from collections.abc import Callable, Mapping

from identity.plans import MONTHLY
from troupe.clock import now
from troupe.domain.time_zones import month_of
from troupe.edge.request import scope_after
from troupe.quota import meters, quota
from troupe.quota.warnings import QUOTA, WARNINGS, WarnOfQuota
from troupe.store import keys, reads
from troupe.store.aggregates import Ref
from troupe.store.buckets import level
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Decision, transact

# The quota that each event uses; later contexts' events stand here before these contexts do.
USES: Mapping[str, Callable[[Envelope], str]] = {
    "user.verified": lambda _: "users",
    "user.restored": lambda _: "users",
    "tenant.org_created": lambda _: "organizations",
    "tenant.usage_recorded": lambda recorded: str(recorded.data["metric"]),
    "talent.created": lambda _: "talents",
    "campaign.created": lambda _: "campaigns",
}


def watch(envelope: Envelope) -> None:
    """Compare what is used by now with the limit; to see an event twice tells nothing twice."""
    name, standing = USES[envelope.type](envelope), keys.standing(envelope.tenant_id)
    tallies = _tallies(envelope, name)
    found = reads.batch((standing, *tallies))
    limits: Mapping[str, int] = found.get(standing, {}).get("limits", {})
    if name not in limits or not any(each in found for each in tallies):
        return
    used, limit = level(found.get(each) for each in tallies).used, limits[name]
    if used * 100 < WARNINGS[0] * limit:
        return
    scope = scope_after(envelope, now(), envelope.actor)
    month = month_of(scope.context.now, found[standing]["zone"])
    period: str = envelope.data["period"] if name in MONTHLY else month
    _warn(scope, WarnOfQuota(quota=name, period=period, used=used, limit=limit))


def _tallies(envelope: Envelope, name: str) -> tuple[Key, ...]:
    if name in MONTHLY:
        return meters.limited(envelope.tenant_id, envelope.data["period"], name)
    return quota.wanted(envelope.tenant_id, name)


def _warn(scope: Scope, warning: WarnOfQuota) -> None:
    """The first thing that is told of a quota begins its stream."""
    watched = Ref(decider=QUOTA, id=warning.quota)
    told = Ref(decider=QUOTA, id=warning.quota, creates=True)
    transact(scope, (watched,), lambda at: Decision(changes=(at.decide(told, warning),)))
