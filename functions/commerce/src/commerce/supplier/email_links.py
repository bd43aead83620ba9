"""The link that confirms a supplier's e-mail address: good for a week at most."""

import os
from datetime import datetime
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated

from pydantic import Field

from troupe.domain.decider import Invalid
from troupe.security.credential import PROVE_WITHIN, Credential
from troupe.security.secrets import SigningKeys
from troupe.security.tokens import InvalidToken, Link, issue_link_token, read_link_token

Token = Annotated[str, Field(max_length=4096, repr=False)]
_PAGE = "verify-supplier"


class BadLink(Invalid):
    """Forged, expired, or overtaken by what happened since: which, is not told."""

    def __init__(self) -> None:
        super().__init__(
            "link_invalid", "The link is not valid, or not any more. Ask for a new one.", "token"
        )


def url(tenant_id: str, supplier_id: str, who: Credential, keyring: SigningKeys) -> str:
    """The address of a page. The token is its fragment, which no server, log or referrer gets to see."""
    link = Link(
        purpose="verify",
        tenant_id=tenant_id,
        principal_id=supplier_id,
        binding=_binding(who),
        expires_at=who.opened_at + PROVE_WITHIN,
    )
    return f"{os.environ['PUBLIC_URL'].rstrip('/')}/{_PAGE}#token={issue_link_token(link, keyring)}"


def read(token: str, keyring: SigningKeys, now: datetime) -> Link:
    """The link that was made for this and has not expired; raises `BadLink`."""
    try:
        return read_link_token(token, "verify", keyring, now)
    except InvalidToken:
        raise BadLink from None


def check(link: Link, who: Credential) -> None:
    """Refuse a link to another address than the account has; raises `BadLink`."""
    if who.kind != "supplier" or not compare_digest(link.binding, _binding(who)):
        raise BadLink


def _binding(who: Credential) -> str:
    """What must not have changed since: the address. So a second click is no fault."""
    parts = ("verify-supplier", who.email)
    return sha256("\n".join(parts).encode()).hexdigest()[:32]
