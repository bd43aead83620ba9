"""Values that several aggregates share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What came by one promotion in one community; without either, by itself."""

    promotion_id: str | None
    community_id: str | None
    amount_cents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopSettings:
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a promotion takes off a unit.

    `discounts`: cents off, by variant. `communities`: where it is shown, beside `everywhere`.
    """

    promotion_id: str
    state: str
    starts_at: datetime
    ends_at: datetime
    discounts: Mapping[str, int]
    currency: str
    everywhere: bool = False
    communities: tuple[str, ...] = ()
    limited: bool = False  # whether there is a limit of orders in all
    per_customer: int | None = None  # how many orders of one customer may have it

    def discount(self, variant_id: str, community_id: str | None, now: datetime) -> int | None:
        """Cents off a unit; None where the offer does not hold there, or not now."""
        shown = self.everywhere or community_id in self.communities
        if self.state != "active" or not shown or not self.starts_at <= now < self.ends_at:
            return None
        return self.discounts.get(variant_id)
