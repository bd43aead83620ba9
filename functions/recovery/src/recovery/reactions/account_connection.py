"""When a Stripe account is disconnected its open cases wait; when it is back in time, they go on (S-39).

That the account is not connected stops every charge and mail at once, by the conditions of their claims. What
is done here makes it visible, and sets the day on which a case is given up: the plan abandons it then.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from recovery import cases
from recovery.attempt import Attempt
from recovery.attempt_commands import AttemptCommand, HoldRecoveryAttempt, ResumeRecoveryAttempt
from recovery.recovery_attempt import collection
from recovery.stripe_account import STRIPE_ACCOUNT, StripeAccount
from recovery.workspace import WORKSPACE, Workspace
from recovery.workspace_settings import Settings
from troupe import keys, table
from troupe.attributes import pack, unpack
from troupe.clock import now
from troupe.events import Envelope
from troupe.observability import outcome
from troupe.request import scope_of
from troupe.scope import Scope
from troupe.store import Decision, Snapshot, load, transact

DISCONNECTED = "account_disconnected"


def hold(event: Envelope) -> None:
    """Hold every open case of the account, unless it is connected again by now."""
    account = _account(event)
    if account is None or account.disconnected_at is None:
        return
    grace = timedelta(days=_settings(event.tenant_id, account.workspace_id).disconnect_grace_days)
    ended = account.disconnected_at
    command = HoldRecoveryAttempt(reason=DISCONNECTED, held_at=ended, until=ended + grace)
    _each(event, account, command)


def resume(event: Envelope) -> None:
    """Let go on what waited for the account, unless it is disconnected again by now."""
    account = _account(event)
    if account is None or account.disconnected_at is not None:
        return
    _each(event, account, ResumeRecoveryAttempt(reason=DISCONNECTED))


def _account(event: Envelope) -> StripeAccount | None:
    state = load(event.tenant_id, STRIPE_ACCOUNT, event.aggregate_id).state
    return state if isinstance(state, StripeAccount) else None


def _settings(tenant_id: str, workspace_id: str) -> Settings:
    state = load(tenant_id, WORKSPACE, workspace_id).state
    return state.settings if isinstance(state, Workspace) else Settings()


def _each(event: Envelope, account: StripeAccount, command: AttemptCommand) -> None:
    moved = 0
    for attempt_id in _open(event.tenant_id, account):
        moved += _ask(_scope(event), attempt_id, command)
    name = "cases_held" if isinstance(command, HoldRecoveryAttempt) else "cases_resumed"
    outcome(name, tenant_id=event.tenant_id, stripe_account_id=event.aggregate_id, cases=moved)


def _ask(scope: Scope, attempt_id: str, command: AttemptCommand) -> int:
    attempt = cases.ref(attempt_id)

    def decide(at: Snapshot) -> Decision:
        state = at.of(attempt).state
        going = isinstance(state, Attempt) and state.pending  # the index lags
        return cases.written(at, cases.decided(at, attempt, (command,) if going else ()))

    return len(transact(scope, (attempt,), decide).changes[0].events)


def _open(tenant_id: str, account: StripeAccount) -> Iterator[str]:
    """The pending attempts of the workspace, page by page; those of this account."""
    pages = (
        table.client()
        .get_paginator("query")
        .paginate(
            TableName=table.name(),
            IndexName="GSI1",
            KeyConditionExpression="GSI1PK = :pk",
            ExpressionAttributeValues=pack(
                {":pk": keys.listing(tenant_id, collection(account.workspace_id, "pending"))}
            ),
        )
    )
    for page in pages:
        for item in page["Items"]:
            summary: dict[str, Any] = unpack(item)["summary"]
            if summary["stripe_account_id"] == account.stripe_account_id:
                yield summary["id"]


def _scope(event: Envelope) -> Scope:
    return scope_of(
        now=now(),
        tenant_id=event.tenant_id,
        actor="system",
        correlation_id=event.correlation_id,
        causation_id=event.id,
    )


REACTIONS = {
    "stripe_account.disconnected": (hold,),
    "stripe_account.reconnected": (resume,),
}
