"""DynamoDB's expressions as far as the kernel writes them, each read once.

Conditions: comparisons, BETWEEN, IN, `attribute_exists`, `attribute_not_exists`, `begins_with`, AND, OR,
NOT and brackets. Updates: SET (a value, `if_not_exists`, a sum), REMOVE and ADD (numbers). Anything else is a
SyntaxError: the year ends rather than to be wrong.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

type Value = dict[str, Any]  # {"S": "text"}, {"N": "1"} ...
type Item = dict[str, Value]
type Given = Mapping[str, Mapping[str, Any]]  # the names and the values beside an expression
type Operand = Callable[[Item, Given], Value | None]
type Condition = Callable[[Item, Given], bool]
type Change = Callable[[Item, Item, Given], None]  # from the item before to the one after

TOKEN = re.compile(r"\s*(<>|<=|>=|[=<>(),+-]|[:#]?[A-Za-z0-9_]+)")
COMPARED = {
    "=": operator.eq, "<>": operator.ne, "<": operator.lt,
    "<=": operator.le, ">": operator.gt, ">=": operator.ge,
}  # fmt: skip


def plain(value: Value) -> Any:
    """In an order: numbers as numbers, with their type before them."""
    ((kind, held),) = value.items()
    return kind, Decimal(held) if kind == "N" else held


class Reader:
    """The tokens of one expression."""

    def __init__(self, text: str) -> None:
        self.tokens = TOKEN.findall(text)
        if "".join(self.tokens) != re.sub(r"\s", "", text):
            raise SyntaxError(text)
        self.text = text

    def peek(self) -> str:
        return self.tokens[0] if self.tokens else ""

    def take(self, *expected: str) -> str:
        if not self.tokens or (expected and self.tokens[0].upper() not in expected):
            raise SyntaxError(f"{self.text}: {self.peek()} is not {' or '.join(expected)}")
        return str(self.tokens.pop(0))

    def found(self, *words: str) -> bool:
        return self.peek().upper() in words


@cache
def condition(text: str) -> Condition:
    reader = Reader(text)
    read = _either(reader)
    if reader.tokens:
        raise SyntaxError(text)
    return read


def _either(reader: Reader) -> Condition:
    parts = [_both(reader)]
    while reader.found("OR"):
        reader.take()
        parts.append(_both(reader))
    return lambda item, given: any(part(item, given) for part in parts)


def _both(reader: Reader) -> Condition:
    parts = [_single(reader)]
    while reader.found("AND"):
        reader.take()
        parts.append(_single(reader))
    return lambda item, given: all(part(item, given) for part in parts)


def _single(reader: Reader) -> Condition:
    if reader.found("NOT"):
        reader.take()
        negated = _single(reader)
        return lambda item, given: not negated(item, given)
    if reader.found("("):
        reader.take()
        within = _either(reader)
        reader.take(")")
        return within
    if reader.found("ATTRIBUTE_EXISTS", "ATTRIBUTE_NOT_EXISTS", "BEGINS_WITH"):
        return _function(reader)
    return _comparison(reader)


def _function(reader: Reader) -> Condition:
    name = reader.take().lower()
    reader.take("(")
    attribute = _operand(reader)
    prefix = None
    if name == "begins_with":
        reader.take(",")
        prefix = _operand(reader)
    reader.take(")")
    match name:
        case "attribute_exists":
            return lambda item, given: attribute(item, given) is not None
        case "attribute_not_exists":
            return lambda item, given: attribute(item, given) is None
        case _:
            return lambda item, given: _begins(attribute(item, given), prefix and prefix(item, given))


def _begins(held: Value | None, prefix: Value | None) -> bool:
    return held is not None and prefix is not None and held.get("S", "").startswith(prefix["S"])


def _comparison(reader: Reader) -> Condition:
    left = _operand(reader)
    if reader.found("BETWEEN"):
        reader.take()
        low = _operand(reader)
        reader.take("AND")
        high = _operand(reader)
        return lambda item, given: (
            _compare(">=", left(item, given), low(item, given))
            and _compare("<=", left(item, given), high(item, given))
        )
    if reader.found("IN"):
        reader.take()
        return _among(left, reader)
    sign = reader.take(*COMPARED)
    right = _operand(reader)
    return lambda item, given: _compare(sign, left(item, given), right(item, given))


def _among(left: Operand, reader: Reader) -> Condition:
    reader.take("(")
    options = [_operand(reader)]
    while reader.found(","):
        reader.take()
        options.append(_operand(reader))
    reader.take(")")
    return lambda item, given: any(_compare("=", left(item, given), each(item, given)) for each in options)


def _compare(sign: str, left: Value | None, right: Value | None) -> bool:
    """What is not there, or is of another type, is only unequal."""
    if left is None or right is None:
        return sign == "<>" and left is not right
    (of, one), (other, two) = plain(left), plain(right)
    if of != other:
        return sign == "<>"
    return bool(COMPARED[sign](one, two))


def _operand(reader: Reader) -> Operand:
    name = reader.take()
    if name.startswith(":"):
        return lambda _, given: given["values"][name]
    if name.startswith("#"):
        return lambda item, given: item.get(given["names"][name])
    return lambda item, _: item.get(name)


@cache
def update(text: str) -> Callable[[Item, Given], Item]:
    """What the item is afterwards; the one before stays as it is."""
    reader, changes = Reader(text), list[Change]()
    while reader.tokens:
        clause = reader.take("SET", "REMOVE", "ADD").upper()
        changes.append(_change(clause, reader))
        while reader.found(","):
            reader.take()
            changes.append(_change(clause, reader))

    def updated(item: Item, given: Given) -> Item:
        after = dict(item)
        for change in changes:
            change(item, after, given)
        return after

    return updated


def _change(clause: str, reader: Reader) -> Change:
    name = reader.take()
    if clause == "REMOVE":
        return lambda _, after, given: _drop(after, _named(name, given))
    if clause == "ADD":
        amount = _operand(reader)
        return lambda item, after, given: _add(item, after, _named(name, given), amount(item, given))
    reader.take("=")
    value = _sum(reader)
    return lambda item, after, given: _set(after, _named(name, given), value(item, given))


def _sum(reader: Reader) -> Operand:
    left = _settable(reader)
    if not reader.found("+", "-"):
        return left
    sign = {"+": operator.add, "-": operator.sub}[reader.take()]
    right = _settable(reader)
    return lambda item, given: {"N": str(sign(_number(left(item, given)), _number(right(item, given))))}


def _settable(reader: Reader) -> Operand:
    if not reader.found("IF_NOT_EXISTS"):
        return _operand(reader)
    reader.take()
    reader.take("(")
    attribute = _operand(reader)
    reader.take(",")
    otherwise = _operand(reader)
    reader.take(")")
    return lambda item, given: attribute(item, given) or otherwise(item, given)


def _named(name: str, given: Given) -> str:
    return str(given["names"][name]) if name.startswith("#") else name


def _number(value: Value | None) -> Decimal:
    return Decimal(value["N"]) if value else Decimal()


def _set(after: Item, name: str, value: Value | None) -> None:
    if value is None:
        raise SyntaxError(f"{name} is set to nothing")
    after[name] = value


def _drop(after: Item, name: str) -> None:
    after.pop(name, None)


def _add(item: Item, after: Item, name: str, amount: Value | None) -> None:
    after[name] = {"N": str(_number(item.get(name)) + _number(amount))}
