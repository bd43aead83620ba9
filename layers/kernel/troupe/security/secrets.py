"""Secrets Manager's JSON secrets, held for five minutes; one has the keys that sign tokens and cursors."""

import json
import os
import re
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from troupe.aws import sdk
from troupe.store.table import Unavailable

if TYPE_CHECKING:
    from mypy_boto3_secretsmanager import SecretsManagerClient

HELD_SECONDS = 300
RENEWED_SECONDS = (
    10  # however often an unknown key is asked for, the secret is read again no sooner than this
)
CACHED = 16
SHORTEST_KEY = 32  # bytes (RFC 7518, 3.2: at least as long as the hash)

_KID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_CONFIG = sdk.CONFIG.merge(Config(read_timeout=3))

_held: OrderedDict[str, tuple[float, Mapping[str, Any]]] = OrderedDict()


class SecretUnavailable(Unavailable):
    """Secrets Manager did not give the secret: unknown, not allowed, or out of reach."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKeys:
    """The key that signs now, and every key whose signatures are accepted, by their ids (kid).

    ValueError without a current key, for a key under 32 bytes, and for an id that is not of [A-Za-z0-9_-].
    """

    current: str
    keys: Mapping[str, str] = field(repr=False)
    renew: "Callable[[], SigningKeys] | None" = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self.current not in self.keys:
            raise ValueError("the current key is not among the keys")
        if not all(
            _KID.fullmatch(kid) and len(key.encode()) >= SHORTEST_KEY for kid, key in self.keys.items()
        ):
            raise ValueError(f"a key has {SHORTEST_KEY} bytes or more and an id of [A-Za-z0-9_-]")

    def signing(self) -> tuple[str, bytes]:
        """The id of the current key, and the key."""
        return self.current, self.keys[self.current].encode()

    def key(self, kid: str) -> bytes | None:
        """The key of that id. One that is unknown may be new: the secret is then read again."""
        found = self.keys.get(kid)
        if found is None and self.renew and _KID.fullmatch(kid):
            found = self.renew().keys.get(kid)
        return None if found is None else found.encode()


def secret(arn: str, max_age_seconds: float = HELD_SECONDS) -> Mapping[str, Any]:
    """A secret that is a JSON object, read that long ago at most. `SecretUnavailable`; ValueError if not."""
    held = _held.get(arn)
    now = time.time()  # not monotonic: that stands still while the execution environment is frozen
    if held is None or not 0 <= now - held[0] < max_age_seconds:
        held = _held[arn] = now, _read(arn)
        while len(_held) > CACHED:
            _held.popitem(last=False)
    _held.move_to_end(arn)
    return held[1]


def signing_keys(max_age_seconds: float = HELD_SECONDS) -> SigningKeys:
    """The keys in SIGNING_SECRET_ARN: `{"current": kid, "keys": {kid: key}}`.

    A key may also stand beside `current`: CloudFormation's GenerateSecretString puts the first one there.
    """
    document = secret(os.environ["SIGNING_SECRET_ARN"], max_age_seconds)
    beside = {name: value for name, value in document.items() if name not in {"current", "keys"}}
    return SigningKeys(
        current=document["current"],
        keys={**beside, **document.get("keys", {})},
        renew=lambda: signing_keys(RENEWED_SECONDS),
    )


@cache
def _client() -> "SecretsManagerClient":
    made: SecretsManagerClient = sdk.client("secretsmanager", _CONFIG)
    return made


def _read(arn: str) -> Mapping[str, Any]:
    try:
        text = _client().get_secret_value(SecretId=arn).get("SecretString", "")
    except (BotoCoreError, ClientError) as failed:
        raise SecretUnavailable("the secret could not be read") from failed
    try:
        document: Any = json.loads(text)
    except json.JSONDecodeError:
        document = None
    if not isinstance(document, dict):
        raise ValueError("the secret is not a JSON object")  # noqa: TRY004 -- of its text, not of a type
    return cast("dict[str, Any]", document)


def forget() -> None:
    """Drop what is held; for tests, which change the environment under it."""
    _held.clear()
    _client.cache_clear()
