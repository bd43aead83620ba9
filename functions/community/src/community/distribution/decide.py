"""The next step of a request for global distribution, for the flow and the sweep. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from community.post.state import Distribution, Post


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Wait for the administrators, until it is time to remind them or to do without."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Remind:
    pass


@dataclass(frozen=True, slots=True)
class TurnDown:
    """The time is over without a decision."""


@dataclass(frozen=True, slots=True)
class Done:
    pass


type Step = Ask | Remind | TurnDown | Done


def next_step(state: Post | None, requested_at: datetime, now: datetime) -> Step:
    """Of the request that the flow was begun for; another one has a flow of its own."""
    asked = open_request(state, requested_at)
    if asked is None or asked.decide_by is None:
        return Done()
    if now >= asked.decide_by:
        return TurnDown()
    if asked.remind_at is not None and now >= asked.remind_at:
        return Remind()
    until = asked.remind_at or asked.decide_by
    return Ask(seconds=ceil((until - now) / timedelta(seconds=1)))


def open_request(state: Post | None, requested_at: datetime) -> Distribution | None:
    """The request, while it can still be decided on."""
    if not isinstance(state, Post) or state.deleted:
        return None
    asked = state.distribution
    return asked if (asked.status, asked.requested_at) == ("requested", requested_at) else None
