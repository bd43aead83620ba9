"""A request as a command sees it: body, path, principal, and the scope to carry it out under."""

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from troupe.domain.decider import Context
from troupe.edge.principal import Principal
from troupe.ids import is_uuid, new_id
from troupe.store import keys
from troupe.store.aggregates import Ref
from troupe.store.envelope import Envelope
from troupe.store.scope import Answer, Idempotency, Scope
from troupe.store.transact import Decide, Decision, Read, ReadTarget, Snapshot, Unknown, carry_out, transact

JSON = "application/json"
WORD = r"[A-Za-z0-9._:-]{1,128}"
ETAG = r'(W/)?"?([0-9]{1,12})(\.[0-9a-f]{12})?"?'  # as many digits as the key of an event has; see etags.py


class Malformed(Exception):  # noqa: N818 -- an answer, not a fault
    """The request cannot be read; `code` and `detail` say what is wrong with it."""

    headers: Mapping[str, str] = {}

    def __init__(self, code: str, detail: str, status: int = 400) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.status = status


def body_of(event: Mapping[str, Any], limit: int) -> bytes:
    """The raw body, decoded where the gateway encoded it; at most `limit` bytes."""
    raw: str = event.get("body") or ""
    if len(raw) > limit * 2:
        raise Malformed("request_too_large", f"A body has at most {limit} bytes.", 413)
    try:
        body = base64.b64decode(raw, validate=True) if event.get("isBase64Encoded") else raw.encode()
    except (binascii.Error, UnicodeEncodeError) as failed:
        raise Malformed("malformed_body", "The body cannot be decoded.") from failed
    if len(body) > limit:
        raise Malformed("request_too_large", f"A body has at most {limit} bytes.", 413)
    return body


def json_of(event: Mapping[str, Any], limit: int) -> bytes:
    """The raw body of a request that takes JSON; one that says it is something else is refused."""
    named = (header(event, "content-type") or JSON).partition(";")[0].strip().lower()
    if event.get("body") and named != JSON:
        raise Malformed("unsupported_media_type", f"Send the body as {JSON}.", 415)
    return body_of(event, limit)


def header(event: Mapping[str, Any], name: str) -> str | None:
    """A header's value; the HTTP API passes names in lower case."""
    headers: Mapping[str, str] = event.get("headers") or {}
    return headers.get(name)


def if_match(event: Mapping[str, Any]) -> int | None:
    """The version in `If-Match`, as our ETags write it."""
    value = header(event, "if-match")
    if value is None or value.strip() == "*":
        return None
    given = re.fullmatch(ETAG, value.strip())
    if given is None:
        raise Malformed("malformed_header", "If-Match takes an ETag as it was given.")
    return int(given[2])


def idempotency_key(event: Mapping[str, Any]) -> str | None:
    return _word(event, "Idempotency-Key")


def correlation_id(event: Mapping[str, Any]) -> str | None:
    return _word(event, "X-Correlation-Id")


def _word(event: Mapping[str, Any], name: str) -> str | None:
    """A header that the caller chooses and we store."""
    value = header(event, name.lower())
    if value is not None and not re.fullmatch(WORD, value):
        raise Malformed("malformed_header", f"{name} has 1 to 128 of A-Z, a-z, 0-9 and . _ : -")
    return value


def fingerprint(route: str, path: Mapping[str, str], body: bytes) -> str:
    """The SHA-256 of the request as canonical JSON."""
    canonical = json.dumps(
        [route, dict(path), json.loads(body or b"null")], sort_keys=True, separators=(",", ":")
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Request[B]:
    body: B
    path: Mapping[str, str]
    principal: Principal | None  # None for a stranger, on the routes that take one
    scope: Scope
    source_address: str = ""
    method: str = ""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])  # by their names in lower case
    fingerprint: str = ""
    parameters: Any = None  # of the query string, as the operation declares them
    key: str | None = None  # the caller's Idempotency-Key

    @property
    def now(self) -> datetime:
        return self.scope.context.now

    @property
    def tenant_id(self) -> str:
        return self.scope.tenant_id

    @property
    def caller(self) -> Principal:
        """The principal, on the routes that are not for strangers."""
        if self.principal is None:
            raise LookupError("this route is for strangers")
        return self.principal

    def id(self, name: str) -> str:
        """An identifier from the path; what is no UUID names nothing."""
        value = self.path.get(name, "")
        if not is_uuid(value):
            raise Unknown(name)
        return value

    def within(self, tenant_id: str, actor: str | None = None) -> "Request[B]":
        """The same request under another tenant; for strangers, whose tenant is found by slug or address."""
        context = replace(
            self.scope.context, tenant_id=keys.tenant(tenant_id), actor=actor or self.scope.context.actor
        )
        return replace(self, scope=replace(self.scope, context=context))

    def execute[S, C, E](
        self,
        ref: Ref[S, C, E],
        command: C,
        *,
        deleted: bool = False,
        reply: Callable[[Decision], Answer] | None = None,
    ) -> Answer:
        """Run one command on one aggregate and answer with its id and version."""
        return self.transact(
            (ref,), lambda at: Decision(changes=(at.decide(ref, command, deleted=deleted),)), reply
        )

    def transact(
        self, targets: Sequence[ReadTarget], decide: Decide, reply: Callable[[Decision], Answer] | None = None
    ) -> Answer:
        """Read, decide and write in one transaction; the answer is stored with it under the caller's key."""
        answer = reply or done
        return answer(transact(self._remembered(answer), targets, decide))

    def carry_out[F, O](
        self,
        *,
        read: Read[F],
        decide: Callable[[F, Context], O],
        write: Callable[[Snapshot, F, O], Decision],
        reply: Callable[[Decision], Answer],
    ) -> Answer:
        """The same for a use case of several aggregates, whose reading takes more than one batch."""
        carried = carry_out(self._remembered(reply), read=read, decide=decide, write=write)
        return reply(carried.decision)

    def _remembered(self, answer: Callable[[Decision], Answer]) -> Scope:
        """The scope, with the caller's key if there is one."""
        guard = self.key and Idempotency(
            principal=self.scope.context.actor, key=self.key, fingerprint=self.fingerprint, answer=answer
        )
        return replace(self.scope, idempotency=guard or None)


def done(decision: Decision) -> Answer:
    """200: what the first aggregate is now."""
    first = decision.first
    body = {"id": first.id, "version": first.version, **decision.body}
    return Answer(status=200, body=body, headers={"etag": f'"{first.version}"'})


def created(location: str) -> Callable[[Decision], Answer]:
    """201 with Location; `{id}` in it stands for the new aggregate's id."""

    def reply(decision: Decision) -> Answer:
        answer = done(decision)
        headers = {**answer.headers, "location": location.format(id=decision.first.id)}
        return replace(answer, status=201, headers=headers)

    return reply


def scope_of(
    *, now: datetime, tenant_id: str, actor: str, correlation_id: str, causation_id: str | None = None
) -> Scope:
    context = Context(now=now, tenant_id=keys.tenant(tenant_id), actor=actor, new_id=new_id)
    return Scope(context=context, correlation_id=correlation_id, causation_id=causation_id)


def scope_after(event: Envelope, now: datetime, actor: str = "system") -> Scope:
    """The scope of what is done because of an event, in the event's tenant."""
    return scope_of(
        now=now,
        tenant_id=event.tenant_id,
        actor=actor,
        correlation_id=event.correlation_id,
        causation_id=event.id,
    )
