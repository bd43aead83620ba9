"""Figures that a run does not measure: of an earlier commit beside its own, and of work done once by hand."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bench.report import Section

FILE = Path(__file__).with_name("earlier.toml")

type Figures = Mapping[str, Mapping[str, Any]]  # by the column and the row


def by_hand() -> list[Section]:
    """What a person did once and counted; each column says at which commit."""
    return [Section(**each) for each in _file().get("by_hand", ())]


def beside(section: Section) -> Section:
    """The section with a column after each that has earlier figures; its head says of which commit they are.

    A row that only the earlier commit had stands below the others.
    """
    earlier: Mapping[str, Any] | None = _file().get(section.title)
    if earlier is None or not section.rows:
        return section
    figures: Figures = earlier["figures"]
    head = f"before ({earlier['commit']}, {earlier['date']})"
    known = [str(row[0]) for row in section.rows]
    gone = dict.fromkeys(name for column in figures.values() for name in column if name not in known)
    empty = [(name, *[None] * (len(section.columns) - 1)) for name in gone]
    return replace(
        section,
        said=f"{section.said} {earlier['said']}",
        columns=_widened(section.columns, section.columns, dict.fromkeys(figures, head)),
        rows=[
            _widened(
                row, section.columns, {name: column.get(str(row[0])) for name, column in figures.items()}
            )
            for row in [*section.rows, *empty]
        ],
    )


def _of_row(figures: Figures, row: str) -> Mapping[str, Any]:
    return {column: rows.get(row) for column, rows in figures.items()}


def _widened(cells: Sequence[Any], columns: Sequence[str], added: Mapping[str, Any]) -> list[Any]:
    """The cells of a row, with what is added after the columns that are named."""
    return [
        each
        for column, cell in zip(columns, cells, strict=True)
        for each in ((cell, added[column]) if column in added else (cell,))
    ]


def _file() -> Mapping[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))
