"""A tenant with communities, for the tests of community; and its commands."""

import importlib
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from feed import batch, failed
from people import People
from spec import ANN, TENANT, Reply, request, send
from town import happened
from troupe.request import scope_of
from troupe.scope import Scope

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class Plaza:
    """One tenant of the table, and what happens in it without a request."""

    tenant_id: str = TENANT

    @property
    def people(self) -> People:
        return People(self.tenant_id)

    def found(self, **settled: Any) -> None:
        self.people.found(**settled)

    def scope(self, at: datetime = NOON, actor: str = ANN) -> Scope:
        return scope_of(now=at, tenant_id=self.tenant_id, actor=actor, correlation_id="setup")

    def consumer(self, name: str = "Emily") -> str:
        """Somebody whom the context has heard of."""
        return self._heard(self.people.consumer(name))

    def leader(self, name: str = "Lea") -> str:
        return self._heard(self.people.leader(name))

    def admin(self) -> str:
        return self._heard(self.people.admin())

    def hears(self) -> None:
        """The context takes in whatever has happened."""
        from community.inbound import handler

        self.people.known(handler)

    def _heard(self, person_id: str) -> str:
        """The context is told of this person; identity's own read models are not asked."""
        from community.inbound import handler

        about = [event for event in happened() if event.aggregate_id == person_id]
        assert failed(handler(batch(*about), None)) == []
        return person_id


@dataclass(frozen=True)
class Call:
    """A command's handler behind its route."""

    command: str
    route: str
    body: object = None

    def __call__(self, path: dict[str, str] | None = None, **given: Any) -> Reply:
        handler = importlib.import_module(f"community.commands.{self.command}").handler
        given = {"body": self.body, "route": self.route, **given}
        return send(handler, request(path=path or {}, **given))


def ask(route: str, path: dict[str, str] | None = None, **given: Any) -> Reply:
    """A GET of the queries function."""
    from community.queries import handler

    return send(handler, request(path=path or {}, route=f"GET {route}", **given))
