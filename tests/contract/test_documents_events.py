"""docs/asyncapi.yaml and docs/schemas are valid and complete, and every golden event is as they say."""

import json

import pytest
from jsonschema import Draft202012Validator

from documents.contexts import deciders
from documents.events import events
from documents.places import SCHEMAS
from documents.samples.golden import lives, streams
from support.openapi import closed, committed, misfits, nodes, references, resolve
from troupe.domain.personal import declared
from troupe.store.aggregates import dump, parse
from troupe.store.envelope import Envelope

ASYNCAPI = committed("asyncapi.yaml")
BY_NAME = {event.name: event for event in events()}
EVENTS = [pytest.param(event, id=event.name) for event in events()]
GOLDEN = [
    pytest.param(context, kind, name, id=f"{context}-{kind}-{name}")
    for context, kind in streams()
    for name in lives(context, kind)
]
TYPED = {"type", "required", "properties"}

# AsyncAPI 3.0.0, https://www.asyncapi.com/docs/reference/specification/v3.0.0: what each object may have, and must.
FORMS = {
    (): (
        {"asyncapi", "id", "info", "defaultContentType", "servers", "channels", "operations", "components"},
        {"asyncapi", "info"},
    ),
    ("info",): ({"title", "version", "description"}, {"title", "version"}),
    ("servers", "*"): ({"host", "protocol", "description", "variables"}, {"host", "protocol"}),
    ("servers", "*", "variables", "*"): ({"enum", "default", "description", "examples"}, set()),
    ("channels", "*"): ({"address", "title", "description", "servers", "messages"}, {"address", "messages"}),
    ("operations", "*"): ({"action", "channel", "summary", "messages"}, {"action", "channel"}),
    ("components",): ({"messages", "schemas"}, set()),
    ("components", "messages", "*"): (
        {"name", "title", "description", "contentType", "headers", "payload", "examples"},
        {"name", "payload"},
    ),
    ("components", "messages", "*", "examples", "*"): ({"name", "headers", "payload"}, {"payload"}),
    ("components", "messages", "*", "headers"): (TYPED, TYPED),
    ("components", "messages", "*", "payload"): (TYPED, TYPED),
}


def at(path):
    """The objects that stand at a path, where * is any name."""
    found = [ASYNCAPI]
    for part in path:
        steps = [
            list(each.values() if isinstance(each, dict) else each) if part == "*" else [each[part]]
            for each in found
        ]
        found = [value for step in steps for value in step]
    return found


@pytest.mark.parametrize("path", [pytest.param(path, id="/".join(path) or "document") for path in FORMS])
def test_every_object_is_of_its_form(path):
    may, must = FORMS[path]
    assert at(path)
    for each in at(path):
        assert each.keys() <= may
        assert each.keys() >= must


def test_it_is_asyncapi():
    assert ASYNCAPI["asyncapi"] == "3.0.0"
    names = [name for kind in ("servers", "channels", "operations") for name in ASYNCAPI[kind]]
    names += [name for each in ASYNCAPI["components"].values() for name in each]
    assert all(name.replace("_", "").isalnum() for name in names)
    for schema in ASYNCAPI["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere():
    for reference in set(references(ASYNCAPI)):
        resolve(ASYNCAPI, reference)


def test_operations_send_what_their_channel_has():
    for name, operation in ASYNCAPI["operations"].items():
        channel = operation["channel"]["$ref"]
        sent = [message["$ref"] for message in operation["messages"]]
        assert operation["action"] == "send", name
        assert sent == [f"{channel}/messages/{key}" for key in resolve(ASYNCAPI, channel)["messages"]]


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_is_a_message_with_an_example(event):
    key = event.name.replace(".", "_")
    message = ASYNCAPI["components"]["messages"][key]
    assert message["name"] == event.name
    assert key in ASYNCAPI["channels"][event.context]["messages"]
    assert message["examples"]
    for example in message["examples"]:
        assert misfits(example["payload"], message["payload"], ASYNCAPI) == []
        assert misfits(example["headers"], message["headers"], ASYNCAPI) == []


def test_there_is_no_message_and_no_schema_beside():
    names = {event.name.replace(".", "_") for event in events()}
    assert ASYNCAPI["components"]["messages"].keys() == names
    assert {path.name for path in SCHEMAS.glob("*.json")} == {event.file for event in events()}


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_schema(event):
    schema = json.loads((SCHEMAS / event.file).read_text())
    Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:troupe:event:{event.name}:v{event.version}"
    sealed = set() if declared(event.shape) else {"personal"}
    assert schema["properties"].keys() == set(Envelope.__slots__) - sealed
    assert misfits(event.example(), schema) == []


@pytest.mark.parametrize("event", EVENTS)
def test_every_event_has_a_golden_one(event):
    add = f'{{"type": "{event.name}", "data": ...}}'
    file = f"events/{event.context}/{event.aggregate}.json"
    assert event.golden() is not None, f"add {add} to a life in {file}, where it can happen"


@pytest.mark.parametrize("decider", deciders(), ids=lambda each: f"{each.context}-{each.name}")
def test_every_stream_has_a_file_and_every_file_a_stream(decider):
    assert (decider.context, decider.name) in streams(), f"write events/{decider.context}/{decider.name}.json"
    assert set(streams()) <= {(each.context, each.name) for each in deciders()}


@pytest.mark.parametrize("context, kind, name", GOLDEN)
def test_golden_events_are_as_their_schemas_say(context, kind, name):
    """And have no field that the schema does not know: a field that was renamed would be one."""
    for event in lives(context, kind)[name]:
        schema = json.loads((SCHEMAS / BY_NAME[event.type].file).read_text())
        assert misfits(event.detail(), closed(schema)) == []


@pytest.mark.parametrize("context, kind, name", GOLDEN)
def test_golden_events_are_read_and_written_again_unchanged(context, kind, name):
    for event in lives(context, kind)[name]:
        declared = BY_NAME[event.type]
        assert (declared.context, declared.aggregate) == (context, kind)
        assert Envelope.of(event.detail()) == event
        read = parse(declared.shape, json.dumps(event.data))
        assert type(read) is declared.shape
        assert json.loads(dump(declared.shape, read)) == event.data


@pytest.mark.parametrize("context, kind, name", GOLDEN)
def test_a_golden_life_can_be_folded(context, kind, name):
    decider = next(each for each in deciders() if (each.context, each.name) == (context, kind))
    events = [parse(decider.events[each.type], json.dumps(each.data)) for each in lives(context, kind)[name]]
    assert decider.fold(events[:1]) is not None
    state = decider.fold(events)
    assert parse(decider.state, dump(decider.state, state)) == state


def test_a_change_that_breaks_a_reader_shows():
    event = next(each for each in events() if each.name == "tenant.quota_warning_reached")
    schema, kept = event.schema(), event.example()
    assert misfits(kept, closed(schema)) == []
    data = schema["properties"]["data"]
    renamed = {**data["properties"], "share": data["properties"]["percent"]}
    del renamed["percent"]
    optional = {**data, "properties": renamed, "required": ["quota", "period"]}
    added = {**data, "properties": {**data["properties"], "unit": {"type": "string"}}}
    narrowed = {**data, "properties": {**data["properties"], "percent": {"const": 95}}}
    for changed, broken in (
        (optional, True),
        (added, False),
        (narrowed, True),
        ({**added, "required": ["unit"]}, True),
    ):
        after = {**schema, "properties": {**schema["properties"], "data": changed}}
        assert bool(misfits(kept, closed(after))) is broken


def test_nothing_is_described_that_a_secret_could_be_in():
    names = {key for path, node in nodes(ASYNCAPI) if path and path[-1] == "properties" for key in node}
    assert names & {"password", "hash", "token", "secret"} == set()
