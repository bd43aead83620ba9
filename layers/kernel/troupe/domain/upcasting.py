"""Upcasters: pure functions that turn stored JSON of an older shape into JSON of the next one."""

from collections.abc import Callable, Mapping
from typing import Any

type Json = Mapping[str, Any]
type Upcaster = Callable[[Json], Json]
type StateUpcasters = Mapping[int, Upcaster]  # by the number of the older shape
type EventUpcasters = Mapping[tuple[str, int], Upcaster]  # by the type and its older schema_version


def upcast_state(upcasters: StateUpcasters, state: Json, number: int, wanted: int) -> Json:
    """The state of shape `number` as shape `wanted` has it; a step without an upcaster only adds fields."""
    for each in range(number, wanted):
        if step := upcasters.get(each):
            state = step(state)
    return state


def upcast_event(upcasters: EventUpcasters, name: str, version: int, data: Json) -> tuple[int, Json]:
    """The newest version that upcasters lead to, and the data of an event as that version has it."""
    while step := upcasters.get((name, version)):
        version, data = version + 1, step(data)
    return version, data
