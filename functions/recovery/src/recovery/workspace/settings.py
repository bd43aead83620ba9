"""How a workspace goes about recovery: when it retries, when it writes, and when it lets go."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypedDict

type PaydayRule = Literal["1st_15th", "business_day", "none"]
type CancellationPolicy = Literal["stop", "collect_owed"]
type OnCancelInvoice = Literal["leave", "void"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Hours and times of day are local: the customer's where the zone is known, else the workspace's.

    From `quiet_from` until `quiet_until` nothing is sent; where they are the same, there are no quiet hours.
    Who owes less in a currency than its threshold, all open invoices together, is not written to yet.
    """

    retry_limit: int = 8  # executed retries of one invoice
    window_days: int = 28  # no retry after that many days from the first failure
    payday_rule: PaydayRule = "1st_15th"  # when an account with too little money is tried again
    retry_hour_local: int = 10
    retry_concurrency: int = 5  # retries at once on one Stripe account
    retry_spread_minutes: int = 60  # over which retries of the same hour are spread
    quiet_from: str = "21:00"
    quiet_until: str = "08:00"
    mail_cap: int = 2  # mails to one customer, of all sequences, ...
    mail_cap_days: int = 7  # ... within so many days
    mail_thresholds: Mapping[str, int] = field(default_factory=dict[str, int])  # owed in all, by currency
    cancellation_policy: CancellationPolicy = "stop"  # collect_owed pursues what was due before
    on_cancel_invoice: OnCancelInvoice = "leave"
    disconnect_grace_days: int = 7  # that long a disconnected account's cases wait to be resumed
    final_grace_hours: int = 72  # from the last step or retry to giving up
    expiry_lead_days: int = 14  # from the warning of a card's expiry to the charge that would fail
    decline_overrides: tuple[str, ...] = ()  # codes that are hard here, though soft by the map
    reply_to: str | None = None
    sender_name: str | None = None  # the workspace's name where there is none


class SettingsChanges(TypedDict, total=False):
    """The settings that change; what is not in it stays."""

    retry_limit: int
    window_days: int
    payday_rule: PaydayRule
    retry_hour_local: int
    retry_concurrency: int
    retry_spread_minutes: int
    quiet_from: str
    quiet_until: str
    mail_cap: int
    mail_cap_days: int
    mail_thresholds: Mapping[str, int]
    cancellation_policy: CancellationPolicy
    on_cancel_invoice: OnCancelInvoice
    disconnect_grace_days: int
    final_grace_hours: int
    expiry_lead_days: int
    decline_overrides: tuple[str, ...]
    reply_to: str | None
    sender_name: str | None
