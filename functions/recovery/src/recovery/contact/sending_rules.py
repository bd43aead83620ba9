"""When the next mail to a customer may leave: in no quiet hour, within the cap, and one a day."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import NamedTuple

from recovery.policy.quiet_hours import SendingLimits, next_sendable
from recovery.workspace.settings import Settings
from troupe.domain.time_zones import local_day, start_of_day

DAY = timedelta(days=1)


class Wait(NamedTuple):
    until: datetime
    reason: str  # mail_cap, same_day, quiet_hours


def sending_limits(settings: Settings) -> SendingLimits:
    return SendingLimits(
        quiet_from=time.fromisoformat(settings.quiet_from),
        quiet_until=time.fromisoformat(settings.quiet_until),
        cap=settings.mail_cap,
        per_days=settings.mail_cap_days,
    )


def wait(now: datetime, zone: str, sends: Iterable[datetime], settings: Settings) -> Wait | None:
    """Until when a mail has to wait, and for what; None if it may leave now.

    Of several reasons the one that holds longest is told; quiet hours come on top of the others.
    """
    sent, rules = sorted(sends), sending_limits(settings)
    another_day = _another_day(now, zone, sent)
    capped = next_sendable(now, zone, sent, _without_quiet(rules))
    until = next_sendable(max(another_day, capped), zone, sent, rules)
    if until <= now:
        return None
    if capped > now and capped >= another_day:
        return Wait(until, "mail_cap")
    return Wait(until, "same_day" if another_day > now else "quiet_hours")


def _another_day(now: datetime, zone: str, sent: list[datetime]) -> datetime:
    """Now, or the day after the last mail by the customer's calendar, if that was today."""
    if not sent or local_day(sent[-1], zone) < local_day(now, zone):
        return now
    return start_of_day(local_day(sent[-1], zone) + DAY, zone)


def _without_quiet(rules: SendingLimits) -> SendingLimits:
    return SendingLimits(
        quiet_from=rules.quiet_from, quiet_until=rules.quiet_from, cap=rules.cap, per_days=rules.per_days
    )
