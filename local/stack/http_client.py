"""An HTTP client of the API that repeats what did not get through, as any client of a public API does."""

from functools import cache
from http import HTTPStatus
from typing import Any
from uuid import uuid4

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type, retry_if_result
from tenacity.stop import stop_after_delay
from tenacity.wait import wait_random_exponential

KEY = "idempotency-key"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
REPEATED = frozenset({429, 502, 503, 504})
PROBLEM = "application/problem+json"
LOST = (httpx.NetworkError, httpx.RemoteProtocolError, httpx.TimeoutException)
PATIENCE = 300.0  # seconds from the first attempt, after which a failure is the answer
TIMEOUT = 300.0  # seconds of silence; on a busy machine requests wait for their turn

certificates = cache(httpx.create_ssl_context)  # takes as long as ten requests, and most here use no TLS
backoff = wait_random_exponential(multiplier=0.25, max=5)


def client(base_url: str, **options: Any) -> httpx.Client:
    """Gives each write an `Idempotency-Key`, so that it takes effect once however often it is sent.

    The options are those of `httpx.Client`.
    """
    given: dict[str, Any] = {"timeout": TIMEOUT, "transport": RepeatingTransport(), **options}
    made = httpx.Client(base_url=base_url, **given)
    made.event_hooks["request"] = [*made.event_hooks["request"], add_key]
    return made


def add_key(request: httpx.Request) -> None:
    if request.method not in SAFE:
        request.headers.setdefault(KEY, str(uuid4()))


class RepeatingTransport(httpx.BaseTransport):
    """Repeats reads, and writes with an `Idempotency-Key`, after 429, 502, 503, 504 and lost connections."""

    def __init__(self, transport: httpx.BaseTransport | None = None) -> None:
        self._transport = transport or httpx.HTTPTransport(verify=certificates())

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method not in SAFE and KEY not in request.headers:
            return self._transport.handle_request(request)
        attempts = Retrying(
            retry=retry_if_result(_refused_for_now) | retry_if_exception_type(LOST),
            wait=_pause,
            stop=stop_after_delay(PATIENCE),
            before_sleep=_close,
            retry_error_callback=_last,
        )
        return attempts(self._transport.handle_request, request)

    def close(self) -> None:
        self._transport.close()


def _refused_for_now(response: httpx.Response) -> bool:
    """A 429 that is a problem is the API's own: a quota is used up, and stays so."""
    used_up = response.status_code == HTTPStatus.TOO_MANY_REQUESTS and _is_problem(response)
    return response.status_code in REPEATED and not used_up


def _is_problem(response: httpx.Response) -> bool:
    kind: str = response.headers.get("content-type", "")
    return kind.startswith(PROBLEM)


def _response(state: RetryCallState) -> httpx.Response | None:
    outcome = state.outcome
    return None if outcome is None or outcome.failed else outcome.result()


def _pause(state: RetryCallState) -> float:
    response = _response(state)
    after = response.headers.get("retry-after", "") if response else ""
    return float(after) if after.isdigit() else backoff(state)


def _close(state: RetryCallState) -> None:
    if response := _response(state):
        response.close()


def _last(state: RetryCallState) -> httpx.Response:
    """The last response, or the exception of the last attempt."""
    assert state.outcome  # tenacity calls this after an attempt
    last: httpx.Response = state.outcome.result()
    return last
