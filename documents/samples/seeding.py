"""The table as a sample finds it: aggregates from the golden lives, and what goes with them."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha512
from importlib import import_module
from itertools import batched
from typing import Any, override

from documents.contexts import deciders
from documents.samples.given import COPIES, INSTEAD, NEEDED, USUAL, given
from documents.samples.golden import life
from documents.samples.invocations import sample
from documents.samples.sample_ids import STREAMS, SYSTEM, SYSTEM_STREAMS, TENANT
from troupe.clock import now
from troupe.domain.decider import Decider
from troupe.edge.request import scope_of
from troupe.store import aggregates, keys, table, writes
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.attributes import pack
from troupe.store.keys import Key
from troupe.store.personal import Keys
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

AT_ONCE = 25  # items, as many as DynamoDB takes

type AnyChange = Change[Any, Any, Any]


def prepared(function: str) -> dict[str, Any]:
    """The sample of `context.Function`, once what it needs is written over what the sample tenant had."""
    case, needed = given(function), NEEDED[function.partition(".")[0]]
    scopes = {tenant: _scope(tenant) for tenant in (TENANT, SYSTEM)}
    instead = {**INSTEAD, **case.instead}
    changes = [
        (
            scopes[SYSTEM if kind in SYSTEM_STREAMS else TENANT],
            _lived(_deciders()[kind], who, until, instead.get(kind, ("", ""))),
        )
        for kind, usual in USUAL.items()
        if _deciders()[kind].context in {*needed, "kernel"}
        for who in (None, *COPIES.get(kind, ("", ()))[1])
        for until in (usual if who else case.lives.get(kind, usual),)
    ]
    for scope, changed in changes:
        clear(keys.aggregate(scope.tenant_id, changed.ref.decider.name, changed.ref.id))
    put(action for scope, changed in changes for action in encoded(changed, scope))
    at = Snapshot(scope=scopes[TENANT], items={})
    for context in needed:  # what it writes beside its aggregates
        import_module(f"documents.samples.seeded_{context}").seed(at, [changed for _, changed in changes])
    return _signed(function, at, [changed for _, changed in changes])


def of_kind(changes: Iterable[AnyChange], kind: str) -> AnyChange:
    """The sample's own stream of a kind, before the copies of it."""
    return next(each for each in changes if each.ref.decider.name == kind)


def left(changes: Iterable[AnyChange], kind: str) -> Stored[Any]:
    """How the sample's own stream of a kind stands after its life."""
    return of_kind(changes, kind).after


def _signed(function: str, at: Snapshot, changes: list[AnyChange]) -> dict[str, Any]:
    """The sample, with the tokens in its path or body that only the keys of this table can sign."""
    owner, _, name = function.partition(".")
    event = sample(function)
    more = import_module(f"documents.samples.seeded_{owner}").secrets(name, at, changes)
    in_path = more.keys() & event["pathParameters"].keys()
    event["pathParameters"] |= {each: more[each] for each in in_path}
    in_body = {each: value for each, value in more.items() if each not in in_path}
    event["body"] = json.dumps(json.loads(event.get("body") or "{}") | in_body)
    return event


def put(actions: Iterable[Action]) -> None:
    """The puts among these actions, without their conditions; the last one of an item counts."""
    items = {
        (item["PK"]["S"], item["SK"]["S"]): item
        for action in actions
        if action.kind == "Put"
        for item in (action.parameters["Item"],)
    }
    for some in batched(items.values(), AT_ONCE, strict=False):
        unwritten: Any = {table.name(): [{"PutRequest": {"Item": item}} for item in some]}
        while unwritten:
            unwritten = table.client().batch_write_item(RequestItems=unwritten)["UnprocessedItems"]


class _Known(Keys):
    """The key of each person is made of their name, so that all that is seeded about them opens alike."""

    def __init__(self, tenant_id: str) -> None:
        super().__init__(tenant_id, {})
        self._tenant_id = tenant_id
        self._seeded: dict[Key, bytes] = {}

    @override
    def of(self, subject: str) -> bytes:
        at = keys.subject(self._tenant_id, subject)
        return self._seeded.setdefault(at, sha512(subject.encode()).digest())

    @override
    def actions(self) -> list[Action]:
        return [writes.put(at, {"key": key}) for at, key in self._seeded.items()]


def encoded(changed: AnyChange, scope: Scope) -> list[Action]:
    """The puts of a change, with the keys of the people whose data is in it."""
    known = _Known(scope.tenant_id)
    return [*aggregates.actions(changed, scope, known), *known.actions()]


def remove(*found: Key) -> None:
    for key in found:
        table.client().delete_item(TableName=table.name(), Key=pack({"PK": key.pk, "SK": key.sk}))


def _scope(tenant_id: str) -> Scope:
    return scope_of(now=now(), tenant_id=tenant_id, actor="seeding", correlation_id="seeding")


@cache
def _deciders() -> Mapping[str, Decider[Any, Any, Any]]:
    return {decider.name: decider for decider in deciders()}


def _lived(
    decider: Decider[Any, Any, Any], who: str | None, until: str | None, instead: tuple[str, str]
) -> AnyChange:
    """A stream up to the named event, as it is or as another principal's copy."""

    def copied(text: str) -> str:
        suited = text.replace(*instead) if any(instead) else text
        return suited.replace(COPIES[decider.name][0], who) if who else suited

    ref = Ref(decider=decider, id=copied(STREAMS[decider.name]), creates=True)
    name, _, last = (until or "").rpartition("/")
    events = life(decider.context, decider.name, name or None, until=last) if until else ()
    parsed = tuple(
        aggregates.parse(decider.events[each.type], copied(json.dumps(each.data))) for each in events
    )
    return aggregates.change(ref, aggregates.stored(ref, None), parsed)


def clear(pk: str) -> None:
    """Remove all items of a partition."""
    query: Any = {"KeyConditionExpression": "PK = :pk", "ExpressionAttributeValues": pack({":pk": pk})}
    pages = (
        table.client()
        .get_paginator("query")
        .paginate(TableName=table.name(), ProjectionExpression="PK, SK", **query)
    )
    for page in pages:
        for item in page["Items"]:
            table.client().delete_item(TableName=table.name(), Key=item)
