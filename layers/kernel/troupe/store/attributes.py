"""Items as plain dictionaries: integers stay integers, absent stays absent.

boto3 has the same, but to import it costs every cold start a twentieth.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

type Item = dict[str, Any]  # attribute name -> DynamoDB's one-key attribute value


def pack(values: Mapping[str, Any]) -> Item:
    """A dictionary as an item; `None` is left out."""
    return {name: _packed(value) for name, value in values.items() if value is not None}


def unpack(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain(value) for name, value in item.items()}


def _packed(value: Any) -> dict[str, Any]:  # noqa: PLR0911 -- one line for each type that DynamoDB has
    match value:
        case None:
            return {"NULL": True}
        case bool():
            return {"BOOL": value}
        case int() | Decimal():
            return {"N": str(value)}
        case str():
            return {"S": value}
        case bytes():
            return {"B": value}
        case Mapping():
            return {"M": {str(name): _packed(each) for name, each in value.items()}}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] -- JSON
        case list() | tuple():
            return {"L": [_packed(each) for each in value]}  # pyright: ignore[reportUnknownVariableType] -- JSON
        case set() | frozenset() if value and all(isinstance(each, str) for each in value):  # pyright: ignore[reportUnknownVariableType] -- JSON
            return {"SS": sorted(value)}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType] -- JSON
        case _:
            raise TypeError(f"an item holds no {type(value).__name__}")


def _plain(value: Mapping[str, Any]) -> Any:
    ((kind, held),) = value.items()
    match kind:
        case "N":
            number = Decimal(held)
            return int(number) if number == number.to_integral_value() else float(number)
        case "M":
            return unpack(held)
        case "L":
            return [_plain(each) for each in held]
        case "SS":
            return set(held)
        case "NULL":
            return None
        case _:
            return held
