"""Every refusal in the code: its code, the status it is answered with, and the sentence that it tells."""

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from troupe.edge.principal import Unauthenticated

UNKNOWN = "…"  # what a sentence is filled with when it is told
STATUSES = {"Malformed": 400, "Rejected": 409, "Invalid": 422, "Unauthenticated": 401, "Forbidden": 403}


class Refusal(NamedTuple):
    code: str
    status: int
    detail: str
    field: str = ""  # what an invalid request got wrong


@dataclass(frozen=True, slots=True)
class _Source:
    name: str
    nodes: tuple[ast.AST, ...]

    @property
    def imports(self) -> list[str]:
        found: list[str] = []
        for node in self.nodes:
            if isinstance(node, ast.ImportFrom) and node.module:
                found += [node.module, *(f"{node.module}.{each.name}" for each in node.names)]
        return found


class Refusals:
    """What packages raise. A code may be told in several places: the one nearest to a command counts."""

    def __init__(self, packages: Iterable[Path]) -> None:
        sources = [_source(package, file) for package in packages for file in sorted(package.rglob("*.py"))]
        classes = _classes(sources)
        self._imports = {source.name: source.imports for source in sources}
        self._raised = {source.name: sorted(_raised(source, classes)) for source in sources}

    def of(self, modules: Sequence[str], code: str) -> Refusal | None:
        """What the modules of a command mean by a code: as they raise it, else as what they import does.

        Where a module says different things by one code, one that says a single thing comes first.
        """
        seen, near = set(modules), sorted(set(modules))
        found: list[list[Refusal]] = []
        while near:
            told = [{each for each in self._raised.get(name, ()) if each.code == code} for name in near]
            found += [sorted(each) for each in told if each]
            near = sorted({each for name in near for each in self._imports.get(name, ())} - seen)
            seen.update(near)
        return min(found, key=len)[0] if found else None


def _source(package: Path, file: Path) -> _Source:
    name = ".".join(file.relative_to(package.parent).with_suffix("").parts)
    return _Source(name.removesuffix(".__init__"), tuple(ast.walk(ast.parse(file.read_text()))))


def _classes(sources: Iterable[_Source]) -> Mapping[str, int]:
    """The exceptions that are refusals, with their status; those that are derived of others too."""
    known = dict(STATUSES)
    declared = [node for source in sources for node in source.nodes if isinstance(node, ast.ClassDef)]
    while True:
        derived = {
            node.name: known[_name(base)]
            for node in declared
            for base in node.bases
            if _name(base) in known and node.name not in known
        }
        if not derived:
            return known
        known |= derived


def _raised(source: _Source, classes: Mapping[str, int]) -> Iterator[Refusal]:
    for node in source.nodes:
        if isinstance(node, ast.ClassDef) and node.name in classes:
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _name(call.func) == "__init__":
                    yield from _refusal(source, call, classes[node.name])
        elif isinstance(node, ast.Call) and _name(node.func) in classes:
            yield from _refusal(source, node, classes[_name(node.func)])


def _refusal(source: _Source, call: ast.Call, status: int) -> Iterator[Refusal]:
    match call.args:
        case [ast.Name(id=name), *rest] if isinstance(code := _constant(source, name), str):
            yield from _refusal(source, ast.Call(call.func, [ast.Constant(code), *rest], []), status)
        case [ast.Constant(value=str(code)), detail, ast.Constant(value=str(field))]:
            yield Refusal(code, status, _sentence(source, detail), field)
        case [ast.Constant(value=str(code)), detail, *_]:
            yield Refusal(code, status, _sentence(source, detail))
        case [ast.Constant(value=str(code))] if status == STATUSES["Unauthenticated"]:
            yield Refusal(code, status, Unauthenticated(code).detail)
        case _:
            return


def _sentence(source: _Source, node: ast.expr) -> str:
    """A literal; what it is filled with is told where it is a constant of its module."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_sentence(source, value) for value in values)
        case ast.FormattedValue(value=ast.Name(id=name)):
            value = _constant(source, name)
            return str(value) if isinstance(value, str | int) else UNKNOWN
        case _:
            return UNKNOWN


def _constant(source: _Source, name: str) -> object:
    """The value of a module's own name, if it has it."""
    return getattr(import_module(source.name), name, None)


def _name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
