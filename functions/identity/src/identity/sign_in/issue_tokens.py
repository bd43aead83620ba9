"""Letting a principal in: who may be, and the session and the pair of tokens that come of it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from pydantic import BaseModel

from identity.sign_in import attempts, source_addresses
from identity.sign_in.accounts import (
    account_keys,
    attempts_of,
    decide_sign_in,
    sign_in_of,
    transact_persistently,
    unchanged_credential,
)
from identity.sign_in.decider import LogIn
from troupe.edge.principal import Forbidden, Unauthenticated
from troupe.edge.request import Request
from troupe.security import roles, sessions
from troupe.security.credential import CREDENTIAL, Credential
from troupe.security.secrets import SigningKeys
from troupe.security.sessions import RefreshToken
from troupe.security.tokens import ACCESS_LASTS, Access, issue_access
from troupe.store import keys, writes
from troupe.store.aggregates import Stored
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class SignedInPrincipal(BaseModel, frozen=True):
    id: str
    kind: str
    tenant_id: str
    permissions: list[str]


class SignedIn(BaseModel, frozen=True):
    """An access token for a quarter of an hour, and a refresh token that is good for one use."""

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int  # seconds
    user: SignedInPrincipal


class SignInFailed(Unauthenticated):
    """The same answer for an unknown address and for a wrong password."""

    def __init__(self) -> None:
        super().__init__("sign_in_failed", "The address and the password do not go together.")


class Issuer(NamedTuple):
    """What tokens are made of: the keys, and the session that they belong to."""

    keyring: SigningKeys
    refresh: RefreshToken

    def issue(
        self, who: Stored[Credential], at: Snapshot, issued_at: datetime | None = None
    ) -> Mapping[str, Any]:
        """A pair of tokens; `issued_at` is now, unless the same pair was issued before."""
        tenant_id, credential, now = at.scope.tenant_id, who.state, issued_at or at.scope.context.now
        own = {role: frozenset(names) for role, names in tenant_status_of(at).get("roles", {}).items()}
        access = Access(
            principal_id=who.id, tenant_id=tenant_id, kind=credential.kind, epoch=credential.epoch
        )
        signed_in = SignedIn(
            access_token=issue_access(access, self.keyring, now),
            refresh_token=self.refresh.text(),
            token_type="Bearer",  # noqa: S106 -- the kind of token (RFC 6750)
            expires_in=int(ACCESS_LASTS.total_seconds()),
            user=SignedInPrincipal(
                id=who.id,
                kind=credential.kind,
                tenant_id=tenant_id,
                permissions=sorted(roles.granted(frozenset(credential.roles), own)),
            ),
        )
        return signed_in.model_dump()


def new_session(request: Request[Any], principal_id: str, keyring: SigningKeys) -> Issuer:
    session_id = request.scope.context.new_id()
    return Issuer(keyring, sessions.fresh(request.tenant_id, principal_id, session_id))


def tenant_status_of(at: Snapshot) -> Mapping[str, Any]:
    """What the tenant publishes of itself; the operators' tenant `@` is always in good standing."""
    tenant_id = at.scope.tenant_id
    published = at.item(keys.standing(tenant_id))
    return published or {"status": "active" if tenant_id == keys.SYSTEM else "unknown"}


def refusal(credential: Credential, standing: Mapping[str, Any]) -> Forbidden | None:
    """Why a principal with the right password gets no session. A suspended tenant's people get one."""
    if credential.status != "active":
        return Forbidden("account_suspended", "The account is suspended.")
    if standing["status"] not in {"trial", "active", "suspended"}:
        return Forbidden("tenant_cancelled", "The tenant is no more.")
    return None


def open_session(request: Request[Any], principal_id: str, seen: Snapshot, issuer: Issuer) -> Answer:
    """Open a session for the principal whose password was checked; `seen` was read for the check."""
    wanted = account_keys(request, principal_id)
    decided = transact_persistently(
        request.scope, wanted, lambda at: _session_opened(request, principal_id, at, seen, issuer), seen
    )
    return Answer(status=200, body=decided.body)


def _session_opened(
    request: Request[Any], principal_id: str, at: Snapshot, seen: Snapshot, issuer: Issuer
) -> Decision:
    """What holds when it is written is what counts, not what held when the hash was compared."""
    tenant_id = request.tenant_id
    who = unchanged_credential(at, seen, principal_id)
    sign_in = at.find(sign_in_of(principal_id)).state
    source, made = source_addresses.pseudonym(at, request.source_address)
    tally = attempts_of(request, principal_id)
    if (sign_in and sign_in.locked_out(source, request.now)) or attempts.locked(at.item(tally), request.now):
        raise attempts.Locked
    if refused := refusal(who.state, tenant_status_of(at)):
        raise refused
    return Decision(
        changes=(decide_sign_in(at, principal_id, LogIn(source_address=source)),),
        actions=(
            *made,
            attempts.forget(tally, request.now),
            sessions.opened(issuer.refresh, who.state.epoch, request.now),
            writes.unchanged(keys.state(tenant_id, CREDENTIAL.name, principal_id), who.version),
        ),
        body=issuer.issue(who, at),
    )
