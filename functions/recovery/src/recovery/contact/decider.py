"""A customer as a recipient of a workspace's mails: how many of late, and whether they opted out.

A mail is noted in the transaction that claims it, so that two sequences never share the last one that the
cap allows; what was not sent after all is taken back.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, assert_never
from uuid import UUID, uuid5

from troupe.domain.decider import Context, Decider, events_of

REMEMBERED = timedelta(days=30)  # what no cap looks back beyond

type Kind = Literal["payment_failed", "card_expiring"]


def id_of(workspace_id: str, stripe_customer_id: str) -> str:
    return str(uuid5(UUID(workspace_id), stripe_customer_id))


# Events: each says whose contact it is, since any of them may be the first.


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMailed:
    """`about` is the mail: it is counted once."""

    workspace_id: str
    stripe_customer_id: str
    about: str
    kind: Kind
    mailed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactMailNotSent:
    """It was not sent after all."""

    workspace_id: str
    stripe_customer_id: str
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedOut:
    workspace_id: str
    stripe_customer_id: str
    opted_out_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactOptedIn:
    workspace_id: str
    stripe_customer_id: str
    opted_in_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactSuppressed:
    """Mail to the address bounced for good, or was complained about; another address may do."""

    workspace_id: str
    stripe_customer_id: str
    address_digest: str
    reason: str
    suppressed_at: datetime


type Event = ContactMailed | ContactMailNotSent | ContactOptedOut | ContactOptedIn | ContactSuppressed

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailed:
    about: str
    kind: Kind
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    workspace_id: str
    stripe_customer_id: str
    mails: tuple[Mailed, ...] = ()  # of the last 30 days, oldest first
    opted_out_at: datetime | None = None
    suppressed_address: str | None = None  # its digest
    suppressed_reason: str | None = None
    state: Literal["contact"] = "contact"

    @property
    def mailed_at(self) -> tuple[datetime, ...]:
        return tuple(each.at for each in self.mails)


def begin(event: Event) -> Contact:
    known = Contact(workspace_id=event.workspace_id, stripe_customer_id=event.stripe_customer_id)
    return evolve(known, event)


def evolve(state: Contact, event: Event) -> Contact:
    match event:
        case ContactMailed(about=about, kind=kind, mailed_at=at):
            recent = [each for each in state.mails if each.at > at - REMEMBERED]
            mails = sorted([*recent, Mailed(about=about, kind=kind, at=at)], key=lambda each: each.at)
            return replace(state, mails=tuple(mails))
        case ContactMailNotSent(about=about):
            return replace(state, mails=tuple(each for each in state.mails if each.about != about))
        case ContactOptedOut(opted_out_at=at):
            return replace(state, opted_out_at=at)
        case ContactOptedIn():
            return replace(state, opted_out_at=None)
        case ContactSuppressed(address_digest=digest, reason=reason):
            return replace(state, suppressed_address=digest, suppressed_reason=reason)
        case _:
            assert_never(event)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactKey:
    workspace_id: str
    stripe_customer_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMail:
    contact_key: ContactKey
    about: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteMailNotSent:
    contact_key: ContactKey
    about: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    contact_key: ContactKey


@dataclass(frozen=True, slots=True, kw_only=True)
class OptIn:
    contact_key: ContactKey


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteSuppression:
    contact_key: ContactKey
    address_digest: str
    reason: str


type Command = NoteMail | NoteMailNotSent | OptOut | OptIn | NoteSuppression


def create(command: Command, context: Context) -> tuple[Event, ...]:
    contact_key = command.contact_key
    unknown = Contact(
        workspace_id=contact_key.workspace_id, stripe_customer_id=contact_key.stripe_customer_id
    )
    return decide(command, unknown, context)


def decide(command: Command, state: Contact, context: Context) -> tuple[Event, ...]:
    event = _event(command, context)
    return () if evolve(state, event) == state or _repeated(command, state) else (event,)


def _repeated(command: Command, known: Contact) -> bool:
    """What stands already, though the instant is another."""
    match command:
        case NoteMail(about=about):
            return any(each.about == about for each in known.mails)
        case OptOut():
            return known.opted_out_at is not None
        case NoteMailNotSent() | OptIn() | NoteSuppression():
            return False
        case _:
            assert_never(command)


def _event(command: Command, context: Context) -> Event:
    workspace_id, customer_id = command.contact_key.workspace_id, command.contact_key.stripe_customer_id
    match command:
        case NoteMail(about=about, kind=kind):
            return ContactMailed(
                workspace_id=workspace_id,
                stripe_customer_id=customer_id,
                about=about,
                kind=kind,
                mailed_at=context.now,
            )
        case NoteMailNotSent(about=about):
            return ContactMailNotSent(workspace_id=workspace_id, stripe_customer_id=customer_id, about=about)
        case OptOut():
            return ContactOptedOut(
                workspace_id=workspace_id, stripe_customer_id=customer_id, opted_out_at=context.now
            )
        case OptIn():
            return ContactOptedIn(
                workspace_id=workspace_id, stripe_customer_id=customer_id, opted_in_at=context.now
            )
        case NoteSuppression(address_digest=digest, reason=reason):
            return ContactSuppressed(
                workspace_id=workspace_id,
                stripe_customer_id=customer_id,
                address_digest=digest,
                reason=reason,
                suppressed_at=context.now,
            )
        case _:
            assert_never(command)


CONTACT = Decider[Contact, Command, Event](
    name="contact",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("contact", Event),
    state=Contact,
)
