"""The terms of a tenant's shop: what it has settled, as it publishes it for everyone to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from pydantic import TypeAdapter

from troupe.store import keys
from troupe.store.keys import Key
from troupe.store.transact import Snapshot


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """`zone` is the tenant's; what a tenant settled before there was a shop has the defaults."""

    zone: str = "UTC"
    default_currency: str = "USD"
    commission_basis_points: int = 1000
    tax_rates: Mapping[str, int] = field(default_factory=dict[str, int])
    return_window_days: int = 14
    payout_hold_days: int = 7
    promotion_decision_days: int = 7
    order_accept_hours: int = 48

    def tax_rate(self, country: str) -> int:
        """In basis points, of what is shipped to a country."""
        return self.tax_rates.get(country, 0)

    @property
    def return_window(self) -> timedelta:
        """After delivery."""
        return timedelta(days=self.return_window_days)

    @property
    def payout_hold(self) -> timedelta:
        """After delivery."""
        return timedelta(days=self.payout_hold_days)

    @property
    def promotion_decision(self) -> timedelta:
        return timedelta(days=self.promotion_decision_days)

    @property
    def order_acceptance(self) -> timedelta:
        return timedelta(hours=self.order_accept_hours)


_TERMS = TypeAdapter(Terms)


def wanted(tenant_id: str) -> Key:
    """What is read with whatever is decided by them."""
    return keys.standing(tenant_id)


def find(at: Snapshot) -> Terms:
    return of(at.item(wanted(at.scope.tenant_id)))


def of(standing: Mapping[str, Any] | None) -> Terms:
    """The terms in a standing; other contexts' settings in it are left alone."""
    published = standing or {}
    zone = {"zone": published["zone"]} if "zone" in published else {}
    return _TERMS.validate_python({**published.get("settings", {}), **zone})
