"""What a command costs to write: the lines that a person writes or reviews, counted in the files."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from bench.report import Section
from documents.commands import commands
from documents.contexts import pascal
from local.places import REPOSITORY
from local.stack.stack import Stack

CONTEXT, AGGREGATE = "commerce", "product"
PACKAGE = REPOSITORY / "functions" / CONTEXT / "src" / CONTEXT / AGGREGATE
TEMPLATE = REPOSITORY / "functions" / CONTEXT / "template.yaml"
SAMPLES = REPOSITORY / "documents" / "samples"
EDGE = {
    "requests and responses": ("requests.py", "responses.py"),
    "queries": ("queries.py",),
    "routes and handlers": ("routes.py", "handlers/*.py"),
}

type Counted = tuple[int, int]  # files and lines


def measured(_: Stack | None) -> Section:
    kinds = _kinds()
    rows = [(kind, *counted) for kind, counted in kinds.items()]
    written = [kinds[kind] for kind in kinds if kind != GENERATED]
    ceremony = [kinds[kind] for kind in (*EDGE, *OUTSIDE) if kind != GENERATED]
    rows += [("all by hand", *_sum(written)), ("of it all but decisions and tests", *_sum(ceremony))]
    said = (
        f"The aggregate `{AGGREGATE}` with its {len(_own())} commands, counted in the files of this commit. "
        f"A file that it shares with others (the template, the samples) counts by its own lines."
    )
    return Section(
        title="What an aggregate costs to write", said=said, columns=("part", "files", "lines"), rows=rows
    )


GENERATED = "template, generated"
OUTSIDE: Mapping[str, Callable[[], Counted]] = {
    "golden events": lambda: _lines([REPOSITORY / "events" / CONTEXT / f"{AGGREGATE}.json"]),
    "samples": lambda: _mentions(SAMPLES.glob("*.py"), [f"{CONTEXT}.{pascal(name)}" for name in _own()]),
    "template": lambda: _blocks(declared=False),
    GENERATED: lambda: _blocks(declared=True),
}


def _kinds() -> dict[str, Counted]:
    edge = {kind: {file for each in names for file in PACKAGE.glob(each)} for kind, names in EDGE.items()}
    decisions = set(PACKAGE.rglob("*.py")).difference(*edge.values())
    suites = [REPOSITORY / "tests" / suite / CONTEXT / AGGREGATE for suite in ("unit", "integration")]
    return {
        "decisions and transactions": _lines(decisions),
        "tests": _lines(file for suite in suites for file in suite.rglob("*.py")),
        **{kind: _lines(files) for kind, files in edge.items()},
        **{kind: count() for kind, count in OUTSIDE.items()},
    }


def _own() -> list[str]:
    return [name for name, one in commands(CONTEXT).items() if one.file.is_relative_to(PACKAGE)]


def _lines(files: Iterable[Path]) -> Counted:
    """Files that hold nothing are not counted."""
    lengths = [len(file.read_text(encoding="utf-8").splitlines()) for file in files]
    return sum(map(bool, lengths)), sum(lengths)


def _mentions(files: Iterable[Path], names: Iterable[str]) -> Counted:
    """How many lines of these files name one of these."""
    wanted = re.compile(rf'"({"|".join(map(re.escape, names))})"')
    found = [len(wanted.findall(file.read_text(encoding="utf-8"))) for file in files]
    return sum(map(bool, found)), sum(found)


def _blocks(*, declared: bool) -> Counted:
    """The functions of its commands in the template; what is declared has a block that is generated."""
    wanted = {one.handler for name, one in commands(CONTEXT).items() if name in _own()}
    blocks = TEMPLATE.read_text(encoding="utf-8").split("\n\n")
    lengths = [
        len(block.strip().splitlines()) + 1
        for block in blocks
        if (handler := re.search(r"^      Handler: (\S+)$", block, re.MULTILINE))
        and handler[1] in wanted
        and handler[1].endswith(".handler") is not declared
    ]
    return int(bool(lengths)), sum(lengths)


def _sum(counted: Iterable[Counted]) -> Counted:
    files, lines = zip(*counted, strict=True)
    return sum(files), sum(lines)
