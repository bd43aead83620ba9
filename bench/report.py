"""A report: sections with a table each, on the terminal and in Markdown."""

import os
import platform
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.table import Table
from tabulate import tabulate

from local.places import REPOSITORY

FILE = REPOSITORY / "docs" / "benchmarks.md"


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """`said` tells what was measured and how; the first column names, the others are figures."""

    title: str
    said: str
    columns: Sequence[str] = ()
    rows: Sequence[Sequence[object]] = ()

    def table(self) -> Table:
        table = Table(title=self.title, title_justify="left", title_style="bold")
        for number, column in enumerate(self.columns):
            table.add_column(column, justify="right" if number else "left")
        for row in self.rows:
            table.add_row(*map(_text, row))
        return table

    def markdown(self) -> str:
        if not self.rows:
            return f"## {self.title}\n\n{self.said}\n"
        align = ["left", *["right"] * (len(self.columns) - 1)]
        rows = [[_text(cell) for cell in row] for row in self.rows]
        table = tabulate(rows, self.columns, tablefmt="pipe", colalign=align, disable_numparse=True)
        return f"## {self.title}\n\n{self.said}\n\n{table}\n"


def _text(cell: object) -> str:
    match cell:
        case float():
            return f"{cell:,.1f}"
        case int():
            return f"{cell:,}"
        case None:
            return "-"
        case _:
            return str(cell)


def machine() -> Section:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    rows = [
        ("processor", _processor()),
        ("cores", os.cpu_count()),
        ("memory", f"{memory:.0f} GiB"),
        ("system", platform.system()),
        ("Python", platform.python_version()),
        ("on", datetime.now(UTC).date().isoformat()),
    ]
    said = "Everything below was taken in one run, on this machine."
    return Section(title="The machine", said=said, columns=("what", "figure"), rows=rows)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.machine()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())


def write(sections: Sequence[Section]) -> None:
    head = "# Benchmarks\n\n<!-- Written by `make bench`; do not edit. -->\n\n"
    FILE.write_text(head + "\n".join(section.markdown() for section in sections), encoding="utf-8")
