"""When the steps of a sequence are due: as planned, and moved where something came late.

A late mail moves those after it, so that an outage or a hold never ends in two mails on one day (S-43).
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from itertools import pairwise

from recovery.attempt.commands import SequenceStep
from recovery.attempt.events import SequenceEdition
from recovery.attempt.state import Attempt, Step
from recovery.attempt.step_events import StepPlan
from troupe.domain.time_zones import local_day, start_of_day

DAY = timedelta(days=1)


def planned(
    steps: Iterable[SequenceStep], sequence: SequenceEdition, started_at: datetime
) -> tuple[StepPlan, ...]:
    """A step each, its delay counted from the start, or from the step before it."""
    plans: list[StepPlan] = []
    due_at = started_at
    for step in steps:
        since = started_at if sequence.delays_from == "started_at" else due_at
        due_at = since + timedelta(hours=step.delay_hours)
        plans.append(StepPlan(id=step.id, delay_hours=step.delay_hours, due_at=due_at))
    return tuple(plans)


def after_sent(attempt: Attempt, step_id: str, sent_at: datetime) -> tuple[StepPlan, ...]:
    """The steps that follow one that was sent, where they have to move."""
    steps = attempt.steps
    place = next((place for place, step in enumerate(steps) if step.id == step_id), len(steps))
    follows = [step for step in steps[place + 1 :] if step.open]
    if not follows:
        return ()
    from_previous = attempt.sequence is not None and attempt.sequence.delays_from == "previous_sent"
    gaps = _gaps([steps[place], *follows], from_previous=from_previous)
    moved: list[StepPlan] = []
    previous = sent_at
    for step, gap in zip(follows, gaps, strict=True):
        earliest = _after(previous, gap, attempt.terms.zone)
        previous = earliest if from_previous else max(step.due_at, earliest)
        moved.append(StepPlan(id=step.id, delay_hours=step.delay_hours, due_at=previous))
    return tuple(plan for plan, step in zip(moved, follows, strict=True) if plan.due_at != step.due_at)


def _gaps(steps: Sequence[Step], *, from_previous: bool) -> list[timedelta]:
    """The least time between one step and the next: what was planned, or a day where that is more."""
    if from_previous:
        return [timedelta(hours=step.delay_hours) for step in steps[1:]]
    return [min(DAY, timedelta(hours=max(0, b.delay_hours - a.delay_hours))) for a, b in pairwise(steps)]


def _after(at: datetime, gap: timedelta, zone: str) -> datetime:
    """So much later; where that is a day or more, on another day of the zone's too."""
    later = at + gap
    if gap < DAY or local_day(later, zone) > local_day(at, zone):
        return later
    return start_of_day(local_day(at, zone) + DAY, zone)  # the day on which clocks go back has 25 hours


def spread(steps: Iterable[StepPlan], attempt: Attempt, now: datetime) -> tuple[StepPlan, ...]:
    """Steps in their order, none before now, and each on a day of its own if one has to move."""
    sent = [step.sent_at for step in attempt.steps if step.sent_at]
    earliest = max([now, *(_after(at, DAY, attempt.terms.zone) for at in sent)])
    plans: list[StepPlan] = []
    for step in steps:
        late = step.due_at < earliest
        due_at = earliest if late else step.due_at
        plans.append(StepPlan(id=step.id, delay_hours=step.delay_hours, due_at=due_at))
        earliest = _after(due_at, DAY, attempt.terms.zone) if late else due_at
    return tuple(plans)


def resumed(attempt: Attempt, now: datetime) -> tuple[StepPlan, ...]:
    """The steps still to be sent, after a hold."""
    still = [
        StepPlan(id=step.id, delay_hours=step.delay_hours, due_at=step.due_at)
        for step in attempt.steps
        if step.open
    ]
    return spread(still, attempt, now)


def carried(
    attempt: Attempt, sequence: SequenceEdition, steps: Sequence[SequenceStep], now: datetime
) -> tuple[StepPlan, ...]:
    """The steps of another edition that are still to be sent: none twice, and none left out (S-41).

    A step is the same by its id. One with an id that is new is the step that stood in its place, rewritten,
    where that one is gone from the edition. What was sent, or skipped, is not to be sent.
    """
    kept = {step.id for step in steps}
    settled = {step.id for step in attempt.steps if not step.open} | set(attempt.sent_step_ids)
    known = {step.id for step in attempt.steps}
    rewritten = {
        new.id
        for new, old in zip(steps, attempt.steps, strict=False)
        if new.id not in known and old.id not in kept and old.id in settled
    }
    sent = [step.sent_at for step in attempt.steps if step.sent_at]
    since = max(sent, default=attempt.started_at)
    if sequence.delays_from == "started_at":
        since = attempt.started_at
    still = [step for step in steps if step.id not in settled | rewritten]
    return spread(planned(still, sequence, since), attempt, now)
