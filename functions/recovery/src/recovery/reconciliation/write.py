"""The transaction in which a case comes to agree with Stripe."""

from dataclasses import replace

from recovery.case import transactions
from recovery.reconciliation.decide import Case, Reconciled
from recovery.reconciliation.pending_payments import joined
from troupe.store import aggregates
from troupe.store.transact import Decision, Snapshot


def case(at: Snapshot, found: Case, done: Reconciled) -> Decision:
    """The attempt, the items written with its events, and the payments that waited for its invoice."""
    ref = transactions.ref(found.given.attempt_id, creates=found.state is None)
    before = at.find(ref)
    change = aggregates.change(ref, before, done.events)
    if not change.events:
        return Decision(changes=())
    decision = transactions.written(at, change)
    waited = joined(at.scope.tenant_id, found.fetched.account_id, found.fetched)
    return replace(decision, actions=(*decision.actions, *waited))
