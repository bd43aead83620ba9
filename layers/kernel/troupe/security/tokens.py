"""Tokens: a JWT for each access, and a signed one for each link in a mail. Neither is stored."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from troupe.security.secrets import SigningKeys
from troupe.security.signing import Unsigned, sign, unsign

ISSUER, AUDIENCE = "troupe", "troupe-api"
ACCESS_LASTS = timedelta(minutes=15)

_LINK = "link"

type LinkPurpose = Literal["verify", "reset", "change_email", "invite"]


class InvalidToken(Exception):  # noqa: N818 -- an answer, not a fault
    """A token that is malformed, forged, expired, or for another purpose; `reason` is for the log alone."""

    def __init__(self, reason: Literal["forged", "expired", "wrong_purpose"]) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What an access token says: who (`sub`), of which tenant (`tid`), what kind, which epoch of sessions."""

    principal_id: str
    tenant_id: str
    kind: str
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """What a link in a mail carries. `binding` ties it to a state, so that it fits no more once used."""

    purpose: LinkPurpose
    tenant_id: str
    principal_id: str
    binding: str
    expires_at: datetime  # whole seconds


def issue_access(access: Access, keys: SigningKeys, now: datetime) -> str:
    """A JWT (RFC 7519; HS256 with the current key's `kid`) that is good for fifteen minutes."""
    import jwt  # noqa: PLC0415 -- saves 37 ms where no token is made or read

    kid, key = keys.signing()
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "iat": int(now.timestamp()),
        "exp": int((now + ACCESS_LASTS).timestamp()),
        "sub": access.principal_id,
        "tid": access.tenant_id,
        "kind": access.kind,
        "epoch": access.epoch,
    }
    return jwt.encode(claims, key, algorithm="HS256", headers={"kid": kid})


def read_access(token: str, keys: SigningKeys, now: datetime) -> Access:
    """What a token says that we issued and that has not expired; raises `InvalidToken`."""
    claims = _claims(token, keys)
    try:
        expires = int(claims["exp"])
        access = Access(
            principal_id=str(claims["sub"]),
            tenant_id=str(claims["tid"]),
            kind=str(claims["kind"]),
            epoch=int(claims["epoch"]),
        )
    except (KeyError, TypeError, ValueError):
        raise InvalidToken("forged") from None
    if now.timestamp() >= expires:
        raise InvalidToken("expired")
    return access


def _claims(token: str, keys: SigningKeys) -> dict[str, Any]:
    import jwt  # noqa: PLC0415 -- saves 37 ms where no token is made or read

    try:
        key = keys.key(jwt.get_unverified_header(token)["kid"])
        if key is None:
            raise InvalidToken("forged")
        return jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            audience=AUDIENCE,
            issuer=ISSUER,
            options={"verify_exp": False, "verify_iat": False},  # by the caller's clock
        )
    except (jwt.PyJWTError, KeyError, ValueError):
        raise InvalidToken("forged") from None


def issue_link_token(link: Link, keys: SigningKeys) -> str:
    """About 250 characters that stand in a URL as they are."""
    payload = {
        "p": link.purpose,
        "t": link.tenant_id,
        "s": link.principal_id,
        "b": link.binding,
        "e": int(link.expires_at.timestamp()),
    }
    return sign(payload, purpose=_LINK, keys=keys)


def read_link_token(token: str, purpose: LinkPurpose, keys: SigningKeys, now: datetime) -> Link:
    """What a link carries that was issued for this purpose and has not expired; raises `InvalidToken`.

    Whether `binding` still fits is for the caller to compare.
    """
    try:
        payload = unsign(token, purpose=_LINK, keys=keys)
    except Unsigned:
        raise InvalidToken("forged") from None
    if payload["p"] != purpose:
        raise InvalidToken("wrong_purpose")
    if now.timestamp() >= payload["e"]:
        raise InvalidToken("expired")
    return Link(
        purpose=purpose,
        tenant_id=payload["t"],
        principal_id=payload["s"],
        binding=payload["b"],
        expires_at=datetime.fromtimestamp(payload["e"], UTC),
    )
