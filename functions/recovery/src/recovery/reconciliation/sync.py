"""Bringing the case of an invoice to agree with Stripe: truth is fetched, and what it asks for is committed.

Attempts are read first and the truth is fetched after that, so that what is committed under the version that
was read rests on nothing older. Who loses a race reads and asks again.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from recovery.attempt.commands import SequenceStep
from recovery.attempt.events import SequenceEdition
from recovery.attempt.state import Attempt
from recovery.case import card_charges, transactions
from recovery.invoice.state import Truth
from recovery.policy.ceilings import CardCharge
from recovery.reconciliation.decide import Given, Reconciled, reconcile
from recovery.reconciliation.pending_payments import joined
from recovery.sequence.decider import DUNNING_SEQUENCE
from recovery.stripe.gateway import Gateway, UnknownInvoice
from recovery.stripe_account import transactions as stripe_account_transactions
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.clock import now
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.observability import outcome
from troupe.store import aggregates, reads
from troupe.store.aggregates import Ref
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, load, transact
from troupe.stripe.client import Misused, idempotency_key

RACES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a connected account is, by its guard alone. `account_id` is ours, the other is Stripe's."""

    tenant_id: str
    workspace_id: str
    account_id: str
    stripe_account_id: str
    livemode: bool
    released: bool = False


class Synced(NamedTuple):
    """`ignored`: why nothing came of it, if there is no case and none was opened."""

    ignored: str | None
    truth: Truth | None = None  # None of an invoice that Stripe does not know


class _Overtaken(Exception):  # noqa: N818 -- an answer: look again
    """Somebody else opened a case of the invoice meanwhile."""


def owner_of(stripe_account_id: str) -> Owner | None:
    """None for an account that nobody connected; ValueError for what is no account's id."""
    item = reads.one(stripe_account_transactions.guard(stripe_account_id))
    if item is None:
        return None
    return Owner(
        tenant_id=item["tenant_id"],
        workspace_id=item["workspace_id"],
        account_id=item["stripe_account_id"],
        stripe_account_id=stripe_account_id,
        livemode=item["livemode"],
        released=item.get("free", False),
    )


def sync(scope: Scope, owner: Owner, invoice_id: str) -> Synced:
    """Have the case, if there is to be one, agree with what Stripe tells.

    Raises `PaymentFailed` when Stripe is not to be had, and whatever the table says: then it is to be done
    again, which does no harm.
    """
    for _ in range(RACES):
        try:
            return _Sync(scope, owner, invoice_id).run()
        except UnknownInvoice:
            return Synced("unknown_invoice")
        except _Overtaken:
            continue
        except Rejected as refused:
            if refused.code != transactions.ACTIVE.code:
                raise
    raise _Overtaken


class _Sync:
    """One try."""

    def __init__(self, scope: Scope, owner: Owner, invoice_id: str) -> None:
        self._scope, self._owner, self._invoice_id = scope, owner, invoice_id
        self._gateway = Gateway(owner.stripe_account_id)
        self._latest = transactions.latest(owner.tenant_id, owner.stripe_account_id, invoice_id)
        found = reads.one(self._latest)
        self._ref = (
            transactions.ref(found["recovery_attempt_id"])
            if found
            else transactions.ref(new_id(), creates=True)
        )
        self._account = stripe_account_transactions.ref(owner.account_id)
        self._workspace = Ref(decider=WORKSPACE, id=owner.workspace_id)
        self._done: list[tuple[Reconciled, Truth]] = []

    def run(self) -> Synced:
        wanted = (self._ref, self._latest, self._account, self._workspace)
        transact(self._scope, wanted, self._decide)
        done, truth = self._done[-1]
        if done.void:
            self._void()
        return Synced(done.ignored, truth)

    def _decide(self, at: Snapshot) -> Decision:
        if self._ref.creates and at.item(self._latest):
            raise _Overtaken
        before = at.find(self._ref)
        truth = self._gateway.truth(self._invoice_id, now())
        done = reconcile(before.state, truth, self._given(at, before.state, truth), at.scope.context)
        self._done.append((done, truth))
        change = aggregates.change(self._ref, before, done.events)
        if not change.events:
            return Decision(changes=())
        decision = transactions.written(at, change)
        unparked = joined(self._owner.tenant_id, self._owner.stripe_account_id, truth)
        return replace(decision, actions=(*decision.actions, *unparked))

    def _given(self, at: Snapshot, state: Attempt | None, truth: Truth) -> Given:
        account, workspace = at.of(self._account).state, at.of(self._workspace).state
        starts = state is None
        sequence, steps = self._sequence(workspace) if starts else (None, ())
        return Given(
            workspace_id=self._owner.workspace_id,
            attempt_id=self._ref.id,
            settings=workspace.settings,
            zone=workspace.timezone,
            connected_at=account.connected_at,
            sequence=sequence,
            steps=steps,
            ledgers=self._ledgers(_fingerprints(state, truth), self._reserved(state)),
        )

    def _sequence(self, workspace: Workspace) -> tuple[SequenceEdition | None, tuple[SequenceStep, ...]]:
        """The edition that stands now, by which a new attempt goes to its end (S-41)."""
        named = workspace.default_sequence_id
        found = load(self._owner.tenant_id, DUNNING_SEQUENCE, named).state if named else None
        if named is None or found is None or not found.is_enabled:
            return None, ()
        current = found.current
        edition = SequenceEdition(id=named, edition=current.edition, delays_from=current.delays_from)
        return edition, tuple(
            SequenceStep(id=each.id, delay_hours=each.delay_hours) for each in current.steps
        )

    def _reserved(self, state: Attempt | None) -> str | None:
        """What the attempt itself reserved for a retry: its charge is counted as what it became."""
        retry = state.retry if state else None
        return card_charges.reservation(self._ref.id, retry.number) if retry else None

    def _ledgers(
        self, fingerprints: Iterable[str], reserved: str | None
    ) -> dict[str, tuple[CardCharge, ...]]:
        tenant_id, at = self._owner.tenant_id, now()
        read = {each: card_charges.read(tenant_id, each, at).charges for each in fingerprints}
        return {
            name: tuple(each for each in charges if each.charge_id != reserved)
            for name, charges in read.items()
        }

    def _void(self) -> None:
        """The customer has left, and the workspace lets go of what is owed (S-35); repeated, it is once."""
        key = idempotency_key(self._owner.tenant_id, self._ref.id, "void")
        try:
            self._gateway.void_invoice(self._invoice_id, key)
        except Misused as refused:  # paid or void by now: the next event tells
            outcome("invoice_not_voided", invoice_id=self._invoice_id, code=refused.code)


def _fingerprints(state: Attempt | None, truth: Truth) -> list[str]:
    """Of the cards by which a retry may be planned: those of charges that are news, and the present one."""
    known = {each.id for each in state.charges} if state else set[str]()
    news = [each.charge.fingerprint for each in truth.charges if each.charge.id not in known]
    present = truth.payment_method.fingerprint if truth.payment_method else None
    return [each for each in dict.fromkeys((*news, present)) if each]
