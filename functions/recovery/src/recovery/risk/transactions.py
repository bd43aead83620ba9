"""What the start and the end of a recovery attempt mean for the subscription: it is at risk, or no longer."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from recovery.attempt.state import Attempt
from recovery.risk.decider import (
    REASONS,
    SUBSCRIPTION_AT_RISK,
    AtRisk,
    Command,
    Event,
    FlagSubscriptionAtRisk,
    LinkRecoveryAttempt,
    Reason,
    ResolveSubscriptionAtRisk,
    id_of,
)
from troupe.store import aggregates, reads
from troupe.store.aggregates import Change, Ref
from troupe.store.transact import Snapshot


def ref(workspace_id: str, subscription: str, reason: Reason) -> Ref[AtRisk, Command, Event]:
    return Ref(decider=SUBSCRIPTION_AT_RISK, id=id_of(workspace_id, subscription, reason))


def linked(
    at: Snapshot, attempt_id: str, state: Attempt, *, started: bool
) -> tuple[Change[Any, Any, Any], ...]:
    """The subscription under both reasons, read in one round trip where the caller has not read it."""
    subscription = state.stripe_subscription_id
    if subscription is None:
        return ()
    refs = [ref(state.workspace_id, subscription, reason) for reason in REASONS]
    wanted = [each.key(at.scope.tenant_id) for each in refs]
    missing = [key for key in wanted if key not in at.items]
    seen = replace(at, items={**at.items, **(reads.batch(missing) if missing else {})})
    return tuple(
        decided(seen, each, _commands_of(reason, attempt_id, state, started=started))
        for reason, each in zip(REASONS, refs, strict=True)
    )


def decided(
    at: Snapshot, risk: Ref[AtRisk, Command, Event], commands: Sequence[Command]
) -> Change[AtRisk, Command, Event]:
    """Several commands, each on what the one before made of it; there may be nothing yet."""
    before = at.find(risk)
    state = before.state
    events: tuple[Event, ...] = ()
    for command in commands:
        more = SUBSCRIPTION_AT_RISK.answer(command, state, at.scope.context)
        state, events = SUBSCRIPTION_AT_RISK.fold(more, state), (*events, *more)
    return aggregates.change(risk, before, events)


def _commands_of(reason: Reason, attempt_id: str, state: Attempt, *, started: bool) -> list[Command]:
    """A case is a risk of its own, and takes a card's expiry in hand (S-56); its end is the end of both."""
    commands: list[Command] = []
    if started and reason == "payment_failed" and state.stripe_subscription_id:
        flag = FlagSubscriptionAtRisk(
            workspace_id=state.workspace_id,
            stripe_customer_id=state.stripe_customer_id,
            stripe_subscription_id=state.stripe_subscription_id,
            reason=reason,
            risk_detected_at=state.started_at,
            recovery_attempt_id=attempt_id,
        )
        commands.append(flag)
    elif started:
        commands.append(LinkRecoveryAttempt(recovery_attempt_id=attempt_id))
    if not state.pending:
        resolve = ResolveSubscriptionAtRisk(
            reason=state.status, resolved_at=state.ended_at, recovery_attempt_id=attempt_id
        )
        commands.append(resolve)
    return commands
