"""Names that are unique: reserved until their owner proves them, then proved.

A reservation ends at `reserved_until`, which conditions compare (TTL only collects what is left), and gives
way to the first who proves the name. A guard without that instant is proved, and stays until it is released.
"""

from collections.abc import Mapping
from datetime import datetime
from math import inf
from typing import Any

from troupe.domain.decider import Rejected
from troupe.store.attributes import pack
from troupe.store.keys import Key
from troupe.store.writes import ABSENT, Action

type Item = Mapping[str, Any]


def reserve(key: Key, owner: Mapping[str, str], now: datetime, until: datetime, refused: Rejected) -> Action:
    """Reserve a name that is free, or whose reservation is over; `refused` answers when it is neither."""
    parameters = {
        "Item": pack({"PK": key.pk, "SK": key.sk, **reserved(owner, until)}),
        "ConditionExpression": f"{ABSENT} OR reserved_until <= :now",
        "ExpressionAttributeValues": _values({"now": int(now.timestamp())}),
    }
    return Action(kind="Put", parameters=parameters, refused=refused)


def reserved(owner: Mapping[str, str], until: datetime) -> dict[str, str | int]:
    """What the item of a reservation holds."""
    end = int(until.timestamp())
    return {**owner, "reserved_until": end, "expires_at": end}


def prove(key: Key, owner: Mapping[str, str], refused: Rejected) -> Action:
    """Give a name to the owner who proved it, over any reservation; `refused` if another has proved it."""
    parameters = {
        "Item": pack({"PK": key.pk, "SK": key.sk, **owner}),
        "ConditionExpression": f"{ABSENT} OR attribute_exists(reserved_until) OR ({_owned(owner)})",
        "ExpressionAttributeNames": _names(owner),
        "ExpressionAttributeValues": _values(owner),
    }
    return Action(kind="Put", parameters=parameters, refused=refused)


def release(key: Key, owner: Mapping[str, str], refused: Rejected | None = None) -> Action:
    """Give a name up; one that is free already is no fault, one that is another's is."""
    parameters = {
        "Key": pack({"PK": key.pk, "SK": key.sk}),
        "ConditionExpression": f"{ABSENT} OR ({_owned(owner)})",
        "ExpressionAttributeNames": _names(owner),
        "ExpressionAttributeValues": _values(owner),
    }
    return Action(kind="Delete", parameters=parameters, refused=refused)


def holds(guard: Item | None, now: datetime) -> bool:
    """Whether a name is proved, or its reservation goes on."""
    return guard is not None and now.timestamp() < guard.get("reserved_until", inf)


def _owned(owner: Mapping[str, str]) -> str:
    return " AND ".join(f"#{name} = :{name}" for name in owner)


def _names(owner: Mapping[str, str]) -> dict[str, str]:
    return {f"#{name}": name for name in owner}


def _values(values: Mapping[str, str | int]) -> dict[str, Any]:
    return pack({f":{name}": value for name, value in values.items()})
