"""Paths of routes: which of them a request's path is one of, and what it has for their parameters."""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import NamedTuple

PARAMETER = re.compile(r"{(\w+)}")


class Match(NamedTuple):
    """A route's path, as `/users/{user_id}`, and what stands for its parameters."""

    path: str
    parameters: Mapping[str, str]


def matches(path: str, known: Iterable[str]) -> list[Match]:
    """The known paths that it is one of, that with the fewest parameters first, as the gateway prefers it."""
    return sorted(_matches(path, known), key=lambda found: len(found.parameters))


def _matches(path: str, known: Iterable[str]) -> Iterator[Match]:
    for each in known:
        if found := _pattern(each).fullmatch(path):
            yield Match(each, found.groupdict())


@cache
def _pattern(path: str) -> re.Pattern[str]:
    pieces = PARAMETER.split(path)
    text = "".join(f"(?P<{piece}>[^/]+)" if at % 2 else re.escape(piece) for at, piece in enumerate(pieces))
    return re.compile(text)
