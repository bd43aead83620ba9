"""Problem details (RFC 9457): every refusal and failure as one shape, in one place."""

from collections.abc import Mapping
from typing import Any

from troupe.aws import outage
from troupe.domain.decider import Invalid, Rejected
from troupe.edge.pages import ForeignCursor
from troupe.edge.principal import Exhausted, Forbidden, Unauthenticated
from troupe.edge.received import InvalidRequest
from troupe.edge.request import Malformed
from troupe.quota.too_many_requests import TooManyRequests
from troupe.store.scope import Answer
from troupe.store.table import Unavailable
from troupe.store.transact import Contended, KeyReused, PreconditionFailed, Unknown

JSON = "application/problem+json"
UNAVAILABLE = 503


def problem(
    status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
) -> Answer:
    body = {"type": f"/docs/errors#{code}", "title": code.replace("_", " "), "status": status}
    return Answer(
        status=status,
        body={**body, "code": code, "detail": detail, **more},
        headers={"content-type": JSON, **(headers or {})},
    )


def answered(exception: Exception) -> Answer:  # noqa: PLR0911 -- one line for each kind of answer
    """The problem that an exception means; anything unknown is a 500 that tells nothing.

    What AWS cannot do just now is 503, whichever service it is and wherever it was called.
    """
    match exception:
        case InvalidRequest():
            return _invalid(exception)
        case Malformed():
            return problem(exception.status, exception.code, exception.detail, headers=exception.headers)
        case Invalid():
            wrong = {"field": exception.field, "code": exception.code, "detail": exception.detail}
            return problem(422, exception.code, exception.detail, errors=[wrong])
        case Rejected():
            errors: dict[str, Any] = {"errors": [dict(each) for each in exception.errors]}
            return problem(409, exception.code, exception.detail, **(errors if exception.errors else {}))
        case Forbidden():
            return problem(403, exception.code, exception.detail)
        case Unauthenticated():
            challenge = {"www-authenticate": exception.challenge}
            return problem(401, exception.reason, exception.detail, headers=challenge)
        case PreconditionFailed():
            detail, etag = "It has changed since you read it. Read it again.", f'"{exception.version}"'
            return problem(412, "stale_version", detail, headers={"etag": etag})
        case TooManyRequests() | Unavailable():
            return _later(exception)
        case _ if outage.passes(exception):
            return _later(Unavailable())
        case _:
            return _FIXED.get(type(exception), _FAILED)


_FAILED = problem(500, "internal_error", "Something went wrong on our side.")
_FIXED: Mapping[type[Exception], Answer] = {
    ForeignCursor: problem(400, "foreign_cursor", "The cursor is not one of this list."),
    Unknown: problem(404, "not_found", "There is no such thing."),
    Contended: problem(409, "contended", "Too many writers at once; try again."),
    KeyReused: problem(422, "idempotency_key_reused", "This key was used for another request."),
    Exhausted: problem(429, "quota_exceeded", "This month's API calls are used up."),
}
ANSWERS: tuple[type[Exception], ...] = (  # everything that is an answer and not a fault of the program
    InvalidRequest,
    Malformed,
    Rejected,
    Forbidden,
    Unauthenticated,
    PreconditionFailed,
    TooManyRequests,
    Unavailable,
    *_FIXED,
)


def _later(refused: TooManyRequests | Unavailable) -> Answer:
    headers = {"retry-after": str(refused.retry_after)}
    if isinstance(refused, TooManyRequests):
        return problem(429, "too_many_requests", "Too many requests; try again later.", headers=headers)
    return problem(UNAVAILABLE, "unavailable", "Not just now; try again.", headers=headers)


def _invalid(request: InvalidRequest) -> Answer:
    """422 with what is wrong with each field; the first of it for a person."""
    first, *more = request.errors
    said = f"{first['field']}: {first['detail']}" if first["field"] else first["detail"]
    others = f" {len(more)} more in errors." if more else ""
    return problem(422, "invalid_request", said + others, errors=[dict(each) for each in request.errors])
