"""To pay a supplier for its part of an order: step by step, each written down before it is made at Stripe.

Any number of hands may try it at once. What supplier_payouts.py decides next is begun; what was begun is
looked for at Stripe, made under its own key if it is not there, and recorded.
"""

from typing import Any

from commerce.order import items
from commerce.order.reservation import supplier_order_of
from commerce.payment.stripe import NotOurs
from commerce.payout import account as payout_account
from commerce.payout import ledger as payout_ledger
from commerce.payout import stripe
from commerce.payout.stripe import Part, Refused, Sent
from commerce.supplier import transactions
from commerce.supplier.state import Supplier
from commerce.supplier_order.decide_payout import wakes
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.payout_commands import (
    FindReversal,
    Payee,
    PayoutCommand,
    PaySupplier,
    RecordPayout,
    RecordRecall,
    RefusePayout,
)
from commerce.supplier_order.state import SupplierOrder
from troupe.observability import outcome
from troupe.store import writes
from troupe.store.aggregates import Stored
from troupe.store.scope import Scope
from troupe.store.transact import Decision, Snapshot, load, transact


def advance(scope: Scope, part_id: str) -> Stored[Any]:
    """Bring the payout as far as it goes now; the part after that."""
    while True:
        found = load(scope.tenant_id, SUPPLIER_ORDER, part_id)
        part = supplier_order_of(found)
        if part.payout.sending or part.payout.recalling:
            _carry_out(scope, part_id, part)
        elif not _begun(scope, part_id, part):
            return found


def _begun(scope: Scope, part_id: str, part: SupplierOrder) -> bool:
    """Whether there was anything to begin."""
    at, now = wakes(part), scope.context.now
    if at is None or at > now:
        return False
    supplier = transactions.ref(part.supplier_id)
    _ask_of_account(scope, load(scope.tenant_id, supplier.decider, supplier.id).state)
    ref, ledger = (
        items.part_ref(part_id),
        payout_ledger.key(scope.tenant_id, part.supplier_id, part.currency),
    )

    def decide(seen: Snapshot) -> Decision:
        payee = seen.find(supplier)
        balance = payout_ledger.balance_of(seen.item(ledger))
        changed = seen.decide(ref, PaySupplier(payee=_payee(payee.state, balance)))
        still = writes.unchanged(supplier.key(scope.tenant_id), payee.version)
        beside = (still, *payout_ledger.posted(scope.tenant_id, changed)) if changed.events else ()
        return Decision(changes=(changed,), actions=beside)

    begun = transact(scope, (ref, supplier, ledger), decide).changes[0]
    for event in begun.events:
        kind = SUPPLIER_ORDER.type_of(event)
        outcome("payout_moved", tenant_id=scope.tenant_id, supplier_order_id=part_id, type=kind)
    return bool(begun.events)


def _payee(supplier: Supplier | None, balance_cents: int) -> Payee:
    if supplier is None:
        return Payee(verified=False, stripe_account_id=None, payout_after=None, balance_cents=balance_cents)
    account = supplier.payout_account
    return Payee(
        verified=supplier.status == "verified",
        stripe_account_id=account.stripe_account_id if account and account.transfers_enabled else None,
        payout_after=supplier.payout_after,
        balance_cents=balance_cents,
    )


def _ask_of_account(scope: Scope, supplier: Supplier | None) -> None:
    """An account that takes no transfers yet, as far as we know: Stripe's news of it may have been lost."""
    if supplier is None or supplier.status != "verified":
        return
    account = supplier.payout_account
    if account is None or account.transfers_enabled:
        return
    try:
        payout_account.note(scope, payout_account.find(account.stripe_account_id))
    except NotOurs:
        outcome("payout_account_unknown", tenant_id=scope.tenant_id, account=account.stripe_account_id)


# At Stripe.


def _carry_out(scope: Scope, part_id: str, part: SupplierOrder) -> None:
    whose = Part(
        tenant_id=scope.tenant_id,
        order_id=part.order_id,
        supplier_id=part.supplier_id,
        currency=part.currency,
    )
    sending, recalling = part.payout.sending, part.payout.recalling
    if sending:
        try:
            name = stripe.send(whose, sending)
        except Refused as refused:
            _record(scope, part_id, RefusePayout(number=sending.number, short=refused.short))
            return
        _record(scope, part_id, RecordPayout(number=sending.number, transfer_id=name))
    elif recalling:
        _record(scope, part_id, RecordRecall(number=recalling.number, came=_came(whose, recalling)))


def _came(whose: Part, recalling: Any) -> bool:
    try:
        stripe.recall(whose, recalling)
    except Refused:
        return False
    return True


def _record(scope: Scope, part_id: str, command: PayoutCommand) -> None:
    ref = items.part_ref(part_id)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(ref, command)
        return Decision(changes=(changed,), actions=payout_ledger.posted(scope.tenant_id, changed))

    transact(scope, (ref,), decide)


def found(scope: Scope, sent: Sent) -> None:
    """A transfer was reversed at Stripe, by us or by a person in the dashboard. Raises `Unknown`."""
    part_id = f"{sent.order_id}.{sent.supplier_id}"
    _record(scope, part_id, FindReversal(transfer_id=sent.id, reversed_cents=sent.reversed_cents))
