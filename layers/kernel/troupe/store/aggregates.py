"""Aggregates as items: the stored state, its events, and a decision about one of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from troupe.domain.decider import Decider, Listing, Rejected
from troupe.domain.instants import rfc3339
from troupe.store import keys
from troupe.store.attributes import pack
from troupe.store.scope import Scope
from troupe.store.writes import ABSENT, Action

LARGEST_EVENT = 200_000  # bytes of data; the bus takes 256 KB with everything around it


@dataclass(frozen=True, slots=True, kw_only=True)
class Ref[S, C, E]:
    """An aggregate by its kind and id.

    `creates`: it is expected not to be there, so that nothing is read at first.
    """

    decider: Decider[S, C, E]
    id: str
    creates: bool = False

    def key(self, tenant_id: str) -> keys.Key:
        return keys.state(tenant_id, self.decider.name, self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored[S]:
    """An aggregate as the table has it; one that the table does not have is at version 0, without a state."""

    id: str
    version: int
    state: S
    deleted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change[S, C, E]:
    """What was decided of one aggregate: its events, and how it stands after them."""

    ref: Ref[S, C, E]
    before: Stored[S | None]
    events: tuple[E, ...]
    after: Stored[S | None]


@cache
def _codec(shape: Any) -> TypeAdapter[Any]:
    return TypeAdapter(shape)


def dump(shape: Any, value: Any) -> str:
    return _codec(shape).dump_json(value).decode()


def parse(shape: Any, text: str | bytes) -> Any:
    return _codec(shape).validate_json(text)


def stored[S, C, E](ref: Ref[S, C, E], item: Mapping[str, Any] | None) -> Stored[S | None]:
    """The aggregate that an unpacked item holds."""
    if item is None:
        return Stored(id=ref.id, version=0, state=None)
    state = parse(ref.decider.state, item["state"])
    return Stored(id=ref.id, version=item["version"], state=state, deleted="deleted_at" in item)


def change[S, C, E](
    ref: Ref[S, C, E], before: Stored[S] | Stored[S | None], events: tuple[E, ...]
) -> Change[S, C, E]:
    seen = Stored[S | None](id=before.id, version=before.version, state=before.state, deleted=before.deleted)
    state = ref.decider.fold(events, before.state)
    deleted = state is not None and ref.decider.deleted_at(state) is not None
    after = Stored(id=ref.id, version=before.version + len(events), state=state, deleted=deleted)
    return Change(ref=ref, before=seen, events=events, after=after)


def actions(changed: Change[Any, Any, Any], scope: Scope) -> list[Action]:
    """The puts of the events and of the new state; none where nothing happened."""
    if not changed.events:
        return []
    numbered = enumerate(changed.events, start=changed.before.version + 1)
    return [*(_event(changed, scope, number, event) for number, event in numbered), _state(changed, scope)]


def _event(changed: Change[Any, Any, Any], scope: Scope, number: int, event: Any) -> Action:
    decider, tenant_id = changed.ref.decider, scope.tenant_id
    data = dump(type(event), event)
    if len(data.encode()) > LARGEST_EVENT:
        raise Rejected("event_too_large", f"An event holds at most {LARGEST_EVENT} bytes.")
    event_id = scope.context.new_id()
    item = {
        "PK": keys.aggregate(tenant_id, decider.name, changed.ref.id),
        "SK": keys.event(number),
        "id": event_id,
        "type": decider.type_of(event),
        "tenant_id": tenant_id,
        "context": decider.context,
        "aggregate": decider.name,
        "aggregate_id": changed.ref.id,
        "version": number,
        "occurred_at": rfc3339(scope.context.now),
        "actor": scope.context.actor,
        "correlation_id": scope.correlation_id,
        "causation_id": scope.causation_id,
        "schema_version": getattr(event, "SCHEMA_VERSION", 1),
        "data": data,
    }
    parameters = {"Item": pack(item), "ConditionExpression": ABSENT}
    return Action(kind="Put", parameters=parameters, event_id=event_id)


def _state(changed: Change[Any, Any, Any], scope: Scope) -> Action:
    decider, after, tenant_id = changed.ref.decider, changed.after, scope.tenant_id
    deleted_at = decider.deleted_at(after.state)
    key = changed.ref.key(tenant_id)
    item = {
        "PK": key.pk,
        "SK": key.sk,
        "version": after.version,
        "state": dump(decider.state, after.state),
        "deleted_at": deleted_at and rfc3339(deleted_at),
        **_indexed(decider.listed(after.state, after.id), tenant_id, after.id),
    }
    if not changed.before.version:
        return Action(kind="Put", parameters={"Item": pack(item), "ConditionExpression": ABSENT})
    read = {":read": {"N": str(changed.before.version)}}
    guarded = {"ConditionExpression": "version = :read", "ExpressionAttributeValues": read}
    return Action(kind="Put", parameters={"Item": pack(item), **guarded})


def _indexed(listing: Listing, tenant_id: str, aggregate_id: str) -> dict[str, Any]:
    indexed: dict[str, Any] = {}
    if listing.collection:
        name, sort = listing.collection
        indexed |= {"GSI1PK": keys.listing(tenant_id, name), "GSI1SK": sort}
    if listing.queue:
        name, sort = listing.queue
        indexed |= {"GSI2PK": keys.listing(tenant_id, name), "GSI2SK": sort}
    elif listing.due:
        kind, at = listing.due
        shard = keys.due_shard(aggregate_id)
        indexed |= {
            "GSI2PK": keys.due(kind, at, shard),
            "GSI2SK": f"{rfc3339(at)}#{tenant_id}#{aggregate_id}",
        }
    for pk in indexed.keys() & {"GSI1PK", "GSI2PK"}:
        keys.own(tenant_id, indexed[pk])
    return {**indexed, "summary": {"id": aggregate_id, **listing.summary}} if indexed else {}
