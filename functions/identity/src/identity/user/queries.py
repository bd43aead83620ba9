"""What may be asked about people's accounts: one's own, and for who may inspect them, others'."""

from typing import Any, Literal, Self

from pydantic import model_validator

from identity.query_routes import ROUTES
from identity.sign_in import attempts
from identity.sign_in.accounts import credential_of, credential_ref
from identity.sign_in.decider import SIGN_IN, SignIn
from identity.user.card_key import key_of
from identity.user.decider import USER, User
from identity.user.events import Kind
from identity.user.responses import Account, Me, PersonRow, Security, stats
from identity.user.search import USER_WORDS
from troupe.edge import fields
from troupe.edge.endpoint import NoBody
from troupe.edge.pages import List
from troupe.edge.queries import Paging, found, listed, page_of
from troupe.edge.request import Request
from troupe.projection.search import Search, found_by
from troupe.store import keys, reads
from troupe.store.aggregates import Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Snapshot, Unknown


class Users(Paging, frozen=True):
    """People of one status, of one kind, or found by words."""

    status: Literal["pending", "active", "suspended"] | None = None
    kind: Kind | None = None
    q: Search | None = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if [self.status, self.kind, self.q].count(None) != 2:  # noqa: PLR2004 -- two of the three
            raise fields.Together("name a status, a kind or words, one of them", "status", "kind", "q")
        return self


@ROUTES.get("/me", permission=None, reply=Me)
def me(request: Request[NoBody]) -> Answer:
    caller, tenant_id = request.caller, request.tenant_id
    user, card = Ref(decider=USER, id=caller.id), key_of(tenant_id, caller.id)
    credential = credential_ref(caller.id).key(tenant_id)
    at = _read(request, caller.id, user.key(tenant_id), credential, card)
    account = credential_of(at, caller.id)
    if account is None:
        raise Unknown(caller.id)
    signs_in = account.state
    known: dict[str, Any] = {
        "id": caller.id,
        "principal": signs_in.kind,
        "tenant_id": caller.tenant_id,
        "permissions": tuple(sorted(caller.permissions)),
        "security": _security(at, caller.id),
    }
    if signs_in.kind != "user":
        shown: dict[str, Any] = {"status": signs_in.status, "email": signs_in.email, "roles": signs_in.roles}
        return found(Me(**known, **shown, created_at=signs_in.opened_at))
    stored = at.of(user)
    numbers = stats(at.item(card) or {}, private=True)
    return found(Me(**known, **_account(stored), stats=numbers), stored.version)


@ROUTES.get("/users/{user_id}", permission="user:inspect", reply=Account)
def user(request: Request[NoBody]) -> Answer:
    ref = Ref(decider=USER, id=request.id("user_id"))
    at = _read(request, ref.id, ref.key(request.tenant_id))
    stored = at.of(ref)
    more: dict[str, Any] = {"id": ref.id, "suspended_reason": stored.state.suspended_reason}
    return found(Account(**more, **_account(stored), security=_security(at, ref.id)), stored.version)


@ROUTES.get("/users", permission="user:inspect", reply=page_of(PersonRow), parameters=Users)
def users(request: Request[NoBody]) -> Answer:
    tenant_id, asked = request.tenant_id, request.parameters
    if asked.q:
        return listed(found_by(tenant_id, USER_WORDS.name, asked.q), request, _row)
    if asked.status:
        by_status = keys.listing(tenant_id, f"USERS#{asked.status}")
        return listed(List(tenant_id=tenant_id, pk=by_status, index="GSI1"), request, _row)
    by_kind = keys.listing(tenant_id, f"KIND#{asked.kind}")
    return listed(List(tenant_id=tenant_id, pk=by_kind, index="GSI2"), request, _row)


def _row(item: Any) -> dict[str, Any]:
    return PersonRow(**item["summary"]).model_dump(mode="json")


def _read(request: Request[Any], principal_id: str, *more: Key) -> Snapshot:
    """A principal's sign-in details, and `more`."""
    sign_in = keys.state(request.tenant_id, SIGN_IN.name, principal_id)
    tally = attempts.account(request.tenant_id, principal_id)
    return Snapshot(scope=request.scope, items=reads.batch([sign_in, tally, *more]))


def _account(stored: Stored[User]) -> dict[str, Any]:
    user = stored.state
    return {
        "status": user.status,
        "kind": user.kind,
        "email": user.email,
        "profile": user.profile,
        "email_preferences": user.email_preferences,
        "roles": user.roles,
        "limits": user.permissions,
        "organizations": user.organizations,
        "created_at": user.created_at,
    }


def _security(at: Snapshot, principal_id: str) -> Security:
    """`failed_attempts` are from all addresses; the lock may be for one of them alone."""
    sign_in = at.find(Ref(decider=SIGN_IN, id=principal_id)).state or SignIn()
    now, total = at.scope.context.now, at.item(attempts.account(at.scope.tenant_id, principal_id))
    return Security(
        last_login_at=sign_in.last_login_at,
        last_login_address=sign_in.last_login_address,
        failed_attempts=attempts.failures(total, now),
        locked_until=sign_in.locked_until if sign_in.locked(now) else None,
    )
