"""Charging an invoice: by Stripe when it falls due, by Smart Retries, by the API, by the customer."""

from dataclasses import dataclass
from functools import partial

from stripe_simulator import settling, standing
from stripe_simulator.cards import DAY, authorized
from stripe_simulator.declines import NEVER_RETRIED, Decline, name_of
from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    Customer,
    Intent,
    Invoice,
    InvoicePayment,
    Shape,
    Trigger,
)
from stripe_simulator.platform import balance
from stripe_simulator.world import Refused, World

AUTOMATIC: tuple[Trigger, ...] = ("billing", "smart_retry")


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """`charge` is None when there was no card to charge."""

    charge: Charge | None

    @property
    def paid(self) -> bool:
        return self.charge is not None and self.charge.decline is None


def paying_card(world: World, invoice: Invoice) -> Card | None:
    """The subscription's payment method goes before the customer's."""
    subscription = standing.of(world, invoice)
    customer = world.get(Customer, invoice.customer)
    chosen = (
        subscription.default_payment_method if subscription else None
    ) or customer.default_payment_method
    return world.get(Card, chosen) if chosen else None


def attempt(
    world: World, invoice: Invoice, trigger: Trigger, card: Card | None = None, part: int | None = None
) -> Attempt:
    """One attempt to charge what remains, or a `part` of it by a PaymentIntent of its own.

    Any attempt is the first; after it only the automatic ones are counted by Stripe
    (https://docs.stripe.com/api/invoices/object#invoice_object-attempt_count).
    """
    settling.require(invoice, "open", "uncollectible")
    amount = invoice.remaining if part is None else part
    if not 0 < amount <= invoice.remaining:
        raise Refused("The amount must be positive and within what remains.", None, "amount")
    card = card or paying_card(world, invoice)
    before = {"attempt_count": invoice.attempt_count, "next_payment_attempt": invoice.next_payment_attempt}
    if trigger in AUTOMATIC or invoice.attempt_count == 0:
        invoice.attempt_count += 1
    if card is None:
        _failed(world, invoice, trigger, before, None)
        return Attempt(charge=None)
    payment = _payment(world, invoice, amount, alone=part is not None)
    charge = _charge(world, payment, card, trigger)
    if charge.decline:
        _declined(world, charge)
        _failed(world, invoice, trigger, before, charge.decline)
    else:
        _succeeded(world, invoice, payment, charge)
    return Attempt(charge=charge)


def _payment(world: World, invoice: Invoice, amount: int, *, alone: bool) -> InvoicePayment:
    """The invoice's own, or one more beside it."""
    own = world.get(InvoicePayment, invoice.payments[0]) if invoice.payments else None
    if own is None or alone or own.status != "open":
        return new_payment(world, invoice, amount)
    own.requested = world.get(Intent, own.intent).amount = amount
    return own


def new_payment(world: World, invoice: Invoice, amount: int) -> InvoicePayment:
    """A PaymentIntent for the invoice, and what links them."""
    intent = Intent(
        id=world.identifier("pi"),
        account=invoice.account,
        customer=invoice.customer,
        invoice=invoice.id,
        amount=amount,
        currency=invoice.currency,
        created=world.now,
    )
    payment = InvoicePayment(
        id=world.identifier("inpay"),
        account=invoice.account,
        invoice=invoice.id,
        intent=intent.id,
        requested=amount,
        created=world.now,
        is_default=not invoice.payments,
    )
    world.add(intent)
    invoice.intent = invoice.intent or intent.id
    invoice.payments.append(world.add(payment).id)
    world.tell(invoice.account, "payment_intent.created", intent)
    return payment


def _charge(world: World, payment: InvoicePayment, card: Card, trigger: Trigger) -> Charge:
    intent = world.get(Intent, payment.intent)
    charge = Charge(
        id=world.identifier("ch"),
        account=payment.account,
        customer=intent.customer,
        invoice=payment.invoice,
        intent=intent.id,
        card=card.id,
        amount=intent.amount,
        currency=intent.currency,
        created=world.now,
        trigger=trigger,
        decline=authorized(card, intent.amount, world.now, present=trigger == "customer"),
    )
    world.add(charge)
    world.get(Customer, intent.customer).charges.append(charge.id)
    intent.charges.append(charge.id)
    intent.card, intent.error = card.id, charge.decline
    return charge


def _declined(world: World, charge: Charge) -> None:
    intent = world.get(Intent, charge.intent)
    needs_action = charge.decline is not None and charge.decline.code == "authentication_required"
    intent.status = "requires_action" if needs_action else "requires_payment_method"
    world.tell(charge.account, "charge.failed", charge)
    world.tell(
        charge.account,
        "payment_intent.requires_action" if needs_action else "payment_intent.payment_failed",
        intent,
    )


def _failed(
    world: World, invoice: Invoice, trigger: Trigger, before: dict[str, int | None], decline: Decline | None
) -> None:
    invoice.first_failed_at = invoice.first_failed_at or world.now
    if trigger in AUTOMATIC:
        _plan_retry(world, invoice)
    world.tell(invoice.account, "invoice.updated", invoice, before)
    if decline is not None and decline.code == "authentication_required":
        world.tell(invoice.account, "invoice.payment_action_required", invoice)
    world.tell(invoice.account, "invoice.payment_failed", invoice)
    standing.fall_behind(world, invoice)
    if trigger in AUTOMATIC:
        _end_if_last(world, invoice)


def _succeeded(world: World, invoice: Invoice, payment: InvoicePayment, charge: Charge) -> None:
    intent = world.get(Intent, payment.intent)
    intent.status, intent.received, intent.error = "succeeded", charge.amount, None
    payment.status, payment.amount_paid, payment.paid_at = "paid", charge.amount, world.now
    previous = {"amount_paid": invoice.amount_paid, "amount_remaining": invoice.remaining}
    invoice.amount_paid += charge.amount
    balance.settle(world, charge)
    world.tell(charge.account, "charge.succeeded", charge)
    world.tell(charge.account, "payment_intent.succeeded", intent)
    if world.get(Account, charge.account).shape is Shape.BASIL:
        world.tell(charge.account, "invoice_payment.paid", payment)
    settling.settle_if_nothing_remains(world, invoice, dict(previous))


def _plan_retry(world: World, invoice: Invoice) -> None:
    """Smart Retries, if the account has them on; counted from the first failure."""
    rule = world.get(Account, invoice.account).smart_retries
    number = invoice.attempt_count - 1
    if rule is None or not invoice.auto_advance or number >= len(rule.days):
        invoice.next_payment_attempt = None
        return
    due = max(world.now + 1, (invoice.first_failed_at or world.now) + round(rule.days[number] * DAY))
    invoice.next_payment_attempt = due
    world.at(due, partial(_retry, world, invoice, due))


def _retry(world: World, invoice: Invoice, due: int) -> None:
    if invoice.status != "open" or invoice.next_payment_attempt != due:
        return
    card = paying_card(world, invoice)
    if card is not None and _refused_for_good(world, invoice, card):
        previous = {"attempt_count": invoice.attempt_count, "next_payment_attempt": due}
        invoice.attempt_count += 1  # counted and not made
        _plan_retry(world, invoice)
        world.tell(invoice.account, "invoice.updated", invoice, previous)
        _end_if_last(world, invoice)
    else:
        attempt(world, invoice, "smart_retry", card)


def _refused_for_good(world: World, invoice: Invoice, card: Card) -> bool:
    charges = [world.get(Charge, each) for each in world.get(Customer, invoice.customer).charges]
    same = [each for each in charges if each.invoice == invoice.id and each.card == card.id and each.decline]
    return bool(same and same[-1].decline and name_of(same[-1].decline) in NEVER_RETRIED)


def _end_if_last(world: World, invoice: Invoice) -> None:
    """What the account wants done when Smart Retries have failed."""
    rule = world.get(Account, invoice.account).smart_retries
    subscription = standing.of(world, invoice)
    if rule is None or subscription is None or invoice.attempt_count <= len(rule.days):
        return
    if rule.then == "cancel" and subscription.status not in standing.ENDED:
        standing.end(world, subscription, "payment_failed")
    elif rule.then == "unpaid" and subscription.status == "past_due":
        standing.change(world, subscription, "unpaid")
