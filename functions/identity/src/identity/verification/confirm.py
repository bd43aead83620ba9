"""What a link in a mail confirms: an address of a new account, an invitation, or another address."""

from dataclasses import dataclass
from functools import cached_property

from identity import slugs
from identity.sign_in.accounts import credential_of, credential_ref, decide_each, hashed, sign_in_of
from identity.user import owners
from identity.user.commands import ChangeEmail, VerifyUser
from identity.user.transactions import refs
from identity.verification import links
from troupe.quota import quota
from troupe.security import addresses, passwords
from troupe.security.credential import Credential, MoveCredential, SetEmail, SetPassword
from troupe.security.tokens import Link
from troupe.store import keys
from troupe.store.aggregates import Stored
from troupe.store.transact import Decision, ReadTarget, Snapshot
from troupe.store.writes import Action


@dataclass(frozen=True)
class Chosen:
    """A password as its owner chose it, and its hash, which is made once, and only if it is needed."""

    password: str

    @cached_property
    def hash(self) -> str:
        return passwords.hash(self.password)


def choose(password: str) -> Chosen:
    """A password that may be chosen; that it is not the address is checked when that is known."""
    passwords.check(password, "")
    return Chosen(password)


def keys_to_read(link: Link) -> tuple[ReadTarget, ...]:
    """The keys of a change of address go along: whether the principal is a person is not known yet."""
    subjects = (
        keys.subject(link.tenant_id, f"{kind}:{link.principal_id}")
        for kind in ("user", "supplier", "operator")
        if link.purpose == "change_email"
    )
    return (
        *refs(link.principal_id),
        sign_in_of(link.principal_id),
        keys.standing(link.tenant_id),
        *subjects,
    )


def confirmed(at: Snapshot, link: Link, chosen: Chosen | None) -> Decision:
    """What the link brings about, or nothing where its effect stands; raises `links.BadLink`."""
    who = credential_of(at, link.principal_id)
    if who is None:
        raise links.BadLink
    if link.purpose == "change_email":
        return _moved(at, link, who)
    if chosen is None or not at.find(refs(who.id)[0]).version or who.state.status == "suspended":
        raise links.BadLink
    links.check(link, who.state)
    return _as_it_is(at, who) if who.state.status == "active" else _activated(at, who, chosen)


def _as_it_is(at: Snapshot, who: Stored[Credential]) -> Decision:
    """The link was used, and its effect stands: a second click is answered as the first one was."""
    user, credential = refs(who.id)
    return Decision(changes=(decide_each(at, user if at.find(user).version else credential),))


def _activated(at: Snapshot, who: Stored[Credential], chosen: Chosen) -> Decision:
    """The address is proved: the account is active, with this password, for a seat of the plan."""
    passwords.check(chosen.password, who.state.email)
    tenant_id, (user, credential) = at.scope.tenant_id, refs(who.id)
    return Decision(
        changes=(
            at.decide(user, VerifyUser()),
            decide_each(at, credential, MoveCredential(status="active"), SetPassword()),
        ),
        actions=(
            *addresses.proved(tenant_id, who.id, who.state.email),
            quota.take(tenant_id, "users"),
            *_slug(at, who.state),
            hashed(tenant_id, who.id, chosen.hash),
        ),
    )


def _slug(at: Snapshot, who: Credential) -> tuple[Action, ...]:
    """With the address of its first owner, a tenant has proved its slug; no other owner is ever pending."""
    tenant_id = at.scope.tenant_id
    standing = at.item(keys.standing(tenant_id))
    return (slugs.prove(standing["slug"], tenant_id),) if standing and owners.OWNER in who.roles else ()


def _moved(at: Snapshot, link: Link, who: Stored[Credential]) -> Decision:
    """The new address is proved and the old one free, both or neither."""
    sign_in = at.find(sign_in_of(who.id)).state
    change = sign_in.email_change if sign_in else None
    if change is None or who.state.status != "active":
        raise links.BadLink
    links.check(link, who.state, change)
    if who.state.email == change.email:
        return _as_it_is(at, who)
    tenant_id, (user, _) = at.scope.tenant_id, refs(who.id)
    credential = at.decide(credential_ref(who.id), SetEmail(email=change.email))
    person = at.find(user).version > 0
    return Decision(
        changes=(*((at.decide(user, ChangeEmail(email=change.email)),) if person else ()), credential),
        actions=(
            *addresses.proved(tenant_id, who.id, change.email),
            *addresses.released(tenant_id, who.id, who.state.email),
        ),
    )
