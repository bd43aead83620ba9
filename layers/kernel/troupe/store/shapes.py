"""The stored state of an aggregate and the number of its shape: the number of the code that wrote it last.

A state of an older shape is upcast in memory when it is read. While two releases run side by side, or after
one was rolled back, the older code meets states of a newer shape: the top-level fields that it does not know
are kept beside the state, and the newer code finds them there when it upcasts what the older code wrote.
"""

import json
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from troupe.domain.decider import Decider
from troupe.domain.upcasting import upcast_state

FIRST = 1  # of states without a number

type Item = Mapping[str, Any]


def current(decider: Decider[Any, Any, Any], item: Item) -> str:
    """The state in an unpacked item, as JSON of the decider's shape or of a newer one."""
    number: int = item.get("shape", FIRST)
    if number >= decider.shape:
        written: str = item["state"]
        return written
    older = {**_object(item.get("kept")), **_object(item["state"])}
    return json.dumps(upcast_state(decider.upcasters, older, number, decider.shape))


def kept(decider: Decider[Any, Any, Any], item: Item, state: Any) -> str | None:
    """The fields of newer shapes in the item, as JSON: those that the class of its state does not have."""
    number, before = item.get("shape", FIRST), item.get("kept")
    if number == decider.shape or (number < decider.shape and before is None):
        return before
    newer = _object(item["state"]) if number > decider.shape else {}
    known = {each.name for each in fields(state)}
    left = {name: each for name, each in {**_object(before), **newer}.items() if name not in known}
    return json.dumps(left, ensure_ascii=False, separators=(",", ":")) if left else None


def _object(text: str | None) -> dict[str, Any]:
    return json.loads(text) if text else {}
