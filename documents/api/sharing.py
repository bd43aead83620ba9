"""Examples that say the same in many places, moved to where all of them point."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from documents.api.schemas import Json

EXAMPLES = "#/components/examples/"


def share_examples(document: Json) -> Json:
    """Put each named example that occurs again, always with the same value, into components/examples."""
    uses = Counter(_key(name, value) for name, value in _named(document))
    names = Counter(name for name, _ in uses)
    shared: Json = {}
    for holder in _holders(document):
        for name, value in holder.items():
            if names[name] == 1 and uses[_key(name, value)] > 1:
                shared[name] = value
                holder[name] = {"$ref": EXAMPLES + name}
    document["components"]["examples"] = dict(sorted(shared.items()))
    return document


def _key(name: str, value: Json) -> tuple[str, str]:
    return name, json.dumps(value, sort_keys=True)


def _named(document: Json) -> Iterator[tuple[str, Json]]:
    for holder in _holders(document):
        yield from holder.items()


def _holders(node: Any) -> Iterator[Json]:
    """Every `examples` of a media type."""
    if isinstance(node, dict):
        plain: Json = dict(node)  # pyright: ignore[reportUnknownArgumentType] -- JSON
        if "schema" in plain and isinstance(plain.get("examples"), dict):
            yield plain["examples"]
        for value in plain.values():
            yield from _holders(value)
