"""JSON as the API reads it: RFC 8259 with each key once (RFC 7493), and no hidden characters."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NoReturn

MOST_LEVELS = 100

# Controls but tab and line ends, overrides of the writing direction, what has no width, halves of characters.
HIDDEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufeff\ufff9-\ufffb\ud800-\udfff]"
)


type Json = dict[str, Json] | list[Json] | str | float | None


class NotJson(Exception):  # noqa: N818 -- an answer, not a fault
    """The text is not JSON that the API takes; `detail` says where and why."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


def read(raw: bytes) -> Any:
    """The value of a JSON text. Raises `NotJson` with line and column, or what else is wrong with it."""
    try:
        text = raw.decode()
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_constant)
    except UnicodeDecodeError as failed:
        raise NotJson(f"The body is not UTF-8: byte {failed.start + 1} cannot be decoded.") from failed
    except json.JSONDecodeError as failed:
        where = f"line {failed.lineno}, column {failed.colno}"
        raise NotJson(f"The body is not JSON: {failed.msg} at {where}.") from failed
    except RecursionError as failed:
        raise NotJson(f"The body is nested more than {MOST_LEVELS} levels deep.") from failed
    except ValueError as failed:  # Python reads no integer of more than 4,300 digits
        raise NotJson("The body has a number with too many digits.") from failed
    if _depth(value) > MOST_LEVELS:
        raise NotJson(f"The body is nested more than {MOST_LEVELS} levels deep.")
    return value


def hidden(raw: bytes, value: Any) -> list[str]:
    """Where a value holds hidden characters, as `lines.0.name`; `raw` is the text that it was read from."""
    if b"\\u" not in raw and not HIDDEN.search(raw.decode()):
        return []
    return [path for path, text in _texts(value, "") if HIDDEN.search(text)]


def _unique(pairs: Sequence[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise NotJson(f"The body has the key {json.dumps(twice[:50])} twice.")
    return found


def _constant(name: str) -> NoReturn:
    raise NotJson(f"The body is not JSON: {name} is no number.")


def _depth(value: Any) -> int:
    """How many levels a value has, level by level: a deep one must not use up the stack."""
    depth, level = 0, [value]
    while level:
        depth += 1
        level = [inner for outer in level for inner in _inner(outer)]
    return depth


def _inner(value: Json) -> Iterator[Json]:
    return (each for _, each in _members(value))


def _texts(value: Json, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    for name, each in _members(value):
        inner = f"{path}.{name}".removeprefix(".")
        yield inner, str(name)
        yield from _texts(each, inner)


def _members(value: Json) -> Iterable[tuple[str | int, Json]]:
    """What a value holds, by name or number."""
    match value:
        case dict():
            return value.items()
        case list():
            return enumerate(value)
        case _:
            return ()
