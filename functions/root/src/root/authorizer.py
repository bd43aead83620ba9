"""The authorizer of every API: who asks, what they may do, and how their tenant stands.

A refusal is passed on as its reason (`refused`), not as a 403: the function behind answers with a problem.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from root import service_principals
from root.service_principals import KeyRefused
from troupe.aws import deadline, outage
from troupe.clock import now
from troupe.edge.principal import OUT_OF_REACH, THROTTLED, Reason
from troupe.observability import logger
from troupe.quota import api_calls, rates
from troupe.security import api_keys
from troupe.security.credential import CREDENTIAL, Credential
from troupe.security.roles import granted
from troupe.security.secrets import signing_keys
from troupe.security.tokens import Access, InvalidToken, read_access
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, stored
from troupe.store.table import Unavailable

OPERATING: Mapping[str, Any] = {"status": "active", "zone": "UTC"}  # what belongs to no tenant

type Why = Reason | Literal["api_calls_used_up", "throttled"]
type Passed = dict[str, str | int | list[str]]


class Refused(Exception):  # noqa: N818 -- an answer, not a fault
    """There is no principal; the code says why, and `until` (epoch) how long it is so."""

    def __init__(self, code: Why, until: int = 0) -> None:
        super().__init__(code)
        self.code = code
        self.passed: Passed = {"refused": code, "until": until} if until else {"refused": code}


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    at = now()
    try:
        with deadline.within(context):
            passed = _passed(_token(event), at)
    except (Refused, KeyRefused) as refused:
        logger.info("refused", extra={"code": refused.code})
        passed = refused.passed
    except Exception as failed:
        if not (isinstance(failed, Unavailable) or outage.passes(failed)):
            raise
        logger.warning("out_of_reach", exc_info=failed)
        passed = {"refused": OUT_OF_REACH}
    return {"isAuthorized": True, "context": passed}


def _token(event: Mapping[str, Any]) -> str:
    headers: Mapping[str, str] = event.get("headers", {})
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise Refused("token_invalid")
    return token.strip()


def _passed(token: str, at: datetime) -> Passed:
    """What is passed on of a person's token, or of a program's key, which its prefix tells."""
    if token.startswith(api_keys.MARK):
        return service_principals.passed(token, at, _standing)
    return _principal(_access(token, at), at)


def _access(token: str, at: datetime) -> Access:
    try:
        return read_access(token, signing_keys(), at)
    except InvalidToken as invalid:
        raise Refused("token_expired" if invalid.reason == "expired" else "token_invalid") from invalid


def _principal(access: Access, at: datetime) -> Passed:
    ref = Ref(decider=CREDENTIAL, id=access.principal_id)
    key, standing_key = ref.key(access.tenant_id), keys.standing(access.tenant_id)
    operates = access.tenant_id == keys.SYSTEM
    found = reads.batch([key] if operates else [key, standing_key])
    credential = _credential(stored(ref, found.get(key)).state, access)
    standing = OPERATING if operates else _standing(found.get(standing_key), at)
    own = {role: frozenset[str](names) for role, names in standing.get("roles", {}).items()}
    return {
        "principal_id": access.principal_id,
        "kind": credential.kind,
        "tenant_id": access.tenant_id,
        "permissions": sorted(granted(frozenset(credential.roles), own)),
        "standing": standing["status"],
        "zone": standing["zone"],
    }


def _credential(state: Any, access: Access) -> Credential:
    """The credential behind a token, if it is good for one and the session has not ended."""
    if not isinstance(state, Credential) or state.kind != access.kind:
        raise Refused("principal_unknown")
    if state.status == "suspended":
        raise Refused("principal_suspended")
    if state.status != "active":
        raise Refused("principal_unknown")
    if access.epoch < state.epoch:
        raise Refused("session_ended")
    return state


def _standing(standing: Mapping[str, Any] | None, at: datetime) -> Mapping[str, Any]:
    """How the tenant stands. One that is suspended may read, which is for the operation to say."""
    if standing is None:
        raise Refused("principal_unknown")
    if standing["status"] == "cancelled":
        raise Refused("tenant_cancelled")
    if until := rates.throttled_until(standing, at):
        raise Refused(THROTTLED, until)
    if api_calls.used_up(standing, at):
        raise Refused(api_calls.USED_UP)
    return standing
