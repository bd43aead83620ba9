"""What recovery writes beside its aggregates: editions of sequences, guards, and where attempts are found."""

from collections.abc import Mapping, Sequence
from typing import Any

from documents.samples.sample_ids import TENANT
from documents.samples.seeding import AnyChange, left, of_kind, put, remove
from recovery.case import transactions as case_transactions
from recovery.mail import links
from recovery.sequence import transactions as sequence_transactions
from recovery.stripe_account import transactions as account_transactions
from troupe.store.transact import Snapshot

LINKS: Mapping[str, links.Purpose] = {
    "OptOut": "opt_out",
    "RecordStepClicked": "click",
    "RecordStepOpened": "open",
}
PAGE = "https://invoice.stripe.com/i/acct_1QXk2eLkdIwHu7ix/live_sample"

type Changes = Sequence[AnyChange]


def seed(at: Snapshot, changes: Changes) -> None:
    put(sequence_transactions.published(of_kind(changes, "dunning_sequence"), TENANT))
    put(account_transactions.guard_actions(of_kind(changes, "stripe_account"), TENANT))
    attempt = of_kind(changes, "recovery_attempt")
    state: Any = attempt.after.state
    named = (TENANT, state.stripe_account_id, state.stripe_invoice_id)
    remove(case_transactions.guard(*named), case_transactions.latest(*named))
    put(case_transactions.written(at, attempt).actions)


def secrets(name: str, at: Snapshot, changes: Changes) -> Mapping[str, Any]:
    """The link of a mail about the sample's attempt; it stands in the path."""
    if name not in LINKS:
        return {}
    attempt = left(changes, "recovery_attempt")
    link = links.Link(
        purpose=LINKS[name],
        tenant_id=TENANT,
        about_id=attempt.id,
        step_id=attempt.state.steps[0].id,
        workspace_id=attempt.state.workspace_id,
        customer_id=attempt.state.stripe_customer_id,
        at=at.scope.context.now,
        url=PAGE,
        account_id=attempt.state.stripe_account_id,
        invoice_id=attempt.state.stripe_invoice_id,
    )
    return {"token": links.address(link).rpartition("/")[2]}
