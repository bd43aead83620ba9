"""A context's routes as tests call them: its commands, each behind its own, and what its queries answer."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar

from documents.commands import entry_point
from support.spec import Reply, request, send

type Ask = Callable[..., Reply]


@dataclass(frozen=True)
class Call:
    """A command's handler behind its route; a context's own says which context it is."""

    command: str
    route: str
    body: object = None
    context: ClassVar[str]

    def __call__(self, path: dict[str, str] | None = None, **given: Any) -> Reply:
        handler = entry_point(self.context, self.command)
        given = {"body": self.body, "route": self.route, **given}
        return send(handler, request(path=path or {}, **given))


def asking(context: str) -> Ask:
    """A GET of a context's queries function, by its route."""

    def ask(route: str, path: dict[str, str] | None = None, **given: Any) -> Reply:
        handler = importlib.import_module(f"{context}.queries").handler
        return send(handler, request(path=path or {}, route=f"GET {route}", **given))

    return ask
