"""Where a sign-in came from: an HMAC of the address under a key of the month.

Sign-ins of one month compare, and no event has the address. When the month's key has expired, the HMACs are
random text.
"""

import hmac
import os
from datetime import datetime, timedelta
from hashlib import sha256

from troupe.store import keys, writes
from troupe.store.keys import Key
from troupe.store.transact import Snapshot
from troupe.store.writes import Action

KEPT = timedelta(days=62)  # from the first sign-in of the month
KEY_BYTES = 32


def key(tenant_id: str, at: datetime) -> Key:
    """The key of the tenant's month; it is read with the account."""
    return keys.subject(tenant_id, f"addresses:{at:%Y-%m}")


def pseudonym(at: Snapshot, address: str) -> tuple[str, tuple[Action, ...]]:
    """What stands for the address, and the key if the month has none yet."""
    place = key(at.scope.tenant_id, at.scope.context.now)
    held = at.item(place)
    secret = bytes(held["key"]) if held else os.urandom(KEY_BYTES)
    expires_at = int((at.scope.context.now + KEPT).timestamp())
    made = () if held else (writes.put(place, {"key": secret, "expires_at": expires_at}, absent=True),)
    return hmac.new(secret, address.encode(), sha256).hexdigest()[:32], made
