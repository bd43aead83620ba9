"""The table of streams, commands and events in a context's README, between two marks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAliasType, get_args, get_type_hints

from documents.contexts import deciders
from documents.marks import between
from troupe.domain.decider import Decider

BEGIN = "<!-- written by `make generate` from the deciders -->"
END = "<!-- end of what is written -->"


def readme(context: str, file: Path) -> str:
    """The README with the table as the deciders say."""
    rows = [_row(each) for each in deciders() if each.context == context]
    return between(
        file, BEGIN, END, "\n".join(["| stream | commands | events |", "|---|---|---|", *rows]) + "\n"
    )


def _row(decider: Decider[Any, Any, Any]) -> str:
    commands = ", ".join(each.__name__ for each in _commands(decider))
    return f"| `{decider.name}` | {commands} | {', '.join(decider.events)} |"


def _commands(decider: Decider[Any, Any, Any]) -> list[type[Any]]:
    """The cases of the decision's first parameter."""
    first = next(iter(get_type_hints(decider.decide).values()))
    return list(dict.fromkeys(_cases(first)))


def _cases(kind: Any) -> Iterator[type[Any]]:
    if isinstance(kind, TypeAliasType):
        yield from _cases(kind.__value__)
    elif get_args(kind):
        for each in get_args(kind):
            yield from _cases(each)
    else:
        yield kind
