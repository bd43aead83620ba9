"""Aggregates as items: the stored state, its events, and a decision about one of them."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from troupe.domain.decider import Context, Decider, Listing, Rejected
from troupe.domain.instants import rfc3339
from troupe.store import copies, keys, personal, shapes, writes
from troupe.store.attributes import pack
from troupe.store.envelope import Envelope
from troupe.store.scope import Scope
from troupe.store.writes import ABSENT, Action

LARGEST_EVENT = 200_000  # bytes of data; the bus takes 256 KB with everything around it


class Unreadable(Exception):  # noqa: N818 -- what is wrong with the data
    """Stored data that is not of the shape that the code expects: a fault of ours, never the caller's.

    The message names the fields and what is wrong with them, never what they hold.
    """

    def __init__(self, shape: Any, invalid: ValidationError) -> None:
        errors = invalid.errors(include_url=False, include_context=False, include_input=False)
        wrong = ", ".join(f"{'.'.join(map(str, each['loc']))}: {each['type']}" for each in errors)
        super().__init__(f"{getattr(shape, '__name__', shape)} cannot be read ({wrong})")


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
    """An aggregate as the table has it; one that the table does not have is at version 0, without a state.

    `kept`: fields of its state that only a newer release knows, which are written back with it.
    """

    id: str
    version: int
    state: S
    deleted: bool = False
    kept: str | None = None


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
    """What was stored; raises `Unreadable`."""
    try:
        return _codec(shape).validate_json(text)
    except ValidationError as invalid:
        raise Unreadable(shape, invalid) from None


def event_in[S, C, E](decider: Decider[S, C, E], envelope: Envelope) -> E | None:
    """The event of the decider's stream, upcast; None for a type that only a newer release knows."""
    shape = decider.events.get(envelope.type)
    if shape is None:
        return None
    read: E = parse(shape, json.dumps(envelope.upcast(decider.event_upcasters).data))
    return read


def stored[S, C, E](ref: Ref[S, C, E], item: Mapping[str, Any] | None) -> Stored[S | None]:
    """The aggregate that an unpacked item holds."""
    if item is None:
        return Stored(id=ref.id, version=0, state=None)
    decider = ref.decider
    state = parse(decider.state, shapes.current(decider, item))
    kept = shapes.kept(decider, item, state)
    return Stored(id=ref.id, version=item["version"], state=state, deleted="deleted_at" in item, kept=kept)


def change[S, C, E](
    ref: Ref[S, C, E], before: Stored[S] | Stored[S | None], events: tuple[E, ...]
) -> Change[S, C, E]:
    seen = Stored[S | None](
        id=before.id, version=before.version, state=before.state, deleted=before.deleted, kept=before.kept
    )
    state = ref.decider.fold(events, before.state)
    deleted = state is not None and ref.decider.deleted_at(state) is not None
    after = replace(seen, version=before.version + len(events), state=state, deleted=deleted)
    return Change(ref=ref, before=seen, events=events, after=after)


def actions(changed: Change[Any, Any, Any], scope: Scope, known: personal.Keys) -> list[Action]:
    """The puts of the events and of the new state; none where nothing happened.

    `known`: the keys of the people whose data the events carry; the puts of new ones are its own.
    """
    if not changed.events:
        return []
    numbered = enumerate(changed.events, start=changed.before.version + 1)
    events = [_event(changed, scope, known, number, event) for number, event in numbered]
    state = _state(changed, scope)
    return [*events, state, *_versions(changed, scope.tenant_id), *_held(changed, scope, events)]


def unchanged(ref: Ref[Any, Any, Any], tenant_id: str, version: int) -> Action:
    """Hold the transaction to the version of an aggregate that was read and is not written."""
    if not ref.decider.copies:
        return writes.unchanged(ref.key(tenant_id), version)
    values = {"version": version}
    return copies.check(ref.key(tenant_id), "version = :version", values, count=ref.decider.copies)


def _versions(changed: Change[Any, Any, Any], tenant_id: str) -> tuple[Action, ...]:
    """The copies that other transactions check in place of the state."""
    ref, after = changed.ref, changed.after
    deleted_at = ref.decider.deleted_at(after.state)
    values = {
        "version": after.version,
        "deleted_at": deleted_at and rfc3339(deleted_at),
        "summary": ref.decider.listed(after.state, after.id).summary,
    }
    return copies.written(ref.key(tenant_id), values, ref.decider.copies)


def _event(
    changed: Change[Any, Any, Any], scope: Scope, known: personal.Keys, number: int, event: Any
) -> Action:
    decider, tenant_id, aggregate_id = changed.ref.decider, scope.tenant_id, changed.ref.id
    subjects = decider.subjects_of(changed.after.state, aggregate_id)
    shown, hidden = personal.parted(event, subjects, lambda: dump(type(event), event))
    data = dump(type(event), shown)
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
        "personal": personal.encrypted((tenant_id, decider.name, aggregate_id, str(number)), hidden, known)
        or None,
        "expires_at": _expires(decider, scope.context),
    }
    parameters = {"Item": pack(item), "ConditionExpression": ABSENT}
    return Action(kind="Put", parameters=parameters, event_id=event_id)


def _held(changed: Change[Any, Any, Any], scope: Scope, events: Iterable[Action]) -> Iterator[Action]:
    """Where the data of the people stands that is written now, so that their erasure reaches it."""
    decider, stands = changed.ref.decider, changed.after
    if decider.erased is None or not any("personal" in each.parameters["Item"] for each in events):
        return
    for subject in set(decider.subjects(stands.state, stands.id).values()):
        yield writes.put(keys.held(scope.tenant_id, subject, decider.name, stands.id), {})


def _expires(decider: Decider[Any, Any, Any], context: Context) -> int | None:
    return None if decider.kept_for is None else int((context.now + decider.kept_for).timestamp())


def state_item(decider: Decider[Any, Any, Any], context: Context, stands: Stored[Any]) -> dict[str, Any]:
    """The item that holds the aggregate as it stands, unpacked."""
    key = keys.state(context.tenant_id, decider.name, stands.id)
    deleted_at = decider.deleted_at(stands.state)
    item = {
        "PK": key.pk,
        "SK": key.sk,
        "version": stands.version,
        "state": dump(decider.state, stands.state),
        "shape": decider.shape,
        "kept": stands.kept,
        "deleted_at": deleted_at and rfc3339(deleted_at),
        "expires_at": _expires(decider, context),
        **_indexed(decider.listed(stands.state, stands.id), context, stands.id),
    }
    return {name: value for name, value in item.items() if value is not None}


def _state(changed: Change[Any, Any, Any], scope: Scope) -> Action:
    item = state_item(changed.ref.decider, scope.context, changed.after)
    return put_state(item, read=changed.before.version)


def put_state(item: Mapping[str, Any], *, read: int) -> Action:
    """Put a state where the version stands that was read, or none."""
    if not read:
        return Action(kind="Put", parameters={"Item": pack(item), "ConditionExpression": ABSENT})
    version = {":read": {"N": str(read)}}
    guarded = {"ConditionExpression": "version = :read", "ExpressionAttributeValues": version}
    return Action(kind="Put", parameters={"Item": pack(item), **guarded})


def _indexed(listing: Listing, context: Context, aggregate_id: str) -> dict[str, Any]:
    tenant_id, indexed = context.tenant_id, dict[str, Any]()
    if listing.collection:
        name, sort = listing.collection
        indexed |= {"GSI1PK": keys.listing(tenant_id, name), "GSI1SK": sort}
    if listing.queue:
        name, sort = listing.queue
        indexed |= {"GSI2PK": keys.listing(tenant_id, name), "GSI2SK": sort}
    elif listing.due:
        kind, at = listing.due
        indexed |= {
            "GSI2PK": keys.due_place(kind, at, context.now, aggregate_id),
            "GSI2SK": f"{rfc3339(at)}#{tenant_id}#{aggregate_id}",
        }
    for pk in indexed.keys() & {"GSI1PK", "GSI2PK"}:
        keys.own(tenant_id, indexed[pk])
    return {**indexed, "summary": {"id": aggregate_id, **listing.summary}} if indexed else {}
