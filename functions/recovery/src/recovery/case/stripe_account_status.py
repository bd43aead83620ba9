"""When a Stripe account is disconnected its open cases wait; when it is back in time, they go on (S-39).

That the account is not connected stops every charge and mail at once, by the conditions of their claims. What
is done here makes it visible, and sets the day on which a case is given up: the plan abandons it then.
"""

from datetime import timedelta

from recovery.attempt.commands import AttemptCommand, HoldRecoveryAttempt, ResumeRecoveryAttempt
from recovery.case import bulk
from recovery.stripe_account.decider import STRIPE_ACCOUNT, StripeAccount
from recovery.workspace.decider import WORKSPACE, Workspace
from recovery.workspace.settings import Settings
from troupe.observability import outcome
from troupe.store.envelope import Envelope
from troupe.store.transact import load

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
    found = bulk.of(event.tenant_id, account.workspace_id)
    theirs = (each for each in found if each["stripe_account_id"] == account.stripe_account_id)
    moved = bulk.send_command(event, theirs, command)
    name = "cases_held" if isinstance(command, HoldRecoveryAttempt) else "cases_resumed"
    outcome(name, tenant_id=event.tenant_id, stripe_account_id=event.aggregate_id, cases=moved)


REACTIONS = {
    "stripe_account.disconnected": (hold,),
    "stripe_account.reconnected": (resume,),
}
