"""Given these events, when this command, then those events -- or a refusal. And requests as the gateway makes them."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import count
from types import SimpleNamespace

import pytest

from troupe.domain.decider import Context, Decider, Rejected
from troupe.ids import new_id
from troupe.security.roles import NAMES, OPERATOR_ONLY
from troupe.store.aggregates import dump, parse

LAMBDA = SimpleNamespace(
    function_name="f", memory_limit_in_mb=128, invoked_function_arn="arn", aws_request_id="r1"
)
TENANT = "0192f0c1-0000-7000-8000-000000000001"
OTHER = "0192f0c1-0000-7000-8000-000000000002"
ANN = "0192f0c1-0000-7000-8000-0000000000a1"
NOON = Context(
    now=datetime(2026, 1, 31, 12, tzinfo=UTC),
    tenant_id=TENANT,
    actor=ANN,
    new_id=(f"0192f0c1-0000-7000-8000-{n:012x}" for n in count(1)).__next__,
)


@dataclass(frozen=True)
class When[E]:
    act: Callable[[], tuple[E, ...]]

    def then(self, *expected: E) -> None:
        assert self.act() == expected

    def then_nothing(self) -> None:
        assert self.act() == ()

    def then_rejected(self, code: str) -> None:
        with pytest.raises(Rejected) as rejected:
            self.act()
        assert rejected.value.code == code


@dataclass(frozen=True)
class Given[S, C, E]:
    decider: Decider[S, C, E]
    history: tuple[E, ...] = ()
    context: Context = NOON

    def __call__(self, *history: E) -> "Given[S, C, E]":
        return replace(self, history=history)

    def at(self, now: datetime) -> "Given[S, C, E]":
        return replace(self, context=replace(self.context, now=now))

    @property
    def state(self) -> S | None:
        return self.decider.fold(self.history)

    def when(self, command: C) -> When[E]:
        return When(lambda: self.decider.answer(command, self.state, self.context))


def assert_folds_as_stored[S, C, E](decider: Decider[S, C, E], history: tuple[E, ...]) -> None:
    """Each event and each state survives storage, and the fold of the stored is the stored fold, byte for byte."""
    read = tuple(parse(type(event), dump(type(event), event)) for event in history)
    assert read == history
    state = None
    for event in read:
        state = parse(decider.state, dump(decider.state, decider.after(state, event)))
    assert dump(decider.state, state) == dump(decider.state, decider.fold(history))


def request(
    body: object = None,
    *,
    path: dict[str, str] | None = None,
    principal: str | None = ANN,
    tenant_id: str = TENANT,
    permissions: frozenset[str] | None = None,
    kind: str = "user",
    standing: str = "active",
    headers: dict[str, str] | None = None,
    query: dict[str, str] | None = None,
    route: str = "POST /x",
    source: str = "203.0.113.7",
) -> dict:
    """An HTTP API event (payload 2.0) as it reaches a function behind the authorizer."""
    caller = {
        "principal_id": principal,
        "kind": kind,
        "tenant_id": tenant_id,
        "permissions": sorted(NAMES - OPERATOR_ONLY if permissions is None else permissions),
        "standing": standing,
        "zone": "UTC",
    }
    return {
        "version": "2.0",
        "routeKey": route,
        "pathParameters": path or {},
        "queryStringParameters": query or {},
        "headers": headers or {},
        "body": body if isinstance(body, str) or body is None else json.dumps(body),
        "isBase64Encoded": False,
        "requestContext": {
            "requestId": new_id(),
            "routeKey": route,
            "http": {"sourceIp": source, "method": route.partition(" ")[0]},
            "authorizer": {"lambda": caller} if principal else {},
        },
    }


@dataclass(frozen=True)
class Reply:
    """An answer but for the id of its request, which no two have alike."""

    status: int
    body: dict
    headers: dict[str, str]

    @property
    def version(self) -> int:
        """What the ETag of something that was read says first."""
        return int(self.headers["etag"].strip('"').partition(".")[0])

    @classmethod
    def of(cls, response: dict) -> "Reply":
        own = response["headers"]["x-request-id"]
        headers = {name: value for name, value in response["headers"].items() if name != "x-request-id"}
        body = json.loads(response["body"])
        assert body.pop("instance", quoted := f"urn:troupe:request:{own}") == quoted
        return cls(response["statusCode"], body, headers)


def send(handler: Callable, event: dict) -> Reply:
    """What a handler answers. A problem is one that openapi.yaml names for the route (tests/integration/conftest.py)."""
    return Reply.of(handler(event, LAMBDA))
