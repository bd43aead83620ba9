"""No route: the mail queue, with what happened to people's accounts and calls for a mail."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from identity.mail.addresses import CONFIRM_EMAIL, EMAIL_CHANGED, INVITE, INVITE_TAKEN, VERIFY
from identity.mail.passwords import LOCKED, PASSWORD_CHANGED, RESET
from identity.mail.recipient import Account, Message, read
from troupe.clock import now
from troupe.mail import ses
from troupe.mail.templates import render
from troupe.messaging.batches import consumer
from troupe.observability import outcome
from troupe.store import keys, personal, reads
from troupe.store.envelope import Envelope

type Write = Callable[[Account, Envelope], Message | None]


def confirm(account: Account, _event: Envelope) -> Message | None:
    """The account is not active yet. Where another has proved the address, the mail says so instead.

    A business confirms its address elsewhere, and gets its mail from there.
    """
    if account.who is None or account.status != "pending" or account.is_supplier:
        return None
    if not account.invited:
        return account.message(VERIFY, link="verify")
    if reads.one(keys.email(account.who.state.email)) is not None:
        return account.message(INVITE_TAKEN)
    return account.message(INVITE, link="invite")


def reset(account: Account, event: Envelope) -> Message | None:
    """Who never chose a password chooses the first one by confirming the address."""
    if account.status == "pending":
        return confirm(account, event)
    return account.message(RESET, link="reset") if account.status == "active" else None


def confirm_email(account: Account, event: Envelope) -> Message | None:
    """To the new address, unless another account has it by now or a later request replaced this one."""
    asked, at = account.sign_in.email_change, datetime.fromisoformat(event.data["at"])
    if account.status != "active" or asked is None or asked.at != at:
        return None
    if reads.one(keys.email(asked.email)) is not None:
        return None
    return account.message(CONFIRM_EMAIL, to=asked.email, link="change_email")


def email_changed(account: Account, event: Envelope) -> Message | None:
    """To the old address, which may be the only one that the owner still has."""
    (opened,) = personal.opened([event])
    former: str = opened.data["former_email"]
    return account.message(EMAIL_CHANGED, to=former) if former else None


def locked(account: Account, event: Envelope) -> Message | None:
    until = datetime.fromisoformat(event.data["until"])
    if account.status != "active" or account.sign_in.locked_until != until:
        return None
    return account.message(LOCKED, attempts=event.data["attempts"], until=account.time(until))


def password_changed(account: Account, _event: Envelope) -> Message | None:
    return account.message(PASSWORD_CHANGED)


WRITTEN: Mapping[str, Write] = {
    "user.created": confirm,
    "user.verification_requested": confirm,
    "user.password_reset_requested": reset,
    "user.email_change_requested": confirm_email,
    "user.email_changed": email_changed,
    "user.locked": locked,
    "user.password_changed": password_changed,
}


def write(message: Mapping[str, Any]) -> None:
    """One mail for one event, however often it comes; none where it has no more use."""
    envelope = Envelope.of(message["detail"])
    if envelope.type not in WRITTEN:
        return
    account = read(envelope, now())
    letter = WRITTEN[envelope.type](account, envelope)
    if letter is None:
        outcome("mail_not_needed", tenant_id=envelope.tenant_id, event_id=envelope.id)
        return
    written = render(letter.template, letter.values, tenant_id=envelope.tenant_id, to=letter.to)
    ses.send(written, once=envelope.id)


handler = consumer(write)
