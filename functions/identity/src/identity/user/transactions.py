"""A user and the credential that goes with it: what happens to the one happens to the other, at once."""

from typing import Any

from identity.user import owners, role_counts
from identity.user.commands import Command, CreateUser
from identity.user.decider import USER, User
from identity.user.events import Event, Status
from troupe.edge.request import Request
from troupe.quota import quota
from troupe.security import addresses
from troupe.security import credential as credentials
from troupe.security.credential import CREDENTIAL, MoveCredential, SetRoles
from troupe.store import aggregates, keys
from troupe.store.aggregates import Change, Ref, Stored
from troupe.store.keys import Key
from troupe.store.scope import Answer
from troupe.store.transact import Decision, ReadTarget, Snapshot, Unknown
from troupe.store.writes import Action

_SIGNS_IN: dict[Status, credentials.Status] = {
    "pending": "pending",
    "active": "active",
    "suspended": "suspended",
    "deleted": "closed",
}


def refs(user_id: str) -> tuple[Ref[User, CreateUser | Command, Event], Ref[Any, Any, Any]]:
    return Ref(decider=USER, id=user_id), Ref(decider=CREDENTIAL, id=user_id)


def credential(_tenant_id: str, user_id: str) -> tuple[ReadTarget, ...]:
    """What a change of the user moves along with it."""
    return (Ref(decider=CREDENTIAL, id=user_id),)


def subject(tenant_id: str, user_id: str) -> Key:
    """The key of the person's data, for a command that writes of it."""
    return keys.subject(tenant_id, f"user:{user_id}")


def subject_alone(tenant_id: str, user_id: str) -> tuple[ReadTarget, ...]:
    return (subject(tenant_id, user_id),)


def credential_and_subject(tenant_id: str, user_id: str) -> tuple[ReadTarget, ...]:
    return (*credential(tenant_id, user_id), subject(tenant_id, user_id))


def suspend(request: Request[Any], command: Command) -> Answer:
    """Only an owner suspends an owner (`owner_protected`)."""
    user, credential_of = refs(request.id("user_id"))

    def decide(at: Snapshot) -> Decision:
        owners.protect(request.caller, at.of(user).state)
        return with_credential(at, at.decide(user, command))

    wanted = (user, credential_of, subject(request.tenant_id, user.id))
    return request.transact(wanted, decide)


def person(found: Stored[User | None]) -> User:
    """The user that was read, or `Unknown`."""
    if found.state is None:
        raise Unknown(found.id)
    return found.state


def with_credential(at: Snapshot, change: Change[User, Any, Event], *more: Action) -> Decision:
    """The change of a user with all that follows from it, and `more` if anything changes at all.

    The credential takes the user's status and roles (a suspension or deletion ends every session), and the
    counts of owners and of roles' holders move.
    """
    if not change.events:
        return Decision(changes=(change,))
    tenant_id = at.scope.tenant_id
    counts = (*owners.count_change(tenant_id, change), *role_counts.count_changes(tenant_id, change))
    return Decision(changes=(change, credential_in_step(at, change)), actions=(*counts, *more))


def gone(at: Snapshot, change: Change[User, Any, Event], *, release: bool = True) -> Decision:
    """A user who goes: an active one leaves a seat and keeps the address, a pending one gives the address up.

    Without `release` the address is left alone: it belongs to another account by now.
    """
    was = person(change.before)
    if was.status != "pending":
        return with_credential(at, change, quota.give_back(at.scope.tenant_id, "users"))
    return with_credential(at, change, *(reservation(at, change.ref.id) if release else ()))


def reservation(at: Snapshot, user_id: str) -> tuple[Action, ...]:
    """What a pending user's address gives up (`addresses.AddressMoved`)."""
    who = at.of(refs(user_id)[1]).state
    return addresses.given_up(at.scope.tenant_id, user_id, who, at.scope.context.now)


def credential_in_step(at: Snapshot, change: Change[User, Any, Event]) -> Change[Any, Any, Any]:
    """The credential, brought to the status and the roles of its user."""
    user = person(change.after)
    ref = Ref(decider=CREDENTIAL, id=change.ref.id)
    before = at.of(ref)
    context = at.scope.context
    moved = CREDENTIAL.answer(MoveCredential(status=_SIGNS_IN[user.status]), before.state, context)
    state = CREDENTIAL.fold(moved, before.state)
    roles = CREDENTIAL.answer(SetRoles(roles=user.roles), state, context)
    return aggregates.change(ref, before, (*moved, *roles))
