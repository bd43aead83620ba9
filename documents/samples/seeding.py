"""The table as a sample finds it: aggregates from the golden lives, and what goes with them."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import import_module
from typing import Any

from documents.contexts import deciders
from documents.samples.given import COPIES, LATER, USUAL, given
from documents.samples.golden import life
from documents.samples.invocations import sample
from documents.samples.sample_ids import STREAMS, SYSTEM, SYSTEM_STREAMS, TENANT
from troupe.clock import now
from troupe.domain.decider import Decider
from troupe.edge.request import scope_of
from troupe.store import aggregates, keys, table
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.attributes import pack
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

CONTEXTS_WITH_MORE = (
    "identity",
    "community",
    "commerce",
)  # what they write beside their aggregates: documents/samples/seeded_<context>.py

type AnyChange = Change[Any, Any, Any]


def prepared(function: str) -> dict[str, Any]:
    """The sample of `context.Function`, once what it needs is written over what the sample tenant had."""
    case = given(function)
    scopes = {tenant: _scope(tenant) for tenant in (TENANT, SYSTEM)}
    changes = [
        (scopes[SYSTEM if kind in SYSTEM_STREAMS else TENANT], _lived(_deciders()[kind], who, until))
        for kind, usual in USUAL.items()
        for who in (None, *COPIES.get(kind, ("", ()))[1])
        for until in (usual if who else case.lives.get(kind, usual),)
    ]
    for scope, changed in changes:
        clear(keys.aggregate(scope.tenant_id, changed.ref.decider.name, changed.ref.id))
        put(aggregates.actions(changed, scope))
    at = Snapshot(scope=scopes[TENANT], items={})
    for context in CONTEXTS_WITH_MORE:
        import_module(f"documents.samples.seeded_{context}").seed(at, [changed for _, changed in changes])
    return _signed(function, at, [changed for _, changed in changes])


def of_kind(changes: Iterable[AnyChange], kind: str) -> AnyChange:
    """The sample's own stream of a kind, before the copies of it."""
    return next(each for each in changes if each.ref.decider.name == kind)


def left(changes: Iterable[AnyChange], kind: str) -> Stored[Any]:
    """How the sample's own stream of a kind stands after its life."""
    return of_kind(changes, kind).after


def _signed(function: str, at: Snapshot, changes: list[AnyChange]) -> dict[str, Any]:
    """The sample, with the tokens in its body that only the keys of this table can sign."""
    owner, _, name = function.partition(".")
    event = sample(function)
    if owner in CONTEXTS_WITH_MORE:
        more = import_module(f"documents.samples.seeded_{owner}").secrets(name, at, changes)
        event["body"] = json.dumps(json.loads(event.get("body") or "{}") | more)
    return event


def put(actions: Iterable[Action]) -> None:
    """The puts among these actions, without their conditions."""
    for action in actions:
        if action.kind == "Put":
            table.client().put_item(TableName=table.name(), Item=action.parameters["Item"])


def remove(*found: Key) -> None:
    for key in found:
        table.client().delete_item(TableName=table.name(), Key=pack({"PK": key.pk, "SK": key.sk}))


def _scope(tenant_id: str) -> Scope:
    return scope_of(now=now(), tenant_id=tenant_id, actor="seeding", correlation_id="seeding")


@cache
def _deciders() -> Mapping[str, Decider[Any, Any, Any]]:
    return {decider.name: decider for decider in deciders()}


def _lived(decider: Decider[Any, Any, Any], who: str | None, until: str | None) -> AnyChange:
    """A stream up to the event that is named, as it is or as the copy that somebody else has."""

    def copied(text: str) -> str:
        later = text.replace(*LATER[decider.name]) if decider.name in LATER else text
        return later.replace(COPIES[decider.name][0], who) if who else later

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
