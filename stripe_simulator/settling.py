"""How an invoice comes to its end: paid, void, uncollectible or credited."""

from typing import Any

from stripe_simulator import standing
from stripe_simulator.model import CreditNote, Intent, Invoice, InvoicePayment, InvoiceStatus
from stripe_simulator.world import Refused, World


def require(invoice: Invoice, *allowed: InvoiceStatus) -> None:
    """Raises `Refused`, in words like Stripe's."""
    if invoice.status == "paid" and "paid" not in allowed:
        raise Refused("Invoice is already paid")
    if invoice.status not in allowed:
        raise Refused(f"This invoice is {invoice.status}; it can only be done while {' or '.join(allowed)}.")


def settle_if_nothing_remains(world: World, invoice: Invoice, previous: dict[str, Any]) -> None:
    """After a payment or a credit: the invoice with what changed, and its end if nothing is left to pay."""
    if invoice.remaining:
        world.tell(invoice.account, "invoice.updated", invoice, previous)
        return
    previous |= {"status": invoice.status, "next_payment_attempt": invoice.next_payment_attempt}
    invoice.status, invoice.paid_at = "paid", world.now
    invoice.next_payment_attempt, invoice.auto_advance = None, False
    _cancel_open_payments(world, invoice)
    world.tell(invoice.account, "invoice.updated", invoice, previous)
    world.tell(invoice.account, "invoice.paid", invoice)
    world.tell(invoice.account, "invoice.payment_succeeded", invoice)
    standing.catch_up(world, invoice)


def pay_out_of_band(world: World, invoice: Invoice) -> None:
    """The merchant was paid in another way, and says so."""
    require(invoice, "open", "uncollectible")
    previous = {"amount_paid": invoice.amount_paid, "amount_remaining": invoice.remaining}
    invoice.amount_paid, invoice.paid_out_of_band = invoice.due, True
    settle_if_nothing_remains(world, invoice, previous)


def credit(world: World, invoice: Invoice, amount: int) -> CreditNote:
    """A credit note on an open invoice; one that leaves nothing makes it paid."""
    require(invoice, "open")
    if not 0 < amount <= invoice.remaining:
        raise Refused("The sum of credit amount must be positive and within what remains.", None, "amount")
    previous = {"amount_due": invoice.due, "amount_remaining": invoice.remaining}
    invoice.credited += amount
    note = world.add(
        CreditNote(
            id=world.identifier("cn"),
            account=invoice.account,
            customer=invoice.customer,
            invoice=invoice.id,
            amount=amount,
            currency=invoice.currency,
            created=world.now,
        )
    )
    world.tell(invoice.account, "credit_note.created", note)
    settle_if_nothing_remains(world, invoice, previous)
    return note


def void(world: World, invoice: Invoice) -> None:
    require(invoice, "open", "uncollectible")
    if invoice.amount_paid:
        raise Refused("You cannot void an invoice that is partly paid.")
    invoice.voided_at = world.now
    _give_up(world, invoice, "void", "invoice.voided")
    standing.catch_up(world, invoice)


def mark_uncollectible(world: World, invoice: Invoice) -> None:
    """It may still be paid."""
    require(invoice, "open")
    invoice.uncollectible_at = world.now
    _give_up(world, invoice, "uncollectible", "invoice.marked_uncollectible")


def _give_up(world: World, invoice: Invoice, status: InvoiceStatus, event: str) -> None:
    previous = {"status": invoice.status, "next_payment_attempt": invoice.next_payment_attempt}
    invoice.status, invoice.next_payment_attempt, invoice.auto_advance = status, None, False
    if status == "void":
        _cancel_open_payments(world, invoice)
    world.tell(invoice.account, "invoice.updated", invoice, previous)
    world.tell(invoice.account, event, invoice)


def _cancel_open_payments(world: World, invoice: Invoice) -> None:
    for payment in (world.get(InvoicePayment, each) for each in invoice.payments):
        if payment.status == "open":
            payment.status, payment.canceled_at = "canceled", world.now
            intent = world.get(Intent, payment.intent)
            intent.status, intent.canceled_at = "canceled", world.now
            world.tell(invoice.account, "payment_intent.canceled", intent)
