"""When a mail may be sent: not in the customer's quiet hours, and not more often than the cap allows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta

from recovery.policy.ceilings import free_at
from troupe.domain import time_zones


@dataclass(frozen=True, slots=True, kw_only=True)
class SendingLimits:
    """No mail from `quiet_from` until `quiet_until`, local; the same time twice means no quiet hours.

    At most `cap` mails to one customer within so many days of 24 hours, of all sequences.
    """

    quiet_from: time = time(21)
    quiet_until: time = time(8)
    cap: int = 2
    per_days: int = 7


def next_sendable(
    at: datetime, zone: str, recent_sends: Iterable[datetime], sending_limits: SendingLimits
) -> datetime:
    """The first instant from `at` on (UTC) at which a mail may be sent."""
    free = free_at(recent_sends, sending_limits.cap, timedelta(days=sending_limits.per_days))
    instant = max(at, free) if free else at
    while (end := _quiet_end(instant, zone, sending_limits)) is not None:
        instant = end
    return instant.astimezone(UTC)


def _quiet_end(instant: datetime, zone: str, sending_limits: SendingLimits) -> datetime | None:
    """When the quiet hours end in which an instant is; None where it is in none."""
    shown = time_zones.local(instant, zone)
    begin, end = sending_limits.quiet_from, sending_limits.quiet_until
    clock = shown.time()
    overnight = begin > end
    if not (begin <= clock or clock < end if overnight else begin <= clock < end):
        return None
    day = shown.date() + timedelta(days=overnight and clock >= begin)
    ends = time_zones.at(day, end, zone)
    if ends > instant:
        return ends
    # The clocks went back over the end, and show quiet hours once more: they end with the second of the two.
    return instant + (datetime.combine(day, end) - shown.replace(tzinfo=None))
