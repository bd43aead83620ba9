"""The API of recovery has the types of the requirement document: field by field, their enums and what may be null.

Names are in snake case, more fields are allowed, and `currency` stands beside every amount. One deviation is
decided: a recovery rate is null where there is nothing to divide by.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from support.openapi import committed

TYPESCRIPT = (Path(__file__).parent / "payment_recovery.ts").read_text()
ENUMS = dict(re.findall(r"export type (\w+) = ([^;]+);", TYPESCRIPT))
INTERFACES = {
    name: re.findall(r"(\w+)(\??): ([^;]+);", body)
    for name, body in re.findall(r"export interface (\w+) \{(.*?)\n\}", TYPESCRIPT, re.DOTALL)
}
FIELDS = [(name, *field) for name, fields in INTERFACES.items() for field in fields]
NULLABLE = {("MetricSnapshot", "recoveryRate")}
PLACES = {  # where each is read: a path, and a property's items within what is answered there
    "Workspace": ("/workspaces/{workspace_id}",),
    "ConnectedStripeAccount": ("/workspaces/{workspace_id}/stripe-accounts", "items"),
    "SubscriptionAtRisk": ("/subscriptions-at-risk/{subscription_at_risk_id}",),
    "DunningSequence": ("/dunning-sequences/{dunning_sequence_id}",),
    "DunningSequenceStep": ("/dunning-sequences/{dunning_sequence_id}", "steps"),
    "RecoveryAttempt": ("/recovery-attempts/{recovery_attempt_id}",),
    "RecoveryOutcome": ("/recovery-attempts/{recovery_attempt_id}/outcome",),
    "MetricSnapshot": ("/metric-snapshots/{metric_snapshot_id}",),
}
LISTS = {  # of the same, in pages
    "Workspace": "/workspaces",
    "SubscriptionAtRisk": "/workspaces/{workspace_id}/subscriptions-at-risk",
    "RecoveryAttempt": "/workspaces/{workspace_id}/recovery-attempts",
    "RecoveryOutcome": "/workspaces/{workspace_id}/recovery-outcomes",
    "MetricSnapshot": "/workspaces/{workspace_id}/metric-snapshots",
}
DAYS = {"expirationDate"}
LIVE_STEPS = (
    "/recovery-attempts/{recovery_attempt_id}",
    "steps",
)  # their status moves, a sequence's own does not


def document():
    return committed("openapi.yaml")


def resolved(schema):
    while "$ref" in schema:
        schema = document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def at(path, *inner):
    """The schema that is answered, or of the items of a property in it."""
    answered = document()["paths"][f"/v1/recovery{path}"]["get"]["responses"]["200"]["content"]
    schema = resolved(answered["application/json"]["schema"])
    for name in inner:
        schema = resolved(resolved(schema["properties"][name])["items"])
    return schema


def snake(name):
    return re.sub(r"(?<=[a-z])([A-Z])", r"_\1", name).lower()


def plain(schema):
    """What it is when it is there, and whether it may be null."""
    schema = resolved(schema)
    options = [resolved(each) for each in schema.get("anyOf", [schema])]
    there = [each for each in options if each.get("type") != "null"]
    assert len(there) == 1, schema
    return there[0], len(there) < len(options)


def literals(typescript):
    return set(re.findall(r'"([^"]+)"', ENUMS.get(typescript, typescript)))


def assert_fits(name, typescript, schema):
    """A field's schema is that of its type in the document."""
    if enum := literals(typescript):
        assert set(schema.get("enum") or [schema.get("const")]) == enum
    elif typescript in INTERFACES or typescript.removesuffix("[]") in INTERFACES:
        assert schema["type"] == "array"
    elif typescript == "string[]":
        assert (schema["type"], resolved(schema["items"])["type"]) == ("array", "string")
    elif typescript == "number":
        assert schema["type"] == ("number" if name == "recoveryRate" else "integer")
    else:
        assert schema["type"] == typescript
        instant = name.endswith("At") or name in {"periodStart", "periodEnd"}
        expected = "date-time" if instant else "date" if name in DAYS else None
        assert schema.get("format") == expected


def test_the_document_was_read():
    assert (set(INTERFACES), len(FIELDS), len(ENUMS)) == (set(PLACES), 60, 3)


@pytest.mark.parametrize("interface, name, optional, typescript", FIELDS)
def test_a_field_is_as_the_document_has_it(interface, name, optional, typescript):
    schema = at(*PLACES[interface])
    found, nullable = plain(schema["properties"][snake(name)])
    if (interface, name) == ("DunningSequenceStep", "status"):
        assert found.get("const") == "scheduled"
        found, _ = plain(at(*LIVE_STEPS)["properties"]["status"])
    assert_fits(name, typescript, found)
    if not optional:
        assert nullable is ((interface, name) in NULLABLE)
        assert nullable or snake(name) in schema["required"]
    else:
        assert nullable


@pytest.mark.parametrize("interface", LISTS)
def test_a_list_shows_the_same_fields(interface):
    whole, row = at(*PLACES[interface]), at(LISTS[interface], "items")
    for name, _optional, _typescript in INTERFACES[interface]:
        assert plain(row["properties"][snake(name)]) == plain(whole["properties"][snake(name)])


def objects() -> Iterator[tuple[str, dict]]:
    """Every object that a query of recovery answers, however deep."""
    for path, methods in document()["paths"].items():
        answered = methods.get("get", {}).get("responses", {}).get("200", {}).get("content", {})
        if path.startswith("/v1/recovery/") and "application/json" in answered:
            yield from _within(path, answered["application/json"]["schema"], ())


def _within(path, schema, seen):
    named = schema.get("$ref")
    schema = resolved(schema)
    if named in seen:
        return
    if "properties" in schema:
        yield named or path, schema
    inner = [*schema.get("properties", {}).values(), *schema.get("anyOf", ()), schema.get("items")]
    for each in inner:
        if isinstance(each, dict):
            yield from _within(path, each, (*seen, named) if named else seen)


def test_the_currency_stands_beside_every_amount():
    amounts = {name: schema for name, schema in objects() if any(map(_amount, schema["properties"]))}
    assert len(amounts) > 5
    assert [name for name, schema in amounts.items() if "currency" not in schema["properties"]] == []


def _amount(name):
    return name.endswith("_cents")
