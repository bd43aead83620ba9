"""What decides is pure by its place: the patterns of the import contract match every decider and what it imports."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from checks.purity import matches
from support.templates import ROOT

CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]
SOURCES = {
    ".".join(path.relative_to(source).with_suffix("").parts): path
    for source in (ROOT / "layers/kernel", *sorted(ROOT.glob("functions/*/src")))
    for path in sorted(source.rglob("*.py"))
}


def pure(module: str) -> bool:
    return any(matches(module, pattern) for pattern in CONTRACT["pure"])


def defines_a_decider(path: Path) -> bool:
    values = (node.value for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Assign))
    made = (value.func for value in values if isinstance(value, ast.Call))
    return any(
        "Decider" in (name.id for name in ast.walk(each) if isinstance(name, ast.Name)) for each in made
    )


def imported(module: str) -> Iterator[str]:
    """The modules of its own context that a module imports."""
    for node in ast.walk(ast.parse(SOURCES[module].read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            named = {node.module, *(f"{node.module}.{each.name}" for each in node.names)}
            yield from (
                each for each in named & SOURCES.keys() if each.startswith(f"{module.partition('.')[0]}.")
            )


DECIDERS = [module for module, path in SOURCES.items() if defines_a_decider(path)]


def test_there_are_deciders():
    assert len(DECIDERS) > 30


@pytest.mark.parametrize("module", DECIDERS)
def test_a_decider_and_what_it_imports_are_pure_by_their_place(module):
    seen, near = set(), {module}
    while near:
        seen |= near
        near = {each for name in near for each in imported(name)} - seen
    assert {each for each in seen if not pure(each)} == set(), (
        "name it by a pattern of pyproject.toml's first contract"
    )


@pytest.mark.parametrize("pattern", CONTRACT["pure"])
def test_a_pattern_matches_something(pattern):
    assert any(matches(module, pattern) for module in SOURCES)
