"""No route: the mail queue, with what happened to people's accounts and calls for a mail."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from identity.mail.addresses import CONFIRM_EMAIL, EMAIL_CHANGED, INVITE, VERIFY
from identity.mail.passwords import LOCKED, PASSWORD_CHANGED, RESET
from identity.mail.recipient import Account, Letter, read
from identity.sign_in.decider import EmailChange
from troupe.clock import now
from troupe.mail import ses
from troupe.mail.templates import render
from troupe.messaging.batches import consumer
from troupe.observability import outcome
from troupe.store import keys, reads
from troupe.store.envelope import Envelope

type Write = Callable[[Account, Mapping[str, Any]], Letter | None]


def confirm(account: Account, _data: Mapping[str, Any]) -> Letter | None:
    """To whom it may concern: the account is not anybody's yet. Without a password it is an invitation.

    A business confirms its address elsewhere, and gets its mail from there.
    """
    if account.status != "pending" or account.is_supplier:
        return None
    if account.has_password:
        return account.letter(VERIFY, link="verify")
    return account.letter(INVITE, link="invite")


def reset(account: Account, _data: Mapping[str, Any]) -> Letter | None:
    if account.status not in {"pending", "active"}:
        return None
    return account.letter(RESET, link="reset")


def confirm_email(account: Account, data: Mapping[str, Any]) -> Letter | None:
    """To the new address; not to one that somebody has by now, and not for a request that was overtaken."""
    asked = EmailChange(email=data["email"], at=datetime.fromisoformat(data["at"]))
    if account.status != "active" or account.sign_in.email_change != asked:
        return None
    if reads.one(keys.email(asked.email)) is not None:
        return None
    return account.letter(CONFIRM_EMAIL, to=asked.email, link="change_email")


def email_changed(account: Account, data: Mapping[str, Any]) -> Letter | None:
    """To the old address, which may be the only one that the owner still has."""
    return account.letter(EMAIL_CHANGED, to=data["former_email"])


def locked(account: Account, data: Mapping[str, Any]) -> Letter | None:
    until = datetime.fromisoformat(data["until"])
    if account.status != "active" or account.sign_in.locked_until != until:
        return None
    return account.letter(LOCKED, attempts=data["attempts"], until=account.time(until))


def password_changed(account: Account, _data: Mapping[str, Any]) -> Letter | None:
    return account.letter(PASSWORD_CHANGED)


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
    """One mail for one event, however often it comes; none where it would help nobody any more."""
    envelope = Envelope.of(message["detail"])
    if envelope.type not in WRITTEN:
        return
    account = read(envelope, now())
    letter = WRITTEN[envelope.type](account, envelope.data)
    if letter is None:
        outcome("mail_not_needed", tenant_id=envelope.tenant_id, event_id=envelope.id)
        return
    written = render(letter.template, letter.values, tenant_id=envelope.tenant_id, to=letter.to)
    ses.send(written, once=envelope.id)


handler = consumer(write)
