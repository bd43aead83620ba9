"""What a case rests on: the attempt and its surroundings from the table, and then the invoice from Stripe.

In this order, so that what is committed under the version that was read rests on nothing older.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from recovery.attempt.commands import SequenceStep
from recovery.attempt.events import SequenceEdition
from recovery.attempt.state import Attempt
from recovery.case import card_charges, transactions
from recovery.invoice.state import InvoiceState
from recovery.policy.ceilings import CardCharge
from recovery.reconciliation.decide import Case, Given
from recovery.sequence.decider import DUNNING_SEQUENCE
from recovery.stripe.gateway import Gateway
from recovery.stripe_account import transactions as stripe_account_transactions
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.clock import now
from troupe.ids import new_id
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.transact import Reader, Snapshot, load


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose a connected account is, by its guard alone. `account_id` is ours, the other is Stripe's."""

    tenant_id: str
    workspace_id: str
    account_id: str
    stripe_account_id: str
    livemode: bool
    released: bool = False


class Overtaken(Exception):  # noqa: N818 -- an answer: look again
    """Another worker opened a case of the invoice meanwhile."""


def owner_of(stripe_account_id: str) -> Owner | None:
    """None for an account that is not connected; ValueError for text that is not an account's id."""
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


@dataclass(frozen=True, slots=True)
class CaseReader:
    """Reads the case of one invoice of a connected account."""

    owner: Owner
    invoice_id: str

    def __call__(self, reader: Reader) -> tuple[Snapshot, Case]:
        """Raises `Overtaken`, and what the gateway raises."""
        owner = self.owner
        latest = transactions.latest(owner.tenant_id, owner.stripe_account_id, self.invoice_id)
        found = reads.one(latest)
        ref = transactions.ref(found["recovery_attempt_id"] if found else new_id(), creates=found is None)
        account = stripe_account_transactions.ref(owner.account_id)
        workspace = Ref(decider=WORKSPACE, id=owner.workspace_id)
        at = reader.snapshot((ref, latest, account, workspace))
        if ref.creates and at.item(latest):
            raise Overtaken
        attempt, fetched = (
            at.find(ref).state,
            Gateway(owner.stripe_account_id).fetch(self.invoice_id, now()),
        )
        settled = at.of(workspace).state
        sequence, steps = (None, ()) if attempt else self._sequence(settled)
        given = Given(
            workspace_id=owner.workspace_id,
            attempt_id=ref.id,
            settings=settled.settings,
            zone=settled.timezone,
            connected_at=at.of(account).state.connected_at,
            sequence=sequence,
            steps=steps,
            ledgers=self._ledgers(_fingerprints(attempt, fetched), _reserved(ref.id, attempt)),
        )
        return at, Case(state=attempt, fetched=fetched, given=given)

    def _sequence(self, workspace: Workspace) -> tuple[SequenceEdition | None, tuple[SequenceStep, ...]]:
        """The edition that stands now, by which a new attempt goes to its end (S-41)."""
        named = workspace.default_sequence_id
        found = load(self.owner.tenant_id, DUNNING_SEQUENCE, named).state if named else None
        if named is None or found is None or not found.is_enabled:
            return None, ()
        current = found.current
        edition = SequenceEdition(id=named, edition=current.edition, delays_from=current.delays_from)
        return edition, tuple(
            SequenceStep(id=each.id, delay_hours=each.delay_hours) for each in current.steps
        )

    def _ledgers(
        self, fingerprints: Iterable[str], reserved: str | None
    ) -> dict[str, tuple[CardCharge, ...]]:
        at = now()
        read = {each: card_charges.read(self.owner.tenant_id, each, at).charges for each in fingerprints}
        return {
            name: tuple(each for each in charges if each.charge_id != reserved)
            for name, charges in read.items()
        }


def _reserved(attempt_id: str, state: Attempt | None) -> str | None:
    """What the attempt itself reserved for a retry: its charge is counted as what it became."""
    retry = state.retry if state else None
    return card_charges.reservation(attempt_id, retry.number) if retry else None


def _fingerprints(state: Attempt | None, fetched: InvoiceState) -> list[str]:
    """Of the cards by which a retry may be planned: those of charges that are news, and the present one."""
    known = {each.id for each in state.charges} if state else set[str]()
    news = [each.charge.fingerprint for each in fetched.charges if each.charge.id not in known]
    present = fetched.payment_method.fingerprint if fetched.payment_method else None
    return [each for each in dict.fromkeys((*news, present)) if each]
