"""A promotion: what a supplier offers for a while, wherever it is approved.

Each target decides for itself: what one of them rejects, the others still show. It leaves its approval when
all have decided or their time is over, and goes where it was approved by then; who decides later adds to it.
"""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from commerce.promotion.commands import (
    ApprovePromotion,
    CancelPromotion,
    Command,
    CreatePromotion,
    DecidePromotion,
    EndPromotion,
    PausePromotion,
    RejectPromotion,
    RemindApprovers,
    ResumePromotion,
    StartPromotion,
    SubmitPromotion,
    UpdatePromotion,
)
from commerce.promotion.events import (
    LIFECYCLE,
    Event,
    PromotionActivated,
    PromotionApproversReminded,
    PromotionCancelled,
    PromotionCreated,
    PromotionEnded,
    PromotionPaused,
    PromotionRejected,
    PromotionResumed,
    PromotionScheduled,
    PromotionSubmitted,
    PromotionTargetApproved,
    PromotionTargetRejected,
    PromotionUpdated,
    Status,
    Target,
)
from commerce.promotion.rules import checked
from commerce.promotion.state import ALWAYS, EDITABLE, OVER, RUNNING, Promotion, begin, evolve, listed
from troupe.domain.decider import Context, Decider, Rejected, events_of


def create(command: CreatePromotion, context: Context) -> tuple[Event, ...]:
    checked(command.details)
    supplier_id, now = command.supplier_id, context.now
    return (PromotionCreated(supplier_id=supplier_id, details=command.details, created_at=now),)


def decide(command: Command, state: Promotion, context: Context) -> tuple[Event, ...]:  # noqa: C901, PLR0911 -- one line for each command
    now = context.now
    match command:
        case UpdatePromotion():
            return _update(command, state, now)
        case SubmitPromotion():
            return _submit(command, state, now)
        case ApprovePromotion(target=target):
            return _approve(target, state, context)
        case RejectPromotion():
            return _reject(command, state, context)
        case DecidePromotion():
            return _overdue(state, now)
        case RemindApprovers():
            return _remind(state, now)
        case StartPromotion():
            return _start(state, now)
        case EndPromotion():
            return _end(state, now)
        case PausePromotion():
            return () if _is(state, "paused") else (PromotionPaused(paused_at=now),)
        case ResumePromotion():
            return _resume(state, now)
        case CancelPromotion(reason=reason):
            return () if _is(state, "cancelled") else (PromotionCancelled(reason=reason, cancelled_at=now),)
        case _:
            assert_never(command)


def _is(state: Promotion, to: Status) -> bool:
    """Whether it is that already; refuses what it cannot become."""
    if state.status == to:
        return True
    LIFECYCLE.check(state.status, to)
    return False


def _current(state: Promotion, now: datetime) -> None:
    if state.details.over(now):
        raise Rejected("window_over", "The promotion's window is over.")


def _update(command: UpdatePromotion, state: Promotion, now: datetime) -> tuple[Event, ...]:
    if state.status not in EDITABLE:
        raise Rejected("promotion_submitted", "What was submitted is changed when it was rejected.")
    details = replace(state.details, **command.changes)
    checked(details)
    return () if details == state.details else (PromotionUpdated(details=details, updated_at=now),)


def _submit(command: SubmitPromotion, state: Promotion, now: datetime) -> tuple[Event, ...]:
    if _is(state, "pending_approval"):
        return ()
    _current(state, now)
    submitted = PromotionSubmitted(
        supplier_id=state.supplier_id,
        details=state.details,
        products=command.products,
        targets=state.details.targets,
        decide_by=min(now + command.decide_within, state.details.ends_at or ALWAYS),
        submitted_at=now,
    )
    return (submitted,)


def _asked(target: str, state: Promotion) -> Target:
    """The target, while it may decide."""
    if state.status not in RUNNING:
        raise Rejected("not_open", f"A promotion that is {state.status} is not decided on.")
    found = next((each for each in state.targets if each.id == target), None)
    if found is None:
        raise Rejected("no_target", "The promotion is not for them.")
    return found


def _contrary() -> Rejected:
    return Rejected("target_decided", "They have decided otherwise before.")


def _approve(target: str, state: Promotion, context: Context) -> tuple[Event, ...]:
    found = _asked(target, state)
    if found.choice == "approved":
        return ()
    if found.choice == "rejected":
        raise _contrary()
    _current(state, context.now)
    approved = PromotionTargetApproved(target=target, approved_by=context.actor, approved_at=context.now)
    return (approved, *_left(evolve(state, approved), context.now))


def _reject(command: RejectPromotion, state: Promotion, context: Context) -> tuple[Event, ...]:
    found = _asked(command.target, state)
    if found.choice == "rejected":
        return ()
    if found.choice == "approved":
        raise _contrary()
    rejected = PromotionTargetRejected(
        target=command.target,
        rejected_by=context.actor,
        reason=command.reason,
        rejected_at=context.now,
    )
    return (rejected, *_left(evolve(state, rejected), context.now))


def _left(state: Promotion, now: datetime) -> tuple[Event, ...]:
    """What becomes of it when all have decided, or their time is over; until then, nothing."""
    overdue = state.decide_by is not None and state.decide_by <= now
    if state.status != "pending_approval" or (state.open and not overdue):
        return ()
    if not state.approved:
        return (PromotionRejected(rejected_at=now),)
    starts_at = state.details.starts_at
    if starts_at > now:
        return (PromotionScheduled(targets=state.approved, starts_at=starts_at, scheduled_at=now),)
    return (_activated(state, now),)


def _activated(state: Promotion, now: datetime) -> PromotionActivated | PromotionCancelled:
    """Activate it, or cancel it if its window was over before it could start."""
    if state.details.over(now):
        return PromotionCancelled(reason="Its window was over before it could start.", cancelled_at=now)
    return PromotionActivated(
        supplier_id=state.supplier_id,
        details=state.details,
        products=state.products,
        targets=state.approved,
        activated_at=now,
    )


def _overdue(state: Promotion, now: datetime) -> tuple[Event, ...]:
    if state.status != "pending_approval":
        if not state.submitted_at:
            raise Rejected("not_open", "The promotion was not submitted.")
        return ()
    left = _left(state, now)
    if not left:
        raise Rejected("not_due", "There is time left to decide.")
    return left


def _remind(state: Promotion, now: datetime) -> tuple[Event, ...]:
    """Remind once a day, however often it is asked; not after the deadline, which decides."""
    if not state.submitted_at:
        raise Rejected("not_open", "The promotion was not submitted.")
    if state.decide_by is None or state.remind_at is None or now < state.remind_at or now >= state.decide_by:
        return ()
    reminded = PromotionApproversReminded(
        targets=state.open,
        number=state.reminders + 1,
        decide_by=state.decide_by,
        reminded_at=now,
    )
    return (reminded,)


def _start(state: Promotion, now: datetime) -> tuple[Event, ...]:
    if state.status in {"paused", *OVER} or _is(state, "active"):
        return ()
    if state.status != "scheduled":
        raise Rejected("not_open", "It is not approved yet.")
    if state.details.starts_at > now:
        raise Rejected("not_due", "The promotion's window has not begun.")
    return (_activated(state, now),)


def _end(state: Promotion, now: datetime) -> tuple[Event, ...]:
    if state.status in OVER or _is(state, "ended"):
        return ()
    if not state.details.over(now):
        raise Rejected("not_due", "The promotion's window is not over.")
    return (PromotionEnded(ended_at=now),)


def _resume(state: Promotion, now: datetime) -> tuple[Event, ...]:
    if state.status == "active":
        return ()
    if state.status != "paused":
        raise Rejected("invalid_transition", f"What is {state.status} cannot be resumed.")
    _current(state, now)
    return (PromotionResumed(resumed_at=now),)


PROMOTION = Decider[Promotion, CreatePromotion | Command, Event](
    name="promotion",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("promotion", Event),
    state=Promotion,
    listed=listed,
)
