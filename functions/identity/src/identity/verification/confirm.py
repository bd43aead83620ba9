"""What a link in a mail confirms: an address, an invitation, or a new address."""

from typing import NamedTuple

from identity.sign_in.accounts import credential_of, credential_ref, hashed, in_turn, sign_in_of
from identity.sign_up.sign_up import AddressTaken
from identity.user.commands import ChangeEmail, VerifyUser
from identity.user.transactions import refs
from identity.verification import links
from troupe.security import passwords
from troupe.security.credential import Credential, MoveCredential, SetEmail, SetPassword
from troupe.security.tokens import Link
from troupe.store import keys, writes
from troupe.store.aggregates import Stored
from troupe.store.transact import Decision, Snapshot, Wanted


class Chosen(NamedTuple):
    """A password as its owner chose it, and its hash, which is made once."""

    password: str
    hash: str


def choose(password: str) -> Chosen:
    """Hash a password that may be chosen; that it is not the address is checked when that is known."""
    passwords.check(password, "")
    return Chosen(password, passwords.hash(password))


def wanted(link: Link) -> tuple[Wanted, ...]:
    return (*refs(link.principal_id), sign_in_of(link.principal_id))


def confirmed(at: Snapshot, link: Link, chosen: Chosen | None) -> Decision:
    """What the link brings about, if it still fits; raises `links.BadLink`."""
    who = credential_of(at, link.principal_id)
    if who is None:
        raise links.BadLink
    if link.purpose == "change_email":
        return _moved(at, link, who)
    user, _ = refs(who.id)
    if who.state.status != "pending" or not at.find(user).version:
        raise links.BadLink
    links.check(link, who.state)
    return _activated(at, who, chosen)


def _activated(at: Snapshot, who: Stored[Credential], chosen: Chosen | None) -> Decision:
    """The user and the credential are active; one who was invited has a password from now on."""
    commands: tuple[MoveCredential | SetPassword, ...] = (MoveCredential(status="active"),)
    actions: tuple[writes.Action, ...] = ()
    if chosen is not None:
        passwords.check(chosen.password, who.state.email)
        commands = (*commands, SetPassword())
        actions = (hashed(at.scope.tenant_id, who.id, chosen.hash),)
    user, credential = refs(who.id)
    return Decision(
        changes=(at.decide(user, VerifyUser()), in_turn(at, credential, *commands)), actions=actions
    )


def _moved(at: Snapshot, link: Link, who: Stored[Credential]) -> Decision:
    """The new address is claimed and the old one free, both or neither."""
    sign_in = at.find(sign_in_of(who.id)).state
    change = sign_in.email_change if sign_in else None
    if change is None or who.state.status != "active":
        raise links.BadLink
    links.check(link, who.state, change)
    owner = {"tenant_id": at.scope.tenant_id, "principal_id": who.id}
    user, _ = refs(who.id)
    credential = at.decide(credential_ref(who.id), SetEmail(email=change.email))
    person = at.find(user).version > 0
    return Decision(
        changes=(*((at.decide(user, ChangeEmail(email=change.email)),) if person else ()), credential),
        actions=(
            writes.claim(keys.email(change.email), owner, AddressTaken()),
            writes.release(keys.email(who.state.email), **owner),
        ),
    )
