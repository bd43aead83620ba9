"""Commands and queries of a context called in this process, against the stack's table, by whom one likes."""

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from bench import scenario, wire
from local.stack.stack import Stack

REFUSED = 400


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: Mapping[str, Any]
    traffic: wire.Traffic
    milliseconds: float


@dataclass(slots=True)
class Counted:
    """One context's handlers. `tenant_id`: the tenant of all callers."""

    context: str
    tenant_id: str
    counter: wire.Counter = field(default_factory=wire.Counter)

    def command(self, name: str, caller: Mapping[str, Any], body: object = None, **path: str) -> Reply:
        event = scenario.http(body, path, caller)
        return self._call(scenario.handler(name, self.context), name, event)

    def query(
        self, route: str, caller: Mapping[str, Any], path: Mapping[str, str] | None = None, **asked: str
    ) -> Reply:
        event = scenario.http(None, path, caller)
        event |= {"routeKey": f"GET {route}", "body": None, "queryStringParameters": asked}
        return self._call(import_module(f"{self.context}.queries").handler, route, event)

    def _call(self, handler: Callable[..., Any], name: str, event: dict[str, Any]) -> Reply:
        """Raises LookupError for a refusal."""
        traffic = self.counter.traffic = wire.Traffic()
        begun = time.perf_counter()
        answer = handler(event, scenario.CONTEXT)
        milliseconds = (time.perf_counter() - begun) * 1000
        body: Mapping[str, Any] = json.loads(answer["body"])
        if answer["statusCode"] >= REFUSED:
            raise LookupError(f"{name}: {answer['statusCode']} {body}")
        return Reply(answer["statusCode"], body, traffic, milliseconds)


def caller(tenant_id: str, principal_id: str, role: str) -> dict[str, Any]:
    """A caller with a built-in role, as the authorizer passes it on."""
    permissions = import_module("troupe.security.roles")
    return {
        "principal_id": principal_id,
        "kind": "supplier" if role == "supplier" else "user",
        "tenant_id": tenant_id,
        "permissions": sorted(permissions.BUILT_IN[role]),
        "standing": "active",
        "zone": "UTC",
    }


@contextmanager
def counting(stack: Stack, context: str, tenant_id: str) -> Iterator[Counted]:
    """This process as the functions of a context, called one after another, and what they do counted."""
    become(stack, context)
    counted = Counted(context, tenant_id)
    client = import_module("troupe.store.table").client()
    counted.counter.watch(client)
    try:
        yield counted
    finally:
        counted.counter.leave(client)  # it counts for one thread alone


def become(stack: Stack, context: str) -> None:
    """This process as the functions of a context, as the emulator's root."""
    scenario.environment(stack, scenario.variables_of(stack, context))
