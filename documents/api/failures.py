"""How an operation can fail: each answer is the kernel's own, made by it for the occasion."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import attrgetter
from typing import Any

from pydantic import BaseModel

from documents.api.problem import response
from documents.api.refusals import Refusal, Refusals
from documents.api.schemas import Json
from documents.contexts import Route
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.endpoint import LARGEST_BODY
from troupe.edge.pages import ForeignCursor
from troupe.edge.principal import REASONS, Exhausted, Forbidden, Unauthenticated
from troupe.edge.problems import answered
from troupe.edge.queries import Paging
from troupe.edge.received import InvalidRequest, received
from troupe.edge.request import (
    Malformed,
    body_of,
    correlation_id,
    idempotency_key,
    if_match,
    json_of,
)
from troupe.edge.unrouted import MethodNotAllowed
from troupe.quota.too_many_requests import TooManyRequests
from troupe.store.scope import Answer
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, KeyReused, PreconditionFailed, Unknown


class _Named(BaseModel):
    email: str


def _caught(act: Callable[[], Any]) -> Answer:
    """The answer to what an act raises."""
    try:
        act()
    except (InvalidRequest, Malformed) as failed:
        return answered(failed)
    raise AssertionError("it was to fail")


ANYWHERE: Mapping[int, Sequence[Answer]] = {  # the same wherever they occur
    401: [answered(Unauthenticated(reason)) for reason in REASONS],
    413: [_caught(lambda: body_of({"body": "." * (LARGEST_BODY + 1)}, LARGEST_BODY))],
    429: [answered(Exhausted()), answered(TooManyRequests(60))],
    500: [answered(RuntimeError())],
    503: [answered(Unavailable())],
}
UNROUTED = answered(MethodNotAllowed(["GET", "HEAD", "PATCH"]))
"""What a path answers to a method that it does not have: no operation's own."""


def everywhere() -> Json:
    """components/responses."""
    return {f"Problem{status}": response(status, answers) for status, answers in ANYWHERE.items()}


def problems(route: Route, known: Refusals) -> list[Answer]:
    """Every problem that is a route's own, by status."""
    found = [*_unreadable(route), *_forbidden(route), *_refused(route, known)]
    return sorted(found, key=attrgetter("status"))


def failures(route: Route, known: Refusals) -> Json:
    """Every status of a route but its success."""
    operation = route.operation
    shared = {status: {"$ref": f"#/components/responses/Problem{status}"} for status in ANYWHERE}
    if operation.anonymous:
        del shared[401]
    if operation.reads_only:
        del shared[413]
    by_status = groupby(problems(route, known), key=attrgetter("status"))
    own = {status: [*(ANYWHERE[status] if status in shared else ()), *each] for status, each in by_status}
    said = {**shared, **{status: response(status, each) for status, each in own.items()}}
    return {str(status): said[status] for status in sorted(said)}


def _unreadable(route: Route) -> Iterator[Answer]:
    operation = route.operation
    if operation.signed:
        return
    yield _caught(lambda: received(_Named, b"{}"))  # a field that is missing, or one too many
    if not operation.reads_only:
        yield _caught(lambda: received(_Named, b"{"))
        yield _caught(
            lambda: json_of({"body": "<a/>", "headers": {"content-type": "text/xml"}}, LARGEST_BODY)
        )
        yield _caught(lambda: correlation_id({"headers": {"x-correlation-id": ""}}))
    if issubclass(operation.parameters, Paging):
        yield answered(ForeignCursor())
    if takes_version(route):
        yield _caught(lambda: if_match({"headers": {"if-match": "latest"}}))
        yield answered(PreconditionFailed(2))
    if takes_key(route):
        yield _caught(lambda: idempotency_key({"headers": {"idempotency-key": ""}}))
        yield answered(KeyReused())


def _forbidden(route: Route) -> Iterator[Answer]:
    operation = route.operation
    if operation.required:
        text = f"This takes the permission {operation.required}."
        yield answered(Forbidden("permission_required", text))
    elif not operation.anonymous:
        yield answered(Forbidden("person_required", "This takes a person: an API key has no account."))
    if not operation.anonymous and not operation.reads_only:
        for standing in ("suspended", "cancelled"):
            yield answered(Forbidden(f"tenant_{standing}", f"The tenant is {standing}: it can read."))
    if "{" in route.path or "/me/" in f"{route.path}/":  # a supplier or an operator is no user
        yield answered(Unknown())


def _refused(route: Route, known: Refusals) -> Iterator[Answer]:
    for code in route.operation.refusals:
        yield answered(_raised(known.of(route.sources, code) or _untold(code)))
    if not (route.operation.reads_only or route.operation.signed):
        yield answered(Contended())


def _untold(code: str) -> Refusal:
    """A refusal that no sentence was found for."""
    return Refusal(code, 409, f"{code.replace('_', ' ').capitalize()}.")


def _raised(refusal: Refusal) -> Exception:
    match refusal.status:
        case 400:
            return Malformed(refusal.code, refusal.detail)
        case 401:
            return Unauthenticated(refusal.code, refusal.detail)
        case 403:
            return Forbidden(refusal.code, refusal.detail)
        case 422:
            return Invalid(refusal.code, refusal.detail, refusal.field)
        case _:
            return Rejected(refusal.code, refusal.detail)


def takes_key(route: Route) -> bool:
    """Whether an Idempotency-Key means something to it."""
    return not route.operation.reads_only and not route.operation.secret


def is_tagged(route: Route) -> bool:
    """Whether its answer has an ETag that `If-None-Match` takes: what is read as JSON."""
    return route.operation.reads_only and route.operation.media is None


def takes_version(route: Route) -> bool:
    """Whether the operation takes If-Match: a signed-in caller changes an existing aggregate."""
    operation = route.operation
    changes = takes_key(route) and not operation.anonymous and operation.status == 200  # noqa: PLR2004 -- not 201
    return changes and "version" in operation.reply.model_fields
