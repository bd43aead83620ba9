"""An attempt brought up to what Stripe says, before anything is done about it, and after."""

from dataclasses import replace

from recovery.case import card_charges, transactions
from recovery.invoice.state import InvoiceState
from recovery.policy.ceilings import CardCharge
from recovery.preconditions.inputs import AttemptContext
from recovery.reconciliation.decide import Given, reconcile
from troupe.clock import now
from troupe.store import aggregates
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, transact


def refresh(scope: Scope, about: AttemptContext, seen: Snapshot, fetched: InvoiceState) -> bool:
    """Write what is new in the truth, which was fetched after the attempt was `seen`; whether anything was.

    An attempt that has moved on since knows more than this truth: that counts as news too.
    """
    read_at = seen.of(about.attempt).version
    news: list[bool] = []

    def decide(at: Snapshot) -> Decision:
        before = at.of(about.attempt)
        if before.version != read_at:
            news.append(True)
            return Decision(changes=())
        found = reconcile(before.state, fetched, given(at, about, fetched), at.scope.context)
        news.append(bool(found.events))
        if not found.events:
            return Decision(changes=())
        return transactions.written(at, aggregates.change(about.attempt, before, found.events))

    transact(at_once(scope), about.targets, decide)
    return news[-1]


def at_once(scope: Scope) -> Scope:
    """The scope at this instant, for what is not the caller's own command."""
    return replace(scope, context=replace(scope.context, now=now()), if_match=None, idempotency=None)


def given(at: Snapshot, about: AttemptContext, fetched: InvoiceState) -> Given:
    workspace, account = at.of(about.workspace).state, at.of(about.account).state
    return Given(
        workspace_id=about.workspace_id,
        attempt_id=about.attempt_id,
        settings=workspace.settings,
        zone=workspace.timezone,
        connected_at=account.connected_at,
        ledgers=ledgers(at, about, fetched),
    )


def ledgers(at: Snapshot, about: AttemptContext, fetched: InvoiceState) -> dict[str, tuple[CardCharge, ...]]:
    """The charges of every card that is in question, without what this attempt has reserved itself."""
    attempt, instant = at.of(about.attempt).state, at.scope.context.now
    used = {each.charge.fingerprint for each in fetched.charges}
    if fetched.payment_method:
        used.add(fetched.payment_method.fingerprint)
    reads = {name: card_charges.read(about.tenant_id, name, instant).charges for name in used if name}
    retry = attempt.retry
    own = card_charges.reservation(about.attempt_id, retry.number) if retry else ""
    return {name: tuple(each for each in charges if each.charge_id != own) for name, charges in reads.items()}
