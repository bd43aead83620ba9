"""The table of streams, commands and events in a context's README, between two marks."""

from pathlib import Path
from typing import Any

from documents.contexts import deciders
from documents.marks import between
from troupe.domain.decider import Decider, cases

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
    """Those that begin a stream, then those that need one."""
    taken = (decider.create, decider.decide)
    return list(
        dict.fromkeys(each for decision in taken for each in cases(decision.__annotations__["command"]))
    )
