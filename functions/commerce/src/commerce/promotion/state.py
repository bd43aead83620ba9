"""A promotion as it stands: where it is shown, what follows from its events, and what others read of it."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Literal, assert_never

from commerce.promotion.events import (
    Details,
    Later,
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
    Ware,
)
from troupe.domain.decider import Listing

DUE = "promotion"  # for a reminder, a decision, its start, or its end: whichever comes next
REMIND_AFTER = timedelta(hours=24)  # and every day again, as long as there is time to decide
ALWAYS = datetime.max.replace(tzinfo=UTC)  # the end of what has none
EDITABLE = frozenset[Status]({"draft", "rejected"})
OVER = frozenset[Status]({"ended", "cancelled"})  # a timer that fires by then has nothing to do
RUNNING = frozenset[Status]({"pending_approval", "scheduled", "active", "paused"})  # counts as one


@dataclass(frozen=True, slots=True, kw_only=True)
class Promotion:
    """`products` and `targets` are those of the last submission."""

    supplier_id: str
    status: Status
    details: Details
    created_at: datetime
    updated_at: datetime
    products: tuple[Ware, ...] = ()
    targets: tuple[Target, ...] = ()
    submitted_at: datetime | None = None
    decide_by: datetime | None = None
    reminded_at: datetime | None = None  # those who had not decided by then
    reminders: int = 0
    first_activated_at: datetime | None = None  # when it was first seen; it never changes
    cancelled_because: str | None = None
    state: Literal["promotion"] = "promotion"

    @property
    def approved(self) -> tuple[str, ...]:
        return tuple(each.id for each in self.targets if each.choice == "approved")

    @property
    def open(self) -> tuple[str, ...]:
        """The targets that may still decide."""
        if self.status not in RUNNING:
            return ()
        return tuple(each.id for each in self.targets if each.choice == "pending")

    @property
    def remind_at(self) -> datetime | None:
        """When those who have not decided are reminded; none when there is no time left for it."""
        since = self.reminded_at or self.submitted_at
        if self.status != "pending_approval" or since is None or self.decide_by is None:
            return None
        again = since + REMIND_AFTER
        return again if again < self.decide_by else None

    @property
    def due_at(self) -> datetime | None:
        """When its status changes by schedule, or a reminder is sent."""
        if self.status == "pending_approval":
            return self.remind_at or self.decide_by
        if self.status == "scheduled":
            return self.details.starts_at
        return self.details.ends_at if self.status in {"active", "paused"} else None


def begin(event: PromotionCreated) -> Promotion:
    return Promotion(
        supplier_id=event.supplier_id,
        status="draft",
        details=event.details,
        created_at=event.created_at,
        updated_at=event.created_at,
    )


def evolve(state: Promotion, event: Later) -> Promotion:  # noqa: C901, PLR0911, PLR0912 -- one line for each event
    match event:
        case PromotionUpdated(details=details, updated_at=at):
            return replace(state, details=details, updated_at=at)
        case PromotionSubmitted():
            return _submitted(state, event)
        case PromotionTargetApproved(target=target, approved_by=by, approved_at=at):
            return _decided(state, Target(id=target, choice="approved", decided_by=by, decided_at=at), at)
        case PromotionTargetRejected(target=target, rejected_by=by, reason=reason, rejected_at=at):
            choice = Target(id=target, choice="rejected", decided_by=by, decided_at=at, reason=reason)
            return _decided(state, choice, at)
        case PromotionApproversReminded(reminded_at=at, number=number):
            return replace(state, reminded_at=at, reminders=number, updated_at=at)
        case PromotionScheduled(scheduled_at=at):
            return replace(state, status="scheduled", updated_at=at)
        case PromotionActivated(activated_at=at):
            first = state.first_activated_at or at
            return replace(state, status="active", first_activated_at=first, updated_at=at)
        case PromotionPaused(paused_at=at):
            return replace(state, status="paused", updated_at=at)
        case PromotionResumed(resumed_at=at):
            return replace(state, status="active", updated_at=at)
        case PromotionRejected(rejected_at=at):
            return replace(state, status="rejected", updated_at=at)
        case PromotionEnded(ended_at=at):
            return replace(state, status="ended", updated_at=at)
        case PromotionCancelled(reason=reason, cancelled_at=at):
            return replace(state, status="cancelled", cancelled_because=reason, updated_at=at)
        case _:
            assert_never(event)


def _submitted(state: Promotion, event: PromotionSubmitted) -> Promotion:
    return replace(
        state,
        status="pending_approval",
        details=event.details,
        products=event.products,
        targets=tuple(Target(id=each) for each in event.targets),
        submitted_at=event.submitted_at,
        decide_by=event.decide_by,
        reminded_at=None,
        reminders=0,
        updated_at=event.submitted_at,
    )


def _decided(state: Promotion, decided: Target, at: datetime) -> Promotion:
    targets = tuple(decided if each.id == decided.id else each for each in state.targets)
    return replace(state, targets=targets, updated_at=at)


def collection(supplier_id: str, status: Status) -> str:
    """The list of a supplier's promotions of one status."""
    return f"SUPPLIER_PROMOTIONS#{supplier_id}#{status}"


def summary(state: Promotion) -> dict[str, object]:
    ends_at = state.details.ends_at
    return {
        "supplier_id": state.supplier_id,
        "status": state.status,
        "title": state.details.title,
        "kind": state.details.kind,
        "visibility": state.details.visibility,
        "starts_at": state.details.starts_at.isoformat(),
        "ends_at": ends_at and ends_at.isoformat(),
    }


def listed(state: Promotion, promotion_id: str) -> Listing:
    return Listing(
        collection=(collection(state.supplier_id, state.status), promotion_id),
        due=(DUE, state.due_at) if state.due_at else None,
        summary=summary(state),
    )
