"""A subscription at risk: its card is about to expire, or a payment has failed. One for each reason.

Its id is made of workspace, subscription and reason, so there are never two of one reason: what is resolved
and comes again is flagged again.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, assert_never
from uuid import UUID, uuid5

from troupe.domain.decider import Context, Decider, Invalid, Listing, Rejected, events_of
from troupe.domain.instants import rfc3339

type Reason = Literal["card_expiring", "payment_failed"]
REASONS: tuple[Reason, ...] = ("card_expiring", "payment_failed")


def id_of(workspace_id: str, stripe_subscription_id: str, reason: Reason) -> str:
    return str(uuid5(UUID(workspace_id), f"{stripe_subscription_id}:{reason}"))


# Events.


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionFlagged:
    workspace_id: str
    stripe_customer_id: str
    stripe_subscription_id: str
    reason: Reason
    risk_detected_at: datetime
    expiration_date: date | None = None  # the last day on which the card is good
    renews_at: datetime | None = None  # the charge that would fail
    active_recovery_attempt_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionLinked:
    """A recovery attempt has the matter in hand: it alone writes to the customer from now on."""

    recovery_attempt_id: str
    linked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionUnlinked:
    """That attempt has ended; another one goes on, for another invoice."""

    recovery_attempt_id: str
    unlinked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class SubscriptionResolved:
    reason: (
        str  # auto_updated, card_changed, renewed, recovered, failed, abandoned, cancelled, requested, ...
    )
    resolved_at: datetime


type Event = SubscriptionFlagged | SubscriptionLinked | SubscriptionUnlinked | SubscriptionResolved

# State.


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """More than one invoice may be recovered at once; the attempt of the oldest is the active one."""

    workspace_id: str
    stripe_customer_id: str
    stripe_subscription_id: str
    reason: Reason
    risk_detected_at: datetime
    expiration_date: date | None = None
    renews_at: datetime | None = None
    recovery_attempt_ids: tuple[str, ...] = ()
    resolved_at: datetime | None = None
    resolution: str | None = None
    state: Literal["at_risk"] = "at_risk"

    @property
    def active_recovery_attempt_id(self) -> str | None:
        return next(iter(self.recovery_attempt_ids), None)

    @property
    def open(self) -> bool:
        return self.resolved_at is None


def begin(event: SubscriptionFlagged) -> AtRisk:
    return AtRisk(
        workspace_id=event.workspace_id,
        stripe_customer_id=event.stripe_customer_id,
        stripe_subscription_id=event.stripe_subscription_id,
        reason=event.reason,
        risk_detected_at=event.risk_detected_at,
        expiration_date=event.expiration_date,
        renews_at=event.renews_at,
        recovery_attempt_ids=_one(event.active_recovery_attempt_id),
    )


def evolve(state: AtRisk, event: SubscriptionLinked | SubscriptionUnlinked | SubscriptionResolved) -> AtRisk:
    match event:
        case SubscriptionLinked(recovery_attempt_id=attempt_id):
            return replace(state, recovery_attempt_ids=(*state.recovery_attempt_ids, attempt_id))
        case SubscriptionUnlinked(recovery_attempt_id=attempt_id):
            return replace(state, recovery_attempt_ids=_without(state, attempt_id))
        case SubscriptionResolved(reason=reason, resolved_at=at):
            return replace(state, resolution=reason, resolved_at=at, recovery_attempt_ids=())
        case _:
            assert_never(event)


def _one(attempt_id: str | None) -> tuple[str, ...]:
    return (attempt_id,) if attempt_id else ()


def _without(state: AtRisk, attempt_id: str) -> tuple[str, ...]:
    return tuple(each for each in state.recovery_attempt_ids if each != attempt_id)


# Commands.


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagSubscriptionAtRisk:
    """Nothing if it is flagged already; then the attempt, if one is given, is linked."""

    workspace_id: str
    stripe_customer_id: str
    stripe_subscription_id: str
    reason: Reason
    risk_detected_at: datetime | None = None
    expiration_date: date | None = None
    renews_at: datetime | None = None
    recovery_attempt_id: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRecoveryAttempt:
    """Nothing where nothing is at risk."""

    recovery_attempt_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolveSubscriptionAtRisk:
    """No warning is sent of it any more. A recovery attempt that it is linked to goes on."""

    # `recovery_attempt_id`: that attempt has ended; it is over with the last one that has it in hand.
    reason: str = "requested"
    resolved_at: datetime | None = None
    recovery_attempt_id: str | None = None


type Command = FlagSubscriptionAtRisk | LinkRecoveryAttempt | ResolveSubscriptionAtRisk


def create(command: Command, context: Context) -> tuple[Event, ...]:
    match command:
        case FlagSubscriptionAtRisk():
            return (_flagged(command, context),)
        case ResolveSubscriptionAtRisk(recovery_attempt_id=None):
            raise Rejected("not_at_risk", "It was never flagged.")
        case LinkRecoveryAttempt() | ResolveSubscriptionAtRisk():
            return ()
        case _:
            assert_never(command)


def decide(command: Command, state: AtRisk, context: Context) -> tuple[Event, ...]:
    match command:
        case FlagSubscriptionAtRisk() if not state.open:
            return (_flagged(command, context),)
        case FlagSubscriptionAtRisk(recovery_attempt_id=attempt_id):
            return _link(attempt_id, state, context)
        case LinkRecoveryAttempt(recovery_attempt_id=attempt_id):
            return _link(attempt_id, state, context)
        case ResolveSubscriptionAtRisk():
            return _resolve(command, state, context)
        case _:
            assert_never(command)


def _flagged(command: FlagSubscriptionAtRisk, context: Context) -> SubscriptionFlagged:
    if (command.expiration_date is not None) != (command.reason == "card_expiring"):
        raise Invalid(
            "wrong_expiration_date", "A card that expires has a date, and no other.", "expiration_date"
        )
    return SubscriptionFlagged(
        workspace_id=command.workspace_id,
        stripe_customer_id=command.stripe_customer_id,
        stripe_subscription_id=command.stripe_subscription_id,
        reason=command.reason,
        risk_detected_at=command.risk_detected_at or context.now,
        expiration_date=command.expiration_date,
        renews_at=command.renews_at,
        active_recovery_attempt_id=command.recovery_attempt_id,
    )


def _link(attempt_id: str | None, state: AtRisk, context: Context) -> tuple[Event, ...]:
    if not state.open or attempt_id is None or attempt_id in state.recovery_attempt_ids:
        return ()
    return (SubscriptionLinked(recovery_attempt_id=attempt_id, linked_at=context.now),)


def _resolve(command: ResolveSubscriptionAtRisk, state: AtRisk, context: Context) -> tuple[Event, ...]:
    attempt_id = command.recovery_attempt_id
    if not state.open or (attempt_id and attempt_id not in state.recovery_attempt_ids):
        return ()
    at = command.resolved_at or context.now
    if attempt_id and _without(state, attempt_id):
        return (SubscriptionUnlinked(recovery_attempt_id=attempt_id, unlinked_at=at),)
    return (SubscriptionResolved(reason=command.reason, resolved_at=at),)


def collection(workspace_id: str) -> str:
    """The list of a workspace's subscriptions that are at risk now, by when that was detected."""
    return f"SUBSCRIPTIONS_AT_RISK#{workspace_id}"


def resolved(workspace_id: str) -> str:
    """The list of those that were, by when it was over."""
    return f"SUBSCRIPTIONS_RESOLVED#{workspace_id}"


def _listed(state: AtRisk, at_risk_id: str) -> Listing:
    name = collection(state.workspace_id) if state.open else resolved(state.workspace_id)
    summary = {
        "workspace_id": state.workspace_id,
        "stripe_customer_id": state.stripe_customer_id,
        "stripe_subscription_id": state.stripe_subscription_id,
        "reason": state.reason,
        "risk_detected_at": rfc3339(state.risk_detected_at),
        "expiration_date": state.expiration_date and state.expiration_date.isoformat(),
        "active_recovery_attempt_id": state.active_recovery_attempt_id,
        "resolved_at": state.resolved_at and rfc3339(state.resolved_at),
        "resolution": state.resolution,
    }
    at = rfc3339(state.resolved_at or state.risk_detected_at)
    return Listing(collection=(name, f"{at}#{at_risk_id}"), summary=summary)


SUBSCRIPTION_AT_RISK = Decider[AtRisk, Command, Event](
    name="subscription_at_risk",
    create=create,
    begin=begin,
    decide=decide,
    evolve=evolve,
    events=events_of("subscription_at_risk", Event, "Subscription"),
    state=AtRisk,
    listed=_listed,
)
