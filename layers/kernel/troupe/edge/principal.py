"""Who asks: what the authorizer found of the token, the person behind it and the tenant."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from troupe.store.keys import SYSTEM
from troupe.store.table import Unavailable

OUT_OF_REACH = "out_of_reach"  # what the authorizer passes on when it cannot read just now

type Kind = Literal["user", "supplier", "operator", "service", "system"]


class Unauthenticated(Exception):  # noqa: N818 -- an answer, not a fault
    """There is no principal; `reason` says why, in a word that is safe to tell."""

    def __init__(self, reason: str, detail: str = "Sign in, or refresh the token.") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


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
