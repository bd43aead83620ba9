"""Models as JSON Schemas with one name each, their references pointing into the document's components."""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from documents.api.published_names import PUBLISHED

type Json = dict[str, Any]
type Mode = Literal["validation", "serialization"]
type Use = tuple[type[BaseModel], Mode]  # a model as it comes in, or as it goes out

COMPONENTS = "#/components/schemas/"


class Plain(GenerateJsonSchema):
    """Without titles, which only repeat the names."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        del schema
        return False


class Schemas:
    """The schemas of many models. A model is called as `named` says, else as its class."""

    def __init__(self, uses: Sequence[Use], named: Mapping[type[BaseModel], str]) -> None:
        template = f"{COMPONENTS}{{model}}"
        self._refs, found = models_json_schema(
            list(dict.fromkeys(uses)), ref_template=template, schema_generator=Plain
        )
        raw: Json = found.get("$defs", {})
        given = {self._key(use): named[use[0]] for use in uses if use[0] in named}
        self._names = _names(raw, given)
        self.components = {
            self._names[key]: renamed(_plain(schema), self._names) for key, schema in sorted(raw.items())
        }

    def name(self, model: type[BaseModel], mode: Mode) -> str:
        return self._names[self._key((model, mode))]

    def ref(self, model: type[BaseModel], mode: Mode) -> Json:
        return {"$ref": COMPONENTS + self.name(model, mode)}

    def _key(self, use: Use) -> str:
        return str(self._refs[use]["$ref"]).removeprefix(COMPONENTS)


def alone(shape: Any, prefix: str = "#/$defs/") -> Json:
    """The schema of one type as it is written, with what it refers to in `$defs`."""
    schema = TypeAdapter[Any](shape).json_schema(
        mode="serialization", ref_template=f"{prefix}{{model}}", schema_generator=Plain
    )
    definitions = {name: _plain(each) for name, each in sorted(schema.pop("$defs", {}).items())}
    return {**_plain(schema), **({"$defs": definitions} if definitions else {})}


def renamed(schema: Json, names: Mapping[str, str]) -> Json:
    """With its references to components under other names."""
    text = json.dumps(schema)
    for key, name in names.items():
        text = text.replace(f'"{COMPONENTS}{key}"', f'"{COMPONENTS}{name}"')
    return dict(json.loads(text))


def _names(raw: Json, given: Mapping[str, str]) -> dict[str, str]:
    """What each definition is called: as given, else by its class, with the module where two differ."""
    short = {key: given.get(key) or key.rpartition("__")[2] or key for key in raw}
    names = {
        key: _long(key) if key not in given and _rivals(key, short, raw) else name
        for key, name in short.items()
    }
    return {key: name.replace("-Input", "Input").replace("-Output", "") for key, name in names.items()}


def _rivals(key: str, names: Mapping[str, str], raw: Json) -> list[str]:
    return [other for other, name in names.items() if name == names[key] and raw[other] != raw[key]]


def _long(key: str) -> str:
    """The name of one of several of a name; what was published under another stays so."""
    name = "".join(part[:1].upper() + part[1:] for part in key.replace("__", "_").split("_"))
    return PUBLISHED.get(name, name)


def _plain(schema: Json) -> Json:
    """Without the title, and without the signature that a dataclass has for want of a docstring."""
    title = schema.get("title", "")
    signature = str(schema.get("description", "")).startswith(f"{title}(")
    left = {"title", "description"} if signature else {"title"}
    return {key: value for key, value in schema.items() if key not in left}
