import pytest
from jsonschema import Draft202012Validator

from documents.samples.examples import Examples

TREE = {
    "type": "object",
    "properties": {"name": {"type": "string"}, "child": {"anyOf": [{"$ref": "#/x/Tree"}, {"type": "null"}]}},
}
LINE = {"type": "object", "properties": {"next": {"type": "array", "items": {"$ref": "#/x/Line"}}}}
MADE = Examples({"Tree": TREE, "Line": LINE, "Color": {"enum": ["red", "blue"]}})


@pytest.mark.parametrize(
    ("name", "schema", "expected"),
    [
        ("email", {"type": "string"}, "emily@example.com"),
        ("email", {"type": "boolean"}, True),
        ("country", {"type": "string", "pattern": "^[A-Z]{2}$"}, "DE"),
        ("country", {"anyOf": [{"type": "string", "pattern": "^[A-Z]{2}$"}, {"type": "null"}]}, "DE"),
        ("seen_at", {"type": "string", "format": "date-time"}, "2026-01-31T12:00:00Z"),
        ("when", {"type": "string", "format": "date"}, "2026-01-31"),
        ("color", {"$ref": "#/x/Color"}, "red"),
        ("kind", {"const": "leader"}, "leader"),
        ("token", {"type": "string", "examples": ["abc"]}, "abc"),
        ("limit", {"type": "integer", "minimum": 1, "maximum": 10}, 1),
        ("size", {"type": "integer", "default": 7}, 7),
        ("size", {"type": "integer", "exclusiveMinimum": 4}, 5),
        ("size", {"type": "number", "multipleOf": 10}, 10),
        ("on", {"type": "boolean", "default": False}, False),
        ("nothing", {"type": "null"}, None),
        ("anything", {}, None),
        ("organization_names", {"type": "array", "items": {"type": "string"}}, ["organization name"]),
        ("pair", {"type": "array", "prefixItems": [{"const": 1}, {"const": 2}]}, [1, 2]),
        ("counts", {"type": "object", "additionalProperties": {"type": "integer"}}, {"count": 1}),
        ("free", {"type": "object", "additionalProperties": True}, {}),
        ("first_name", {"type": "string", "minLength": 14}, "first name...."),
    ],
)
def test_a_value_fits_its_name_and_its_schema(name, schema, expected):
    assert MADE.of(schema, name) == expected
    if "$ref" not in schema:
        assert Draft202012Validator(schema).is_valid(expected)


def test_an_identifier_belongs_to_its_name():
    schema = {"type": "string", "format": "uuid"}
    assert MADE.of(schema, "user_id") == MADE.of(schema, "user_id") != MADE.of(schema, "role_id")
    assert MADE.of({"type": "string"}, "user_id") == MADE.of(schema, "user_id")


def test_what_contains_itself_ends():
    tree = MADE.of(TREE)
    depth = 0
    while tree := tree["child"]:
        depth += 1
    assert 0 < depth < 10
    line = MADE.of(LINE)
    while line["next"]:
        line = line["next"][0]


def test_a_missing_example_must_be_given():
    with pytest.raises(LookupError, match="give code an example"):
        MADE.of({"type": "string", "pattern": "^X{40}$"}, "code")
