"""The edge: an event in, an answer out, and one place where outcomes become statuses.

The event is one of an HTTP API (payload 2.0), or a direct invocation by a flow, a schedule or an operator's
hand: `{"tenant_id", "path": {}, "body": {}, "actor", "correlation_id"?, "causation_id"?,
"idempotency_key"?}`. Who may invoke directly is IAM's business; such a call is answered with the body alone,
and a refusal is raised.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property, partial, update_wrapper
from typing import Any

from pydantic import BaseModel, ValidationError

from troupe.aws import deadline
from troupe.clock import now
from troupe.edge import problems
from troupe.edge.principal import Forbidden, Principal, principal_of
from troupe.edge.received import received
from troupe.edge.request import (
    Request,
    correlation_id,
    fingerprint,
    idempotency_key,
    if_match,
    json_of,
    scope_of,
)
from troupe.edge.response import Response, response
from troupe.edge.source import source_of
from troupe.ids import is_uuid
from troupe.observability import conclude, logger, metrics
from troupe.quota import quota
from troupe.security import roles
from troupe.store.aggregates import Unreadable
from troupe.store.keys import SYSTEM
from troupe.store.scope import Answer
from troupe.store.table import confined
from troupe.store.transact import Replayed, Unknown

LARGEST_BODY = 64 * 1024
WRITING = frozenset({"trial", "active"})

type Event = dict[str, Any]
type Handle = Callable[[Request[Any]], Answer]


class NoBody(BaseModel, frozen=True, extra="forbid"):
    """A request that carries nothing."""


class AnyQuery(BaseModel, frozen=True):
    """A query string that is not looked at: what carries a link adds to it (`utm_source`, `fbclid`)."""


class Version(BaseModel, frozen=True):
    """What most commands answer: the aggregate, and the version it stands at."""

    id: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What is to be known of a route: the gate, the documents and the edge read it from here."""

    permission: str | None = None  # SELF: any signed-in principal; None: a stranger, or no route at all
    anonymous: bool = False
    body: type[BaseModel] = NoBody
    parameters: type[BaseModel] = NoBody  # of the query string
    reply: type[BaseModel] = Version
    status: int = 200
    reads_only: bool = False  # what a suspended tenant may do
    secret: bool = False  # takes no idempotency key and stores no response
    largest_body: int = LARGEST_BODY
    refusals: tuple[str, ...] = ()  # the codes that it answers with, beyond those of the edge
    media: str | None = None  # the content type of an answer that is no JSON; "" for one without content
    signed: bool = False  # a webhook: the raw body is signed, and its receiver reads the event itself
    any_body: bool = False  # what comes as the body is not looked at
    example: Mapping[str, Any] | None = None  # the request body of the documented example

    @property
    def required(self) -> str | None:
        """The permission of the catalogue that it takes, if it takes one."""
        return None if self.permission == roles.SELF else self.permission


class Endpoint:
    """A Lambda entry point around one handler."""

    def __init__(self, operate: Callable[[], Operation], handle: Handle, name: str) -> None:
        self._operate = operate
        self._handle = handle
        self._name = name
        update_wrapper(self, handle)

    @cached_property
    def operation(self) -> Operation:
        return self._operate()

    def ready(self) -> None:
        """Build what validates the body now, at the function's start, rather than at its first request."""
        self.operation.body.model_rebuild()

    def __call__(self, event: Event, context: Any) -> Any:
        if "requestContext" in event:
            return respond(event, context, partial(self._http, event))
        return self._direct(event, context)

    def _http(self, event: Event) -> Answer:
        request = request_of(event, self.operation)
        with scoped(request.principal, request.tenant_id):
            try:
                return self._handle(request)
            except Replayed as before:
                headers = {**before.answer.headers, "idempotent-replayed": "true"}
                return Answer(status=before.answer.status, body=before.answer.body, headers=headers)
            except quota.Exceeded as exceeded:
                if request.principal:
                    quota.note(request.scope, exceeded, request.principal.zone)
                raise

    def _direct(self, event: Event, context: Any) -> Mapping[str, Any]:
        request = direct_request(event, self.operation, context)
        with deadline.within(context), confined(request.tenant_id):
            try:
                answer = self._handle(request)
            except Replayed as before:
                answer = before.answer
            except quota.Exceeded as exceeded:
                quota.note(request.scope, exceeded, request.caller.zone)
                raise
        logger.info("done", extra={"operation": self._name, "tenant_id": request.tenant_id})
        return answer.body


class Receiver:
    """A Lambda entry point that reads the event itself: a webhook's, whose raw body was signed."""

    def __init__(self, operation: Operation, receive: Callable[[Event], Answer]) -> None:
        self.operation = operation
        self._receive = receive
        update_wrapper(self, receive)

    def __call__(self, event: Event, context: Any) -> Response:
        return respond(event, context, partial(self._receive, event))


def receiver(operation: Operation) -> Callable[[Callable[[Event], Answer]], Receiver]:
    """Make what receives a webhook the entry point of its function."""
    if not operation.anonymous:
        raise ValueError("a webhook takes no permission: its sender does not sign in")
    return lambda receive: Receiver(operation, receive)


def endpoint(operation: Operation) -> Callable[[Handle], Endpoint]:
    """Make a handler the entry point of its function."""
    if operation.required and operation.required not in roles.NAMES:
        raise ValueError(f"{operation.permission} is not in the catalogue")

    def made(handle: Handle) -> Endpoint:
        found = Endpoint(lambda: operation, handle, handle.__module__)
        found.ready()
        return found

    return made


def respond(event: Event, context: Any, carry_out: Callable[[], Answer]) -> Response:
    """Carry out, answer, and leave one line of log and one count."""
    logger.append_keys(function_request_id=getattr(context, "aws_request_id", ""))
    logger.set_correlation_id(event["requestContext"].get("requestId", ""))
    try:
        with deadline.within(context):
            answer = carry_out()
    except problems.ANSWERS as refused:
        answer = problems.answered(refused)
    except Exception as failed:  # noqa: BLE001 -- the last line of defence: a 503, or a 500 that tells nothing
        answer = problems.answered(failed)
        if answer.status == problems.UNAVAILABLE:
            logger.warning("out_of_reach", exc_info=failed)
        else:
            logger.error("failed", exc_info=_without_input(failed))
    code = answer.body.get("code") if answer.status >= 400 else None  # noqa: PLR2004 -- HTTP's own line
    metrics.add_metric(name=f"Status{answer.status // 100}xx", unit="Count", value=1)
    conclude("answered", route=event.get("routeKey"), status=answer.status, code=code)
    logger.remove_keys(["function_request_id"])
    return response(answer, event["requestContext"].get("requestId", ""))


def _without_input(failed: Exception) -> Exception:
    """The exception as it may be logged: a validation error's own text has what the fields hold."""
    if not isinstance(failed, ValidationError):
        return failed
    return Unreadable(failed.title, failed).with_traceback(failed.__traceback__)


def request_of(event: Event, operation: Operation) -> Request[Any]:
    """The request, once its principal may make it; refusals come as 401, 404, 403, then the body's."""
    path: Mapping[str, str] = event.get("pathParameters") or {}
    principal = None if operation.anonymous else principal_of(event)
    tenant_id = SYSTEM if principal is None else _target(principal, path)
    if principal:
        _permit(principal, operation)
    raw = b"" if operation.any_body else json_of(event, operation.largest_body)
    stored: Event = {} if operation.reads_only else event  # whose headers are looked at: a read stores none
    moment = now()
    http: Mapping[str, str] = event["requestContext"].get("http") or {}
    scope = scope_of(
        now=moment,
        tenant_id=tenant_id,
        actor=principal.id if principal else "anonymous",
        correlation_id=correlation_id(stored) or event["requestContext"].get("requestId", ""),
    )
    key = None if operation.secret else idempotency_key(stored)
    body = received(operation.body, raw or b"{}")
    return Request(
        body=body,
        parameters=received(operation.parameters, event.get("queryStringParameters") or {}),
        path=path,
        principal=principal,
        scope=replace(scope, if_match=if_match(stored)),
        source_address=source_of(event),
        method=http.get("method", ""),
        headers=event.get("headers") or {},
        fingerprint=fingerprint(event.get("routeKey", ""), path, raw) if key else "",
        key=key,
    )


def direct_request(event: Event, operation: Operation, context: Any) -> Request[Any]:
    tenant_id = event["tenant_id"]
    path: Mapping[str, str] = event.get("path") or {}
    raw = json.dumps(event.get("body") or {}).encode()
    request_id: str = getattr(context, "aws_request_id", "")
    scope = scope_of(
        now=now(),
        tenant_id=tenant_id,
        actor=event.get("actor", "system"),
        correlation_id=event.get("correlation_id") or request_id,
        causation_id=event.get("causation_id"),
    )
    principal = Principal(
        id=scope.context.actor,
        kind="system",
        tenant_id=tenant_id,
        permissions=roles.NAMES,
        standing="active",
    )
    key = None if operation.secret else event.get("idempotency_key")
    return Request(
        body=received(operation.body, raw),
        path=path,
        principal=principal,
        scope=scope,
        fingerprint=fingerprint(getattr(context, "function_name", ""), path, raw) if key else "",
        key=key,
    )


def _target(principal: Principal, path: Mapping[str, str]) -> str:
    """The tenant that the request is about: the principal's own, or, for an operator, the path's."""
    named = path.get("tenant_id")
    if named is None or named == principal.tenant_id:
        return principal.tenant_id
    if principal.is_operator and is_uuid(named):
        return named
    raise Unknown(named)


def _permit(principal: Principal, operation: Operation) -> None:
    if operation.required is None and principal.kind == "service":
        raise Forbidden("person_required", "This takes a person: an API key has no account.")
    if operation.required and operation.required not in principal.permissions:
        raise Forbidden("permission_required", f"This takes the permission {operation.required}.")
    if not operation.reads_only and not principal.is_operator and principal.standing not in WRITING:
        raise Forbidden(f"tenant_{principal.standing}", f"The tenant is {principal.standing}: it can read.")


def scoped(principal: Principal | None, tenant_id: str) -> AbstractContextManager[None]:
    """Confine a signed-in principal's request; a stranger's is confined by what finds the tenant."""
    return confined(tenant_id) if principal else nullcontext()
