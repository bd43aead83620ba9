"""The customer of an order, as identity publishes it: read in one batch with the other input of a decision.

Which generation of identity's cards is the live one is read along; see troupe/generations.py.
"""

import json

from commerce.order.values import Customer
from troupe.projection import generations
from troupe.projection.view import Place
from troupe.store import keys, reads
from troupe.store.keys import Key
from troupe.store.transact import Snapshot

VIEW, PART = "user_card", "user"  # identity's read model, and the part of a row that tells who it is

_live = {"generation": 1}


def _row(tenant_id: str, user_id: str) -> Key:
    return generations.key(VIEW, _live["generation"], tenant_id, Place(parts=(user_id,)))


def keys_to_read(tenant_id: str, user_id: str) -> tuple[Key, Key]:
    return keys.generation(VIEW), _row(tenant_id, user_id)


def subject(tenant_id: str, user_id: str) -> Key:
    """The key of the customer's data, for the order that carries some of it."""
    return keys.subject(tenant_id, f"user:{user_id}")


def find(at: Snapshot, user_id: str, otherwise: str) -> Customer:
    """The customer by the name on the card; `otherwise` where there is none yet."""
    live: int = (at.item(keys.generation(VIEW)) or {"live": 1})["live"]
    _live["generation"] = live
    key = _row(at.scope.tenant_id, user_id)
    row = at.item(key) or reads.one(key) or {}
    name = json.loads(row[PART])["display_name"] if PART in row else otherwise
    return Customer(id=user_id, display_name=name)
