"""A write of one item outside of a transaction is refused while a transaction holds the item: it has to come again."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.places import REPOSITORY

WRITES = {"put_item", "update_item", "delete_item"}
SOURCES = [
    path
    for folder in ("layers/kernel", "functions")
    for path in sorted((REPOSITORY / folder).rglob("*.py"))
    if any(name in path.read_text(encoding="utf-8") for name in WRITES)
]


def bare(node: ast.AST, *, inside: bool = False) -> Iterator[int]:
    """The lines of writes that no call of `single` makes."""
    if isinstance(node, ast.Attribute) and node.attr in WRITES and not inside:
        yield node.lineno
    within = inside or (
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "single"
    )
    for child in ast.iter_child_nodes(node):
        yield from bare(child, inside=within)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.stem)
def test_each_is_made_by_single(path: Path) -> None:
    """Wrap it: `single(lambda: table.client().put_item(...))`, of troupe.store.commit."""
    assert list(bare(ast.parse(path.read_text(encoding="utf-8")))) == []


def test_one_that_is_not_is_found() -> None:
    text = "client.put_item()\nsingle(lambda: client.put_item())\nsingle(partial(client.update_item))"
    assert list(bare(ast.parse(text))) == [1]
    assert len(SOURCES) > 4
