"""The next step in the approval of a promotion: the flow asks for it after each step. Pure."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from commerce.promotion.events import GLOBAL
from commerce.promotion.state import Promotion


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """Wait for those who have not decided, until it is time to remind them or to decide without them."""

    everybody: bool  # whether the admin is asked
    communities: tuple[str, ...]  # whose leaders are
    seconds: int


@dataclass(frozen=True, slots=True)
class Remind:
    pass


@dataclass(frozen=True, slots=True)
class Decide:
    """The time is over."""


@dataclass(frozen=True, slots=True)
class Done:
    pass


type Step = Ask | Remind | Decide | Done


def next_step(state: Promotion | None, submitted_at: datetime, now: datetime) -> Step:
    """Of the submission that the flow was begun for; another one has a flow of its own."""
    if state is None or state.submitted_at != submitted_at:
        return Done()
    if state.status != "pending_approval" or state.decide_by is None:
        return Done()
    if now >= state.decide_by:
        return Decide()
    if state.remind_at is not None and now >= state.remind_at:
        return Remind()
    until = state.remind_at or state.decide_by
    return Ask(
        everybody=GLOBAL in state.open,
        communities=tuple(each for each in state.open if each != GLOBAL),
        seconds=ceil((until - now) / timedelta(seconds=1)),
    )
