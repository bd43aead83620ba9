"""How many people came, confirmed, went and signed in on each day, by the tenant's calendar.

A day is the one that the tenant's zone showed when the event was counted; a rebuild counts all of them by the
zone of its own day.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from troupe.projection.view import Increment, View, daily
from troupe.store.envelope import Envelope

METRICS: Mapping[str, str] = {
    "user.created": "registrations",
    "user.verified": "verifications",
    "user.suspended": "suspensions",
    "user.deleted": "deletions",
    "user.logged_in": "logins",
    "user.login_failed": "failures",
}


def count(event: Envelope, at: datetime) -> Iterable[Increment]:
    metric = METRICS.get(event.type)
    return (daily(at.date(), metric),) if metric else ()


USER_LIFECYCLE = View(name="user_lifecycle", count=count)
