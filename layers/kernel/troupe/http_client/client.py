"""Outbound HTTP: to public addresses only, with an end to how long, how often and how much.

A name is resolved once, every address it has must be public, and the connection goes to one of those
addresses, so nothing can change between check and use. The name stays in `Host` and in TLS.
"""

import json
import random
import time
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from typing import Any

import httpx

from troupe.clock import now
from troupe.http_client.transport import PublicOnly, Refused

BASE_SECONDS, CAP_SECONDS = 0.2, 5.0
MOST_REDIRECTS = 3

_REPEATABLE = frozenset({"GET", "HEAD", "OPTIONS", "PUT", "DELETE"})  # RFC 9110, 9.2.2
_FOLLOWED = frozenset({"GET", "HEAD"})
_LATER = frozenset({429, 503})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class OutboundFailed(Exception):  # noqa: N818 -- the root of what can come of a call
    """There is no answer."""


class NotAllowed(OutboundFailed):
    """A call that we do not make: its address, scheme, port or redirect, or no request. Nothing was sent."""


class Unreachable(OutboundFailed):
    """The server does not answer, or its certificate is wrong. Nothing was sent."""


class Unanswered(OutboundFailed):
    """Sent, and not answered, or not in whole or in time: what came of it is not known."""


class TooLarge(OutboundFailed):
    """Answered, with more than we read, or encoded, which can hide more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The limits of one call with all its attempts and redirects."""

    connect_seconds: float = 3.0
    read_seconds: float = 10.0  # between two pieces of the answer
    deadline_seconds: float = 25.0  # looked at before each attempt and at each piece of the body
    attempts: int = 3
    largest_bytes: int = 2_000_000
    ports: frozenset[int] = frozenset({80, 443})
    redirect_hosts: frozenset[str] = frozenset()  # followed to, besides the host that was called


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """An answer with any status; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body as JSON; ValueError if it is none."""
        return json.loads(self.body)


def fetch(
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    policy: Policy = Policy(),
) -> Answer:
    """Call another's server. Raises `OutboundFailed`; every status is an answer.

    GET, HEAD, OPTIONS, PUT and DELETE are tried again when the server does not answer, and after a 429 or
    503, as `Retry-After` says or with full jitter; GET and HEAD follow redirects to the same host.
    OUTBOUND_ALLOW (`host:port`, with commas) names servers on loopback that may be called too: those of a
    local stack.
    """
    deadline = time.monotonic() + policy.deadline_seconds
    call = _Call(method=method.upper(), url=_parsed(httpx.URL(), url), headers=headers or {}, body=body)
    ours = {"user-agent": "troupe", "accept-encoding": "identity"}
    with httpx.Client(transport=PublicOnly(policy.ports), trust_env=False, headers=ours) as client:
        return _followed(_Attempts(client, policy, deadline), call)


MEANING: dict[type[Exception], type[OutboundFailed]] = {
    httpx.ConnectError: Unreachable,
    httpx.ConnectTimeout: Unreachable,
    httpx.PoolTimeout: Unreachable,
    httpx.ProxyError: Unreachable,
    httpx.LocalProtocolError: NotAllowed,
    httpx.UnsupportedProtocol: NotAllowed,
    Refused: NotAllowed,
    httpx.TooManyRedirects: NotAllowed,
    httpx.CloseError: Unanswered,
    httpx.DecodingError: Unanswered,
    httpx.ReadError: Unanswered,
    httpx.ReadTimeout: Unanswered,
    httpx.RemoteProtocolError: Unanswered,
    httpx.WriteError: Unanswered,
    httpx.WriteTimeout: Unanswered,
}


def meaning(failed: Exception) -> OutboundFailed:
    """What an exception of httpx comes down to; one that is not known may have been sent."""
    return MEANING.get(type(failed), Unanswered)(f"{type(failed).__name__}: {failed}")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    method: str
    url: httpx.URL
    headers: Mapping[str, str]
    body: bytes | None


@dataclass(frozen=True, slots=True)
class _Attempts:
    client: httpx.Client
    policy: Policy
    deadline: float

    def make(self, call: _Call) -> Answer:
        """As many as the method, the policy and the deadline allow."""
        attempts = self.policy.attempts if call.method in _REPEATABLE else 1
        attempt = 0
        while True:
            result = self._once(call)
            attempt += 1
            again = isinstance(result, Unreachable) or result.status in _LATER
            pause = _pause(attempt, result)
            if not again or attempt >= attempts or time.monotonic() + pause >= self.deadline:
                break
            time.sleep(pause)
        if isinstance(result, Unreachable):
            raise result
        return result

    def _once(self, call: _Call) -> Answer | Unreachable:
        request = self._request(call)
        try:
            with closing(self.client.send(request, stream=True)) as response:
                body = self._body(response)
        except (httpx.HTTPError, UnicodeError) as failed:  # the latter of a redirect to what is no host
            meant = meaning(failed)
            meant.__cause__ = failed
            if isinstance(meant, Unreachable):
                return meant
            raise meant from failed
        return Answer(status=response.status_code, headers=dict(response.headers), body=body)

    def _request(self, call: _Call) -> httpx.Request:
        left = max(self.deadline - time.monotonic(), 0.001)
        connect = min(self.policy.connect_seconds, left)
        timeout = httpx.Timeout(min(self.policy.read_seconds, left), connect=connect)
        try:
            return self.client.build_request(
                call.method, call.url, headers=call.headers, content=call.body, timeout=timeout
            )
        except UnicodeError as failed:
            raise NotAllowed("a header is not ASCII") from failed

    def _body(self, response: httpx.Response) -> bytes:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise TooLarge("encoded, though we asked for it as it is")
        body = bytearray()
        for piece in response.iter_raw():
            body += piece
            if len(body) > self.policy.largest_bytes:
                raise TooLarge(f"more than {self.policy.largest_bytes} bytes")
            if time.monotonic() > self.deadline:
                raise Unanswered("not in time")
        return bytes(body)


def _pause(attempt: int, result: Answer | Unreachable) -> float:
    """Seconds until the next attempt: what the server asks for, else full jitter."""
    after = result.headers.get("retry-after", "") if isinstance(result, Answer) else ""
    if after.isdecimal():
        return float(after)
    with suppress(ValueError):
        return max((parsedate_to_datetime(after) - now()).total_seconds(), 0.0)
    return random.uniform(0, min(CAP_SECONDS, BASE_SECONDS * 2**attempt))  # noqa: S311 -- jitter


def _followed(attempts: _Attempts, call: _Call) -> Answer:
    for _ in range(MOST_REDIRECTS + 1):
        answer = attempts.make(call)
        location = answer.headers.get("location")
        if call.method not in _FOLLOWED or answer.status not in _REDIRECTS or location is None:
            return answer
        call = _redirected(call, location, attempts.policy)
    raise NotAllowed("too many redirects")


def _parsed(base: httpx.URL, text: str) -> httpx.URL:
    try:
        url = base.join(text)
        _ = url.host  # which is decoded only now
    except (httpx.InvalidURL, UnicodeError) as failed:
        raise NotAllowed("not a URL") from failed
    return url


def _redirected(call: _Call, location: str, policy: Policy) -> _Call:
    """The same call elsewhere; to another host without the caller's headers, which may be secret."""
    url = _parsed(call.url, location)
    same = url.host == call.url.host
    if not same and url.host not in policy.redirect_hosts:
        raise NotAllowed("a redirect to another host")
    if call.url.scheme == "https" and url.scheme != "https":
        raise NotAllowed("a redirect to a scheme that is not secure")
    return replace(call, url=url, headers=call.headers if same else {})
