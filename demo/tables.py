"""The tables that end a story."""

from collections.abc import Sequence

from rich.table import Table


def table(title: str, *columns: str, numbers: Sequence[str] = ()) -> Table:
    """With columns of text, and then those of numbers."""
    made = Table(title=title, title_justify="left", title_style="bold")
    for name in columns:
        made.add_column(name)
    for name in numbers:
        made.add_column(name, justify="right")
    return made
