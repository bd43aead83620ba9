"""The terms of a tenant's shop: what it has settled, as it publishes it for everyone to read."""

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from commerce.values import ShopSettings
from troupe.store import keys
from troupe.store.keys import Key
from troupe.store.transact import Snapshot

_SETTINGS = TypeAdapter(ShopSettings)


def key_to_read(tenant_id: str) -> Key:
    """The key of the item that a decision by these settings reads."""
    return keys.standing(tenant_id)


def find(at: Snapshot) -> ShopSettings:
    return of(at.item(key_to_read(at.scope.tenant_id)))


def of(standing: Mapping[str, Any] | None) -> ShopSettings:
    """The terms in a standing; other contexts' settings in it are left alone."""
    published = standing or {}
    zone = {"zone": published["zone"]} if "zone" in published else {}
    return _SETTINGS.validate_python({**published.get("settings", {}), **zone})
