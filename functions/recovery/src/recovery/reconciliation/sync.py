"""Brings the case of an invoice to agree with Stripe: its state is fetched, and what it asks for committed.

Who loses a race reads and asks again.
"""

from typing import NamedTuple

from recovery.case import transactions
from recovery.invoice.state import InvoiceState
from recovery.reconciliation import decide, write
from recovery.reconciliation.read import CaseReader, Overtaken, Owner
from recovery.stripe.gateway import Gateway, UnknownInvoice
from troupe.domain.decider import Rejected
from troupe.observability import outcome
from troupe.store.scope import Scope
from troupe.store.transact import carry_out
from troupe.stripe.client import Misused, idempotency_key

RACES = 3


class Synced(NamedTuple):
    """`ignored`: why nothing came of it, if there is no case and none was opened."""

    ignored: str | None
    fetched: InvoiceState | None = None  # None of an invoice that Stripe does not know


def sync(scope: Scope, owner: Owner, invoice_id: str) -> Synced:
    """Have the case, if there is to be one, agree with what Stripe tells.

    Raises `PaymentFailed` when Stripe cannot be reached, and all errors of the table: then the call is
    repeated, which does no harm.
    """
    for _ in range(RACES):
        try:
            return _synced(scope, owner, invoice_id)
        except UnknownInvoice:
            return Synced("unknown_invoice")
        except Overtaken:
            continue
        except Rejected as refused:
            if refused.code != transactions.ACTIVE.code:
                raise
    raise Overtaken


def _synced(scope: Scope, owner: Owner, invoice_id: str) -> Synced:
    carried = carry_out(scope, read=CaseReader(owner, invoice_id), decide=decide.case, write=write.case)
    if carried.outcome.void:
        _void(owner, invoice_id, carried.facts.given.attempt_id)
    return Synced(carried.outcome.ignored, carried.facts.fetched)


def _void(owner: Owner, invoice_id: str, attempt_id: str) -> None:
    """The customer has left, and the workspace lets go of what is owed (S-35); repeated, it is once."""
    key = idempotency_key(owner.tenant_id, attempt_id, "void")
    try:
        Gateway(owner.stripe_account_id).void_invoice(invoice_id, key)
    except Misused as refused:  # paid or void by now: the next event tells
        outcome("invoice_not_voided", invoice_id=invoice_id, code=refused.code)
