"""All that is read before a mail or charge of an attempt, and the checks that it has not changed since."""

from dataclasses import dataclass
from typing import Any

from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.state import Attempt
from recovery.case import transactions
from recovery.case.transactions import AttemptRef
from recovery.contact import decider
from recovery.contact.decider import CONTACT, Contact, ContactKey
from recovery.invoice.state import InvoiceState
from recovery.policy.ceilings import CardCharge
from recovery.preconditions.decide import WRITING, Known, Mailing
from recovery.stripe_account import decider as stripe_account_decider
from recovery.stripe_account import transactions as stripe_account_transactions
from recovery.stripe_account.decider import StripeAccount
from recovery.workspace import decider as workspaces
from recovery.workspace.decider import WORKSPACE, Workspace
from troupe.mail.suppressions import digest
from troupe.store import keys, reads, tenant_status
from troupe.store.aggregates import Ref
from troupe.store.keys import Key
from troupe.store.scope import Scope
from troupe.store.transact import ReadTarget, Snapshot, Unknown, load
from troupe.store.writes import Action


@dataclass(frozen=True, slots=True, kw_only=True)
class AttemptContext:
    """An attempt, and whose it is; none of that ever changes."""

    tenant_id: str
    attempt_id: str
    workspace_id: str
    account_id: str  # Stripe's
    customer_id: str
    invoice_id: str

    @property
    def attempt(self) -> AttemptRef:
        return transactions.ref(self.attempt_id)

    @property
    def workspace(self) -> Ref[Workspace, Any, workspaces.Event]:
        return Ref(decider=WORKSPACE, id=self.workspace_id)

    @property
    def account(self) -> Ref[StripeAccount, stripe_account_decider.Command, stripe_account_decider.Event]:
        return stripe_account_transactions.ref(
            stripe_account_decider.id_of(self.workspace_id, self.account_id)
        )

    @property
    def contact_id(self) -> str:
        return decider.id_of(self.workspace_id, self.customer_id)

    @property
    def contact(self) -> Ref[Contact, decider.Command, decider.Event]:
        return Ref(decider=CONTACT, id=self.contact_id)

    @property
    def contact_key(self) -> ContactKey:
        return ContactKey(workspace_id=self.workspace_id, stripe_customer_id=self.customer_id)

    @property
    def standing(self) -> Key:
        return keys.standing(self.tenant_id)

    @property
    def targets(self) -> tuple[ReadTarget, ...]:
        return (self.attempt, self.workspace, self.account, self.contact, self.standing)


def load_context(tenant_id: str, attempt_id: str) -> AttemptContext:
    """Raises `Unknown`."""
    found = load(tenant_id, RECOVERY_ATTEMPT, attempt_id).state
    if found is None:
        raise Unknown(attempt_id)
    return context_of(tenant_id, attempt_id, found)


def context_of(tenant_id: str, attempt_id: str, attempt: Attempt) -> AttemptContext:
    return AttemptContext(
        tenant_id=tenant_id,
        attempt_id=attempt_id,
        workspace_id=attempt.workspace_id,
        account_id=attempt.stripe_account_id,
        customer_id=attempt.stripe_customer_id,
        invoice_id=attempt.stripe_invoice_id,
    )


def read(scope: Scope, about: AttemptContext, *more: ReadTarget) -> Snapshot:
    """All of it as it stands now, in one consistent read."""
    wanted = (*about.targets, *more)
    found = [each.key(scope.tenant_id) if isinstance(each, Ref) else each for each in wanted]
    return Snapshot(scope=scope, items=reads.batch(found))


def known(at: Snapshot, about: AttemptContext, mail: str = "", ledger: tuple[CardCharge, ...] = ()) -> Known:
    """As the gate asks for it. `mail`: the one that is to be sent, which does not count against itself."""
    attempt, workspace = at.of(about.attempt).state, at.of(about.workspace).state
    account, person = at.find(about.account).state, at.find(about.contact).state
    standing = at.item(about.standing) or dict[str, Any]()
    connected = account is not None and account.status == "connected"
    return Known(
        attempt=attempt,
        workspace=workspace,
        account_connected=connected,
        standing=standing.get("status", "unknown"),
        opted_out=person is not None and person.opted_out_at is not None,
        suppressed_address=person.suppressed_address if person else None,
        sends=tuple(each.at for each in person.mails if each.about != mail) if person else (),
        ledger=ledger,
    )


def mailing(step_id: str, fetched: InvoiceState) -> Mailing:
    """To the address that Stripe has now."""
    return Mailing(step_id=step_id, address=digest(fetched.customer.email or ""))


def unchanged(at: Snapshot, about: AttemptContext) -> tuple[Action, ...]:
    """Conditions on all that the effect rests on and does not write: workspace, account, the tenant."""
    return (
        at.unchanged(about.workspace),
        at.unchanged(about.account),
        tenant_status.one_of(about.tenant_id, WRITING),
    )
