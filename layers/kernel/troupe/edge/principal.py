"""Who asks: what the authorizer found of the token, the person behind it and the tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any, Final, Literal

from troupe.clock import now
from troupe.quota.too_many_requests import TooManyRequests
from troupe.store.keys import SYSTEM
from troupe.store.table import Unavailable

THROTTLED: Final = (
    "throttled"  # what it passes on, with `until`, after too many calls of the tenant in a minute
)
OUT_OF_REACH = "out_of_reach"  # what the authorizer passes on when it cannot read just now

type Kind = Literal["user", "supplier", "operator", "service", "system"]
type Reason = Literal[
    "api_key_expired",
    "api_key_invalid",
    "no_principal",
    "principal_suspended",
    "principal_unknown",
    "session_ended",
    "tenant_cancelled",
    "tenant_suspended",
    "token_expired",
    "token_invalid",
]
REASONS: Mapping[str, str] = {  # why there is no principal, and what to do about it
    "api_key_expired": "The API key has expired. Make another.",
    "api_key_invalid": "The API key is not valid, or was revoked. Use another.",
    "no_principal": "Sign in.",
    "principal_suspended": "Your account is suspended. Ask an administrator of your organization.",
    "principal_unknown": "There is no such account any more. Sign in with another one.",
    "session_ended": "The session has ended. Sign in again.",
    "tenant_cancelled": "Your organization has cancelled its contract.",
    "tenant_suspended": "Your organization is suspended: its API keys do not work.",
    "token_expired": "The token has expired. Refresh it.",
    "token_invalid": "The token is not valid. Sign in again.",
}


class Unauthenticated(Exception):  # noqa: N818 -- an answer, not a fault
    """There is no principal; `reason` says why, in a word that is safe to tell."""

    def __init__(self, reason: str, detail: str | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail or REASONS.get(reason, "Sign in.")

    @property
    def challenge(self) -> str:
        """The value of `WWW-Authenticate` (RFC 6750, 3): whether a token was there and is no good."""
        return 'Bearer error="invalid_token"' if self.reason.startswith(("token_", "api_key_")) else "Bearer"


class Exhausted(Exception):  # noqa: N818 -- an answer, not a fault
    """The tenant has used up its API calls of this month."""


class Forbidden(Exception):  # noqa: N818 -- an answer, not a fault
    """The principal may not do this; `code` says what is lacking."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    id: str
    kind: Kind
    tenant_id: str
    permissions: frozenset[str]
    standing: str  # the tenant's status; only trial and active tenants write
    zone: str = "UTC"

    @property
    def is_operator(self) -> bool:
        return self.kind == "operator" and self.tenant_id == SYSTEM


def principal_of(event: Mapping[str, Any]) -> Principal:
    """The principal that the authorizer passed on. Fails closed: without one there is no command."""
    authorizer: Mapping[str, Any] = event["requestContext"].get("authorizer") or {}
    passed: Mapping[str, Any] = authorizer.get("lambda") or {}
    refused = passed.get("refused")
    if refused == "api_calls_used_up":
        raise Exhausted
    if refused == THROTTLED:
        raise TooManyRequests(max(1, ceil(passed["until"] - now().timestamp())))
    if refused == OUT_OF_REACH:
        raise Unavailable("the authorizer could not read")
    if refused:
        raise Unauthenticated(str(refused))
    if not passed.get("principal_id"):
        raise Unauthenticated("no_principal")
    return Principal(
        id=passed["principal_id"],
        kind=passed["kind"],
        tenant_id=passed["tenant_id"],
        permissions=frozenset(passed["permissions"]),
        standing=passed["standing"],
        zone=passed.get("zone", "UTC"),
    )
