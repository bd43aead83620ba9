"""The erasure of a person: the key of their data is destroyed, and what stands in plain is blanked."""

from dataclasses import replace
from datetime import date
from typing import Any, cast

from pydantic import BaseModel

from identity.sign_in.accounts import decide_sign_in, hash_of, profile_of, sign_in_of
from identity.sign_in.decider import EraseSignIn
from identity.user import owners, transactions
from identity.user.commands import EraseUser
from troupe.edge.endpoint import Version
from troupe.edge.request import Request
from troupe.mail import suppressions
from troupe.quota import quota
from troupe.security.addresses import AddressMoved
from troupe.security.credential import CREDENTIAL, Credential, EraseCredential
from troupe.store import aggregates, keys, personal, writes
from troupe.store.aggregates import Change, Stored
from troupe.store.transact import Decision, ReadTarget, Snapshot
from troupe.store.writes import Action

YEARS_KEPT = 10  # of what taxes rest on: section 147 of the German fiscal code, the longest of the EU


class Kept(BaseModel, frozen=True):
    """What is not erased, why, and until when."""

    what: str
    reason: str
    until: date


class Erased(Version, frozen=True):
    kept: tuple[Kept, ...]


def kept(on: date) -> tuple[Kept, ...]:
    """What the law has us keep of a person, with the identifier in place of the name."""
    until = date(on.year + YEARS_KEPT, 12, 31)
    return (
        Kept(
            what="Orders, refunds and payouts: goods, amounts, dates and identifiers",
            reason="Records of sales are kept for tax audits.",
            until=until,
        ),
        Kept(
            what="The record of this erasure: the identifier, the date and who carried it out",
            reason="It shows that the request was met (GDPR, article 5, 2), and repeats it after a restore.",
            until=until,
        ),
    )


def wanted(tenant_id: str, user_id: str) -> tuple[ReadTarget, ...]:
    return (
        *transactions.refs(user_id),
        sign_in_of(user_id),
        transactions.subject(tenant_id, user_id),
    )


def requested(request: Request[Any], at: Snapshot, user_id: str, *, release: bool = True) -> Decision:
    """Only an owner erases an owner (`owner_protected`)."""
    user, _ = transactions.refs(user_id)
    owners.protect(request.caller, at.of(user, deleted=True).state)
    return erase(at, user_id, release=release)


def erase(at: Snapshot, user_id: str, *, release: bool) -> Decision:
    """All that identity has of the person, in one transaction; the last owner stays (`last_owner`).

    Without `release` the guard of the address is left alone: it belongs to another account by now.
    """
    user, _ = transactions.refs(user_id)
    before = at.of(user, deleted=True)
    change = at.decide(user, EraseUser(), deleted=True)
    shown = {"kept": [each.model_dump(mode="json") for each in kept(at.scope.context.now.date())]}
    seated = not before.deleted and before.state.status != "pending"
    seat = (quota.give_back(at.scope.tenant_id, "users"),) if seated else ()
    moved = transactions.with_credential(at, change, *seat)
    if not change.events:
        return replace(moved, body=shown)
    _, credential = moved.changes
    return Decision(
        changes=(change, _closed(at, credential), *_signed_in(at, user_id)),
        actions=(*moved.actions, *_beside(at, user_id, credential.before, release=release)),
        body=shown,
    )


def _closed(at: Snapshot, moved: Change[Any, Any, Any]) -> Change[Any, Any, Any]:
    """The credential, closed with the person, and without its address."""
    events = CREDENTIAL.answer(EraseCredential(), moved.after.state, at.scope.context)
    return aggregates.change(moved.ref, moved.before, (*moved.events, *events))


def _signed_in(at: Snapshot, user_id: str) -> tuple[Change[Any, Any, Any], ...]:
    known = at.find(sign_in_of(user_id)).version
    return (decide_sign_in(at, user_id, EraseSignIn()),) if known else ()


def _beside(at: Snapshot, user_id: str, credential: Stored[Any], *, release: bool) -> tuple[Action, ...]:
    """The guard of the address, the password, and what is known of mails; and the key."""
    tenant_id, email = at.scope.tenant_id, cast("Credential", credential.state).email
    guard = writes.vacate(keys.email(email), tenant_id=tenant_id, principal_id=user_id)
    return (
        *((replace(guard, refused=AddressMoved()),) if release else ()),
        writes.forget(hash_of(tenant_id, user_id)),
        writes.forget(profile_of(tenant_id, user_id)),
        writes.forget(keys.suppressed(tenant_id, suppressions.digest(email))),
        *personal.erased(at.scope.context, f"user:{user_id}"),
    )
