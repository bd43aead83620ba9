"""Items as plain dictionaries: integers stay integers, absent stays absent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

type Item = dict[str, Any]  # attribute name -> DynamoDB's one-key attribute value

_pack, _unpack = TypeSerializer().serialize, TypeDeserializer().deserialize


def pack(values: Mapping[str, Any]) -> Item:
    """A dictionary as an item; `None` is left out."""
    return {name: _pack(value) for name, value in values.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(_unpack(value)) for name, value in item.items()}


def _plain(value: Any) -> Any:
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case dict():
            return {name: _plain(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType] -- JSON
        case list():
            return [_plain(each) for each in value]  # pyright: ignore[reportUnknownVariableType] -- JSON
        case _:
            return value
