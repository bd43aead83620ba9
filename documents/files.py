"""The generated files: how each is written, and which of those on disk are not as the code says."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from documents.api.openapi import openapi
from documents.api.schemas import Json
from documents.asyncapi import asyncapi
from documents.contexts import contexts
from documents.events import events
from documents.methods import methods
from documents.places import ROOT, SCHEMAS, SERVED
from documents.readme import readme
from documents.reference import pages
from documents.samples import releases
from documents.template import template
from troupe.edge.unrouted import METHODS

HEADER = "Generated from the code by `make generate`: change the code and make them again."


class _Dumper(yaml.SafeDumper):
    """Without anchors, and with block scalars for what has several lines."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)


def generated() -> Mapping[Path, str]:
    """Every generated file, by its path."""
    routes, messages = openapi(), asyncapi()
    return {
        ROOT / "docs/openapi.yaml": as_yaml(routes),
        ROOT / "docs/asyncapi.yaml": as_yaml(messages),
        SERVED / "openapi.json": as_json({**routes, "x-generated": HEADER}),
        SERVED / "asyncapi.json": as_json({**messages, "x-generated": HEADER}),
        **pages(),
        **{file: template(file.parent.name, file) for file in beside("template.yaml")},
        **{file: readme(file.parent.name, file) for file in beside("README.md")},
        **{each.package / METHODS: as_json(methods(each), indent=2) for each in contexts()},
        **releases.generated(),
        **{SCHEMAS / event.file: as_json(commented(event.schema()), indent=2) for event in events()},
    }


def beside(name: str) -> list[Path]:
    """A file that every context has in its folder."""
    return [context.package.parents[1] / name for context in contexts()]


def commented(schema: Json) -> Json:
    """A JSON Schema with the header after what it says it is."""
    first = {key: schema[key] for key in ("$schema", "$id")}
    return {**first, "$comment": HEADER, **schema}


def as_yaml(document: Json) -> str:
    body = yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
    return f"# {HEADER}\n{body}"


def as_json(document: Json, indent: int | None = None) -> str:
    separators = (",", ": ") if indent else (",", ":")
    return json.dumps(document, ensure_ascii=False, indent=indent, separators=separators) + "\n"


def stale(wanted: Mapping[Path, str]) -> list[Path]:
    """What is missing, differs, or is there for no event any more."""
    differing = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    return sorted([*differing, *_left(wanted)])


def write(wanted: Mapping[Path, str]) -> list[Path]:
    """Write what is stale, and remove what no event has any more; says which."""
    changed = stale(wanted)
    for path in changed:
        if path in wanted:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(wanted[path])
        else:
            path.unlink()
    return changed


def _left(wanted: Mapping[Path, str]) -> set[Path]:
    return (set(SCHEMAS.glob("*.json")) - wanted.keys()) | releases.left(wanted.keys())
