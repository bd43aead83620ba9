"""Example values for schemas: the same on every machine, and such as a person would write."""

from collections.abc import Callable, Mapping
from typing import Any

from jsonschema import Draft202012Validator

from documents.api.schemas import Json
from documents.samples.samples import FORMATS, identifier, known

DEEPEST = 8


class Examples:
    """Makes values; `definitions` are the schemas that references lead to, by their last part."""

    def __init__(self, definitions: Mapping[str, Json]) -> None:
        self._definitions = definitions

    def of(self, schema: Json, name: str = "", depth: int = 0) -> Any:
        """A value that the schema accepts, as the property `name`; `LookupError` if none comes to mind."""
        if "const" in schema:
            return schema["const"]
        if given := schema.get("examples") or schema.get("enum"):
            return given[0]
        if "$ref" in schema:
            return self.of(self._definitions[schema["$ref"].rpartition("/")[2]], name, depth + 1)
        if fitting := [value for value in known(name) if _fits(value, schema)]:
            return fitting[0]
        if choices := schema.get("anyOf") or schema.get("oneOf"):
            return self._choice(choices, name, depth)
        return self._made(schema, name, depth)

    def _made(self, schema: Json, name: str, depth: int) -> Any:
        makers: dict[str, Callable[[Json, str, int], Any]] = {
            "object": self._object,
            "array": self._array,
            "string": self._string,
            "integer": self._number,
            "number": self._number,
            "boolean": self._boolean,
        }
        make = makers.get(schema.get("type", ""))
        return make(schema, name, depth) if make else None

    def _choice(self, choices: list[Json], name: str, depth: int) -> Any:
        """The first that is a value at all; where it nests too deep, the null."""
        rich = [choice for choice in choices if choice.get("type") != "null"]
        if depth > DEEPEST and len(rich) < len(choices):
            return None
        return self.of(rich[0], name, depth + 1)

    def _object(self, schema: Json, name: str, depth: int) -> Json:
        if properties := schema.get("properties"):
            return {key: self.of(each, key, depth + 1) for key, each in properties.items()}
        values: Any = schema.get("additionalProperties")
        if values in (None, True, False):
            return {}
        key = self.of(schema.get("propertyNames", {"type": "string"}), _singular(name))
        return {key: self.of(values, _singular(name), depth + 1)}

    def _array(self, schema: Json, name: str, depth: int) -> list[Any]:
        if depth > DEEPEST or "items" not in schema:
            return [self.of(each, name, depth + 1) for each in schema.get("prefixItems", ())]
        return [self.of(schema["items"], _singular(name), depth + 1)] * schema.get("minItems", 1)

    def _string(self, schema: Json, name: str, _depth: int) -> str:
        if schema.get("format") == "uuid":
            return identifier(name)
        text = (name.replace("_", " ") or "text").ljust(schema.get("minLength", 0), ".")
        for value in (FORMATS.get(schema.get("format", "")), text, name, "acme"):
            if value is not None and _fits(value, schema):
                return str(value)
        raise LookupError(f"give {name or 'the string'} an example: nothing here matches {schema}")

    def _number(self, schema: Json, _name: str, _depth: int) -> Any:
        lowest = schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1)
        return schema.get("default") or schema.get("multipleOf", lowest)

    def _boolean(self, schema: Json, _name: str, _depth: int) -> bool:
        return bool(schema.get("default", True))


def _fits(value: Any, schema: Json) -> bool:
    """Whether a value will do, as far as the schema tells without what it refers to."""
    if "properties" in schema or "$ref" in str(schema):
        return False
    return Draft202012Validator(schema).is_valid(value)


def _singular(name: str) -> str:
    return name[:-3] + "y" if name.endswith("ies") else name.removesuffix("s")
