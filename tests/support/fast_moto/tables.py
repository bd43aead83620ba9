"""Tables of moto that compare, sort and copy no more than a call is about."""

import copy
import threading
from collections import defaultdict
from types import SimpleNamespace
from typing import Any

import pytest
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend, Table
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.responses import DynamoHandler

from support.shared_items import Made, by_a_context

LARGEST = 405_000  # bytes, as moto has it

ONE_AT_A_TIME = threading.RLock()  # a call, as DynamoDB lets one in to an item; moto itself has none
_call = DynamoHandler.call_action
_transact = DynamoDBBackend.transact_write_items
_query = Table.query
_cast = DynamoType.cast_value.fget
_size = DynamoType.size
_project = Item.project


def quicken(patch: pytest.MonkeyPatch) -> list[Made]:
    """The transactions that contexts make. Those of several threads follow one another, as they would at AWS."""
    _touched.made = list[Made]()
    patch.setattr(DynamoDBBackend, "transact_write_items", _transact_write_items)
    patch.setattr(DynamoHandler, "call_action", _alone)
    patch.setattr("moto.dynamodb.models.copy", SimpleNamespace(deepcopy=_deepcopy, copy=copy.copy))
    patch.setattr("moto.dynamodb.models.table.copy", SimpleNamespace(deepcopy=_read, copy=copy.copy))
    patch.setattr(Table, "query", _narrow_query)
    patch.setattr(Table, "all_items", _all_items)
    patch.setattr(DynamoType, "cast_value", property(_cast_value))
    patch.setattr(DynamoType, "__eq__", lambda a, b: a.type == b.type and a.cast_value == b.cast_value)
    patch.setattr(DynamoType, "size", _size_of)
    patch.setattr(Item, "__init__", _new_item)
    patch.setattr(Item, "project", _projected)
    return _touched.made


def _cast_value(self: DynamoType) -> Any:
    """Most are strings, of which moto asks first whether they are anything else."""
    return self.value if self.type == "S" else _cast(self)


def _size_of(self: DynamoType) -> int:
    if self.type != "S":
        return _size(self)
    return len(self.value) if self.value.isascii() else len(self.value.encode())


def _new_item(self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, Any]) -> None:
    """moto measures what is there for each attribute that it adds."""
    self.hash_key, self.range_key, self.attrs = hash_key, range_key, LimitedSizeDict()
    for name, value in attrs.items():
        dict.__setitem__(self.attrs, name, DynamoType(value))
    if self.size() > LARGEST:
        raise ItemSizeTooLarge


def _projected(self: Item, expressions: list[list[str]]) -> Item:
    """moto turns the whole item into JSON for each attribute that an index has."""
    if any(len(path) > 1 for path in expressions):
        return _project(self, expressions)
    attrs = {name: self.attrs[name] for (name,) in expressions if name in self.attrs}
    return Item(self.hash_key, self.range_key, attrs)


def _read(value: Any) -> Any:
    """Items that are read are made into an answer at once, so moto's copies of them are for nothing."""
    return value if isinstance(value, Item | list) else copy.deepcopy(value)


def _all_items(self: Table) -> list[Item]:
    """Of a table whose keys are two strings."""
    items = [item for rows in self.items.values() for item in rows.values()]
    return sorted(items, key=lambda item: (item.hash_key.value, item.range_key.value))


def _narrow_query(self: Table, *given: Any, **named: Any) -> Any:
    """moto sorts the whole table first. Here it is asked of a table that has no more than the partition."""
    narrow = copy.copy(self)
    for name, value in named["hash_key_conditions"][:1]:
        if name == self.hash_key_attr:
            narrow.items = {value: self.items[value]} if value in self.items else {}
        else:
            narrow.items = _where(self, name, value)
    return _query(narrow, *given, **named)


def _where(table: Table, name: str, value: DynamoType) -> dict[Any, dict[Any, Item]]:
    found: defaultdict[Any, dict[Any, Item]] = defaultdict(dict)
    for of, rows in table.items.items():
        for place, item in rows.items():
            held = item.attrs.get(name)
            if held is not None and held == value:
                found[of][place] = item
    return found


def _alone(self: DynamoHandler) -> Any:
    with ONE_AT_A_TIME:
        return _call(self)


def _transact_write_items(self: DynamoDBBackend, transact_items: list[dict[str, Any]]) -> None:
    """moto copies the whole table for each action, to roll back to. What the actions name is copied here, once."""
    made = by_a_context(transact_items)
    with ONE_AT_A_TIME:
        _touched.made += [made] if made else []
        _touched.actions = [action for each in transact_items for action in each.items()]
        _touched.clone = None
        _transact(self, transact_items)


def _deepcopy(value: Any) -> Any:
    if not isinstance(value, Table):
        return copy.deepcopy(value)
    if _touched.clone is None:
        _touched.clone = _copied(value, _touched.actions)
    return _touched.clone


_touched = SimpleNamespace(actions=[], clone=None, made=[])
"""The actions of the transaction that runs, and the table as it was before them."""


def _copied(table: Table, actions: list[tuple[str, dict[str, Any]]]) -> Table:
    """A table of one range key with the same items. An item is replaced, never changed, but by an update."""
    clone = copy.copy(table)
    clone.items = defaultdict(dict, table.items)
    for kind, action in actions:
        key = action["Item"] if kind == "Put" else action["Key"]
        of, place = DynamoType(key["PK"]), DynamoType(key["SK"])
        rows = table.items.get(of, {})
        if clone.items.get(of) is table.items.get(of):
            clone.items[of] = dict(rows)
        if kind == "Update" and place in rows:
            clone.items[of][place] = copy.deepcopy(rows[place])
    if table.stream_shard is not None:
        clone.stream_shard = copy.copy(table.stream_shard)
        clone.stream_shard.items = list(table.stream_shard.items)
    return clone
