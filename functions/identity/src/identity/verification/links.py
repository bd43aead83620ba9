"""Links in mails: what each is good for, for how long, and what it is bound to, so that it works once."""

import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

from pydantic import Field

from identity.sign_in.decider import EmailChange
from troupe.domain.decider import Invalid
from troupe.domain.instants import rfc3339
from troupe.security.credential import PROVE_WITHIN, Credential
from troupe.security.secrets import SigningKeys
from troupe.security.tokens import InvalidToken, Link, LinkPurpose, issue_link_token, read_link_token
from troupe.store.aggregates import Stored

Token = Annotated[str, Field(max_length=4096, repr=False)]

LASTS: Mapping[LinkPurpose, timedelta] = {
    "verify": PROVE_WITHIN,
    "invite": PROVE_WITHIN,
    "reset": timedelta(hours=1),
    "change_email": timedelta(days=1),
}
PROVING: frozenset[LinkPurpose] = frozenset({"verify", "invite"})  # an address that is new to us
_PAGES: Mapping[LinkPurpose, str] = {
    "verify": "verify",
    "invite": "invitation",
    "reset": "reset-password",
    "change_email": "confirm-email",
}


class BadLink(Invalid):
    """Forged, expired, or overtaken by what happened since: which, is not told."""

    def __init__(self) -> None:
        super().__init__(
            "link_invalid", "The link is not valid, or not any more. Ask for a new one.", "token"
        )


def bound(
    purpose: LinkPurpose,
    tenant_id: str,
    who: Stored[Credential],
    now: datetime,
    change: EmailChange | None = None,
) -> Link:
    """A link for a principal as it is now."""
    return Link(
        purpose=purpose,
        tenant_id=tenant_id,
        principal_id=who.id,
        binding=_binding(purpose, who.state, change),
        expires_at=_ends_at(purpose, who.state, now),
    )


def _ends_at(purpose: LinkPurpose, who: Credential, now: datetime) -> datetime:
    """No link outlives a principal who has yet to prove the address, however often it is asked for."""
    ends_at = now + LASTS[purpose]
    return min(ends_at, who.opened_at + PROVE_WITHIN) if purpose in PROVING else ends_at


def url(link: Link, keyring: SigningKeys) -> str:
    """The address of a page. The token is its fragment, which no server, log or referrer gets to see."""
    base = os.environ["PUBLIC_URL"].rstrip("/")
    return f"{base}/{_PAGES[link.purpose]}#token={issue_link_token(link, keyring)}"


def read(token: str, purposes: tuple[LinkPurpose, ...], keyring: SigningKeys, now: datetime) -> Link:
    """The link that was made for one of these purposes and has not expired; raises `BadLink`."""
    for purpose in purposes:
        try:
            return read_link_token(token, purpose, keyring, now)
        except InvalidToken:
            continue
    raise BadLink


def check(link: Link, who: Credential, change: EmailChange | None = None) -> None:
    """Refuse a link that was used, or that something else has overtaken; raises `BadLink`."""
    if not compare_digest(link.binding, _binding(link.purpose, who, change)):
        raise BadLink


def _binding(purpose: LinkPurpose, who: Credential, change: EmailChange | None) -> str:
    """What must not have changed since.

    A link that proves an address fits as long as the account has it, so that a second click is no fault; a
    reset is void with the next password, and another address with the next one that is asked for.
    """
    if change is not None:
        parts = [purpose, str(who.password_version), change.email, rfc3339(change.at)]
    elif purpose in PROVING:
        parts = [purpose, who.email]
    else:
        parts = [purpose, who.email, str(who.password_version)]
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
