"""Seals: what a supplier entrusts to us is encrypted under KMS, in an item of its own, and masked elsewhere.

The encryption context binds each to its supplier and to what it is, so that IAM can let a role decrypt the
one kind and not the other, and no ciphertext can be swapped for another.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from botocore.exceptions import BotoCoreError, ClientError

from commerce.supplier.decider import SUPPLIER
from troupe.aws import clients
from troupe.domain.instants import rfc3339
from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.table import Unavailable
from troupe.store.writes import Action

LONG = 8  # characters; of what is shorter less is shown

type What = Literal["bank", "company"]


class EncryptionUnavailable(Unavailable):
    """KMS did not seal or open it."""


def masked(number: str) -> str:
    """What is shown of a number: the last four characters, of a short one two."""
    bare = "".join(each for each in number if each.isalnum())
    return bare[-4:] if len(bare) >= LONG else bare[-2:]


def part(tenant_id: str, supplier_id: str, what: What, number: int) -> Key:
    return keys.part(tenant_id, SUPPLIER.name, supplier_id, f"{what.upper()}#{number}")


def encrypted(key: Key, what: What, values: Mapping[str, str | None], at: datetime) -> Action:
    """Encrypt, and write it where nothing is yet. Raises `SealUnavailable`."""
    try:
        encrypted = clients.kms().encrypt(
            KeyId=os.environ["BANK_KEY_ARN"],
            Plaintext=json.dumps(values).encode(),
            EncryptionContext=_context(key, what),
        )["CiphertextBlob"]
    except (BotoCoreError, ClientError) as failed:
        raise EncryptionUnavailable("not sealed") from failed
    kept = {"ciphertext": b64encode(encrypted).decode(), "sealed_at": rfc3339(at)}
    return writes.put(key, kept, absent=True)


def decrypted(key: Key, what: What, item: Mapping[str, Any]) -> dict[str, str | None]:
    """What was sealed. Raises `SealUnavailable`."""
    try:
        text = clients.kms().decrypt(
            KeyId=os.environ["BANK_KEY_ARN"],
            CiphertextBlob=b64decode(item["ciphertext"]),
            EncryptionContext=_context(key, what),
        )["Plaintext"]
    except (BotoCoreError, ClientError) as failed:
        raise EncryptionUnavailable("not opened") from failed
    values: dict[str, str | None] = json.loads(text)
    return values


def _context(key: Key, what: What) -> dict[str, str]:
    tenant_id, _, supplier_id = key.pk.split("#")
    return {"tenant": tenant_id, "supplier": supplier_id, "sealed": what}
