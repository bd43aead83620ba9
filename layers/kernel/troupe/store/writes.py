"""What a transaction carries beside aggregates: guards, tallies, checks and side items.

Each action says what its failed condition means: a refusal, or (without one) that what was read is stale.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from troupe.domain.decider import Rejected
from troupe.store import table
from troupe.store.attributes import pack
from troupe.store.keys import Key

ABSENT = "attribute_not_exists(PK)"


class Recourse(ABC):
    """What is written in place of the actions that have it, when others hold one of their items."""

    __slots__ = ()

    @abstractmethod
    def busy(self) -> "Sequence[Action]":
        """Another copy or bucket, which does as well."""


class Alternative(Recourse):
    """Also what is written instead, when one of their conditions does not hold."""

    __slots__ = ()

    @abstractmethod
    def failed(self) -> "Sequence[Action]":
        """Raises the refusal where there is nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action of a TransactWriteItems."""

    kind: Literal["Put", "Update", "Delete", "ConditionCheck"]
    parameters: Mapping[str, Any]
    refused: Rejected | None = None
    event_id: str | None = field(default=None)  # of an event's put: finding it there means it was us
    recourse: Recourse | None = None

    def item(self) -> dict[str, Any]:
        shown = {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}
        return {self.kind: {"TableName": table.name(), **self.parameters, **shown}}


def place(key: Key) -> dict[str, Any]:
    """The parameters that say which item an action is about."""
    return {"Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}}


def _values(values: Mapping[str, Any]) -> dict[str, Any]:
    named = pack({f":{name}": value for name, value in values.items()})
    return {"ExpressionAttributeValues": named} if named else {}


def _names(names: Mapping[str, str] | None) -> dict[str, Any]:
    return {"ExpressionAttributeNames": dict(names)} if names else {}


def put(
    key: Key, values: Mapping[str, Any], *, absent: bool = False, refused: Rejected | None = None
) -> Action:
    """Write a side item whole; `absent` makes it a condition that there is none yet."""
    item = pack({"PK": key.pk, "SK": key.sk, **values})
    condition = {"ConditionExpression": ABSENT} if absent else {}
    return Action(kind="Put", parameters={"Item": item, **condition}, refused=refused)


def claim(key: Key, owner: Mapping[str, str], refused: Rejected) -> Action:
    """Take a uniqueness guard for an owner; `refused` answers when another owner holds it."""
    return put(key, owner, absent=True, refused=refused)


def release(key: Key, **owner: str) -> Action:
    """Give a guard up, if it is still the owner's."""
    condition = " AND ".join(f"#{name} = :{name}" for name in owner)
    return Action(
        kind="Delete",
        parameters={
            **place(key),
            "ConditionExpression": condition,
            **_names({f"#{name}": name for name in owner}),
            **_values(owner),
        },
    )


def forget(key: Key) -> Action:
    """Remove a side item, if it is there."""
    return Action(kind="Delete", parameters=place(key))


def vacate(key: Key, **owner: str) -> Action:
    """Release a guard that the owner holds, or that is already released."""
    given = release(key, **owner).parameters
    condition = f"attribute_not_exists(PK) OR ({given['ConditionExpression']})"
    return Action(kind="Delete", parameters={**given, "ConditionExpression": condition})


def update(  # noqa: PLR0913 -- an update expression has these parts
    key: Key,
    expression: str,
    values: Mapping[str, Any],
    *,
    condition: str | None = None,
    names: Mapping[str, str] | None = None,
    refused: Rejected | None = None,
    recourse: Recourse | None = None,
) -> Action:
    """Change attributes of one side item. Conditions have no arithmetic: store what they need."""
    given = {"ConditionExpression": condition} if condition else {}
    parameters = {**place(key), "UpdateExpression": expression, **given, **_names(names), **_values(values)}
    return Action(kind="Update", parameters=parameters, refused=refused, recourse=recourse)


def check(
    key: Key,
    condition: str,
    values: Mapping[str, Any],
    *,
    names: Mapping[str, str] | None = None,
    refused: Rejected | None = None,
) -> Action:
    """Hold the transaction to a condition on an item that it does not write."""
    parameters = {**place(key), "ConditionExpression": condition, **_names(names), **_values(values)}
    return Action(kind="ConditionCheck", parameters=parameters, refused=refused)


def unchanged(key: Key, version: int) -> Action:
    """Hold the transaction to the version of an aggregate that the decision read and does not write."""
    return check(key, "version = :version", {"version": version})


def remember(key: Key, values: Mapping[str, Any], now: datetime) -> Action:
    """Put an idempotency record where there is none, or an expired one."""
    item = pack({"PK": key.pk, "SK": key.sk, **values})
    condition = "attribute_not_exists(PK) OR expires_at <= :now"
    at = {":now": {"N": str(int(now.timestamp()))}}
    parameters = {"Item": item, "ConditionExpression": condition, "ExpressionAttributeValues": at}
    return Action(kind="Put", parameters=parameters)
