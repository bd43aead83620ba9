"""Answers of the API: objects, and errors in Stripe's words (https://docs.stripe.com/api/errors)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

OK, BAD, UNAUTHORIZED, DECLINED, FORBIDDEN, MISSING, CONFLICT, LIMITED, BROKEN = (
    200, 400, 401, 402, 403, 404, 409, 429, 500
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """`kept`: an idempotency key keeps it, since the work had begun."""

    status: int
    body: Mapping[str, Any]
    kept: bool = True
    headers: Mapping[str, str] = field(default_factory=dict)


class Fault(Exception):  # noqa: N818 -- it carries an answer
    """The request ends with this answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


def error(status: int, message: str, *, type_: str = "invalid_request_error", **fields: Any) -> Answer:
    details = {name: value for name, value in fields.items() if value is not None}
    began = status in (BAD, DECLINED, MISSING) and details.pop("began", True)
    return Answer(status, {"error": {"message": message, "type": type_, **details}}, kept=bool(began))


def unauthorized(key: str) -> Answer:
    if not key:
        return error(UNAUTHORIZED, "You did not provide an API key.")
    return error(UNAUTHORIZED, f"Invalid API Key provided: {key[:7]}***")


def no_access(account: str) -> Answer:
    said = (
        f"The provided key does not have access to account '{account}' (or that account does not exist). "
        "Application access may have been revoked."
    )
    return error(FORBIDDEN, said, code="account_invalid")


def missing(message: str) -> Answer:
    return error(MISSING, message, code="resource_missing", param="id")


def unknown_url(method: str, path: str) -> Answer:
    return error(MISSING, f"Unrecognized request URL ({method}: {path}).", began=False)


def unknown_parameter(name: str) -> Answer:
    return error(
        BAD, f"Received unknown parameter: {name}", code="parameter_unknown", param=name, began=False
    )


def key_of_other_request() -> Answer:
    said = "Keys for idempotent requests can only be used with the same parameters they were first used with."
    return error(BAD, said, type_="idempotency_error", began=False)


def key_in_use() -> Answer:
    said = "There is currently another in-progress request using this Idempotent Key."
    return error(CONFLICT, said, type_="idempotency_error", code="idempotency_key_in_use")


def rate_limited() -> Answer:
    limited = error(LIMITED, "Request rate limit exceeded.", code="rate_limit")
    return Answer(limited.status, limited.body, kept=False, headers={"Retry-After": "1"})


def lock_timeout() -> Answer:
    """Another request holds the object (https://docs.stripe.com/rate-limits#object-lock-timeouts)."""
    said = "This object cannot be accessed right now because another API request is using it."
    limited = error(LIMITED, said, code="lock_timeout")
    return Answer(limited.status, limited.body, kept=False)


def broken(*, kept: bool = False) -> Answer:
    failed = error(BROKEN, "An unknown error occurred.", type_="api_error")
    return Answer(failed.status, failed.body, kept=kept)


def oauth_error(code: str, description: str, status: int = BAD) -> Answer:
    return Answer(status, {"error": code, "error_description": description}, kept=False)
