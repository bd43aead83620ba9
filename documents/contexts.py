"""What the documents are made of: the routes and the deciders of every context, found in its code."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from pkgutil import walk_packages
from types import ModuleType
from typing import Any

from documents.commands import commands, declared
from documents.places import KERNEL, ROOT
from troupe.domain.decider import Decider
from troupe.edge.endpoint import Endpoint, Operation, Receiver
from troupe.edge.queries import Queries
from troupe.projection.view import View

_ROUTE = re.compile(r"(GET|POST|PUT|PATCH|DELETE) (/v1/\S+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """A bounded context: a package in functions/."""

    name: str
    description: str
    package: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    context: str
    name: str  # the command's, the webhook's source and Webhook, or Get and the query's
    method: str
    path: str
    operation: Operation
    module: str  # the handler's
    concerns: tuple[str, ...] = ()  # the modules that carry a declared command out
    text: str  # what the handler says of itself

    @property
    def sources(self) -> tuple[str, ...]:
        """The modules that its refusals come from, first of all."""
        return self.concerns or (self.module,)


def contexts() -> list[Context]:
    """All of them, by name; what the root has of its own is none."""
    packages = sorted(path.parent for path in ROOT.glob("functions/*/src/*/__init__.py"))
    return [
        Context(name=package.name, description=_description(package), package=package)
        for package in packages
        if package.name != "root"
    ]


def routes(context: Context) -> list[Route]:
    """Every route of a context, in the order of paths and methods."""
    found = [*_commands(context), *_queries(context)]
    return sorted(found, key=lambda route: (route.path, route.method))


def deciders() -> list[Decider[Any, Any, Any]]:
    """Every aggregate of the kernel and of every context."""
    found = {
        decider: None
        for package in (KERNEL, *(context.package for context in contexts()))
        for module in _modules(package)
        for decider in _deciders(module)
    }
    return sorted(found, key=lambda decider: (decider.context, decider.name))


def views() -> list[View]:
    """Every read model of every context."""
    found = {
        view: None
        for context in contexts()
        for module in _modules(context.package)
        for view in vars(module).values()
        if isinstance(view, View)
    }
    return sorted(found, key=lambda view: view.name)


def _deciders(module: ModuleType) -> list[Decider[Any, Any, Any]]:
    return [value for value in vars(module).values() if isinstance(value, Decider)]


def _description(package: Path) -> str:
    """What the context's template says of it, without the name."""
    template = package.parents[1] / "template.yaml"
    line = next((text for text in template.read_text().splitlines() if text.startswith("Description:")), "")
    text = line.removeprefix("Description:").strip().rpartition(" -- ")[2]
    return text[:1].upper() + text[1:]


def _commands(context: Context) -> Iterator[Route]:
    yield from _declared(context)
    for places, ending in (("*/handlers/*.py", ""), ("webhook/*.py", "Webhook")):
        for file in sorted(context.package.glob(places)):
            module = import_module(".".join(file.relative_to(context.package.parent).with_suffix("").parts))
            head, _, text = cleandoc(module.__doc__ or "").partition("\n")
            if named := _ROUTE.match(head):
                yield Route(
                    context=context.name,
                    name=f"{pascal(file.stem)}{ending}",
                    method=named[1],
                    path=named[2],
                    operation=_endpoint(module).operation,
                    module=module.__name__,
                    text=_text(text, _endpoint(module)),
                )


def _declared(context: Context) -> Iterator[Route]:
    for endpoint in declared(context.name):
        said = endpoint.declaration
        if said.path:
            yield Route(
                context=context.name,
                name=said.command.__name__,
                method=said.method,
                path=f"/v1/{context.name}{said.path}",
                operation=endpoint.operation,
                module=commands(context.name)[said.name].handler.rpartition(".")[0],
                concerns=tuple(each.__module__ for each in said.concerns),
                text=_text(described(said.command)),
            )


def described(command: type[Any]) -> str:
    """A command's docstring; dataclasses that have none are given their signature."""
    text = command.__doc__ or ""
    return "" if text.startswith(f"{command.__name__}(") else text


def _endpoint(module: ModuleType) -> Endpoint | Receiver:
    handler = getattr(module, "handler", None)
    if not isinstance(handler, Endpoint | Receiver):
        raise TypeError(f"{module.__name__} names a route and has no endpoint")
    return handler


def _queries(context: Context) -> Iterator[Route]:
    if not (context.package / "queries.py").exists():
        return
    handler = import_module(f"{context.name}.queries").handler
    if not isinstance(handler, Queries):
        raise TypeError(f"{context.name}.queries has no routes")
    for key, route in handler.routes.items():
        method, _, path = key.partition(" ")
        yield Route(
            context=context.name,
            name=f"Get{pascal(route.ask.__name__)}",
            method=method,
            path=f"/v1/{context.name}{path}",
            operation=route.operation,
            module=route.ask.__module__,
            text=_text(route.ask),
        )


def _text(*said: Any) -> str:
    """What a module and a handler say, as paragraphs."""
    texts = (each if isinstance(each, str) else getattr(each, "__doc__", None) or "" for each in said)
    return "\n\n".join(cleandoc(text).strip() for text in texts if text.strip())


def _modules(package: Path) -> Iterator[ModuleType]:
    """Every module of a package."""
    for found in sorted(walk_packages([str(package)], f"{package.name}."), key=lambda module: module.name):
        yield import_module(found.name)


def pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
