"""docs/asyncapi.yaml: every event on the bus, as AsyncAPI 3.0."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from itertools import groupby
from operator import attrgetter

from documents.api.openapi import version
from documents.api.schemas import COMPONENTS, Json, renamed
from documents.api.words import introduction
from documents.contexts import contexts, pascal
from documents.events import EventType, envelope, events

_BUS: Json = {
    "host": "events.{region}.amazonaws.com",
    "protocol": "https",
    "description": "The EventBridge bus of the deployment; the stack's output `EventBusName` names it.",
    "variables": {"region": {"default": "eu-west-1", "description": "Where it is deployed."}},
}


def asyncapi() -> Json:
    """The document."""
    described = {context.name: context.description for context in contexts()}
    by_context = {name: list(each) for name, each in groupby(events(), key=attrgetter("context"))}
    return {
        "asyncapi": "3.0.0",
        "id": "urn:troupe:events",
        "info": {"title": "Troupe events", "version": version(), "description": introduction("asyncapi")},
        "defaultContentType": "application/json",
        "servers": {"bus": _BUS},
        "channels": {
            name: _channel(name, described.get(name, ""), each) for name, each in by_context.items()
        },
        "operations": {f"publish{pascal(name)}": _operation(name, each) for name, each in by_context.items()},
        "components": {
            "messages": {_key(event): _message(event) for event in events()},
            "schemas": _schemas(),
        },
    }


def _key(event: EventType) -> str:
    return event.name.replace(".", "_")


def _channel(context: str, description: str, published: Iterable[EventType]) -> Json:
    return {
        "address": f"troupe.{context}",
        "title": context,
        "description": description or "Who can sign in, and what is left of the quotas.",
        "servers": [{"$ref": "#/servers/bus"}],
        "messages": {_key(event): {"$ref": f"#/components/messages/{_key(event)}"} for event in published},
    }


def _operation(context: str, published: Iterable[EventType]) -> Json:
    channel = f"#/channels/{context}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "summary": f"What happens in {context}",
        "messages": [{"$ref": f"{channel}/messages/{_key(event)}"} for event in published],
    }


def _message(event: EventType) -> Json:
    source = {"type": "string", "const": f"troupe.{event.context}"}
    typed = {"type": "string", "const": event.name}
    headers = {"source": source["const"], "detail-type": event.name}
    return {
        "name": event.name,
        "title": event.shape.__name__,
        **({"description": event.text} if event.text else {}),
        "contentType": "application/json",
        "headers": {
            "type": "object",
            "required": ["source", "detail-type"],
            "properties": {"source": source, "detail-type": typed},
        },
        "payload": envelope(event, {"$ref": COMPONENTS + _called(event, event.shape.__name__)}),
        "examples": [{"name": _key(event), "headers": headers, "payload": event.example()}],
    }


def _schemas() -> Json:
    """The data of every event, and the values in it."""
    found: Json = {}
    for event in events():
        schema = event.data(COMPONENTS)
        definitions = schema.pop("$defs", {})
        names = {name: _called(event, name) for name in definitions}
        found[_called(event, event.shape.__name__)] = renamed(schema, names)
        found |= {names[name]: renamed(each, names) for name, each in definitions.items()}
    return dict(sorted(found.items()))


def _called(event: EventType, name: str) -> str:
    """The name of a schema among the components; with the event's before it where two schemas share one."""
    if len(_rivals()[name]) == 1:
        return name
    own = "".join(pascal(part) for part in event.name.split("."))
    return own if name == event.shape.__name__ else own + name


@cache
def _rivals() -> Mapping[str, set[str]]:
    """The different schemas that have a name."""
    found: dict[str, set[str]] = {}
    for event in events():
        schema = event.data(COMPONENTS)
        for name, each in {**schema.pop("$defs", {}), event.shape.__name__: schema}.items():
            found.setdefault(name, set()).add(json.dumps(each, sort_keys=True))
    return found
