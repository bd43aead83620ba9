"""Every command of a context by its name, and the entry point of its function."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from documents.places import ROOT
from troupe.edge.endpoint import Endpoint
from troupe.edge.routes import CommandEndpoint


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    context: str
    name: str  # in snake case
    handler: str  # as the template has it
    file: Path

    @property
    def endpoint(self) -> Any:
        """What Lambda calls; importing it takes the context's package on the path."""
        module, _, name = self.handler.rpartition(".")
        found = getattr(import_module(module), name)
        if not isinstance(found, Endpoint):
            raise TypeError(f"{self.handler} is no endpoint")
        return found


def package(context: str) -> Path:
    return ROOT / "functions" / context / "src" / context


@cache
def commands(context: str) -> Mapping[str, Command]:
    """All of a context's, by name."""
    found = [*_declared(context), *_filed(context)]
    names = [each.name for each in found]
    if twice := {name for name in names if names.count(name) > 1}:
        raise ValueError(f"{context} has two entry points for {sorted(twice)}")
    return {each.name: each for each in sorted(found, key=lambda each: each.name)}


def entry_point(context: str, name: str) -> Any:
    """The entry point of a command; `LookupError` if there is no such command."""
    return commands(context)[name].endpoint


def declared(context: str) -> list[CommandEndpoint]:
    """The plain commands, by name."""
    every = (each.endpoint for each in commands(context).values() if each.file.stem.endswith("routes"))
    return [each for each in every if isinstance(each, CommandEndpoint)]


def _declared(context: str) -> list[Command]:
    """Of the modules of routes; each endpoint has the name of its command."""
    root, found = package(context), list[Command]()
    for file in sorted(root.rglob("*routes.py")):
        module = ".".join((context, *file.relative_to(root).with_suffix("").parts))
        for name, endpoint in vars(import_module(module)).items():
            if not isinstance(endpoint, CommandEndpoint):
                continue
            if name != endpoint.declaration.name:
                raise ValueError(f"{file}: call {name} as its command is: {endpoint.declaration.name}")
            found.append(Command(context=context, name=name, handler=f"{module}.{name}", file=file))
    return found


def _filed(context: str) -> list[Command]:
    root = package(context)
    files = sorted(root.glob("*/handlers/*.py"))
    return [
        Command(
            context=context,
            name=file.stem,
            handler=".".join((context, *file.relative_to(root).with_suffix("").parts, "handler")),
            file=file,
        )
        for file in files
        if file.stem != "__init__"
    ]
