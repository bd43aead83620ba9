"""PaymentIntents that belong to no invoice (https://docs.stripe.com/payments/paymentintents/lifecycle)."""

from functools import partial
from typing import Any

from stripe_simulator import reversals
from stripe_simulator.cards import DAY, authorized
from stripe_simulator.declines import Decline, named
from stripe_simulator.model import Card, Charge, Intent
from stripe_simulator.platform import balance, currencies
from stripe_simulator.world import Refused, World

UNEXPECTED = "payment_intent_unexpected_state"
DEBIT_TAKES = 4 * DAY  # https://docs.stripe.com/payments/ach-direct-debit: up to four business days
CONFIRMABLE = ("requires_payment_method", "requires_confirmation", "requires_action")
DEBITED = {"us_bank_account": "usd", "sepa_debit": "eur"}
UNAUTHENTICATED = Decline(code="payment_intent_authentication_failure")


def create(world: World, account: str, amount: int, currency: str, **fields: Any) -> Intent:
    currencies.check_charge(currency, amount)
    intent = Intent(
        id=world.identifier("pi"),
        account=account,
        customer=fields.pop("customer", None),
        invoice=None,
        amount=amount,
        currency=currency,
        created=world.now,
        **fields,
    )
    world.tell(account, "payment_intent.created", world.add(intent))
    return intent


def choose(intent: Intent, card: Card) -> None:
    """The PaymentMethod that is to be charged; it is not yet."""
    needed = DEBITED.get(card.kind, intent.currency)
    if needed != intent.currency:
        said = f"The currency {intent.currency} is invalid for {card.kind}, which takes {needed}."
        raise Refused(said, "payment_intent_incompatible_payment_method", "payment_method", intent)
    intent.card = card.id
    if intent.status == "requires_payment_method":
        intent.status = "requires_confirmation"


def confirm(world: World, intent: Intent, card: Card | None, *, off_session: bool = False) -> None:
    """Charge it. What came of it is in its status and its error."""
    if intent.status not in CONFIRMABLE:
        said = f"You cannot confirm this PaymentIntent because it has a status of {intent.status}."
        raise Refused(said, UNEXPECTED, None, intent)
    if card is not None:
        choose(intent, card)
    if intent.card is None or intent.status == "requires_payment_method":
        said = "You cannot confirm this PaymentIntent because it's missing a payment method."
        raise Refused(said, UNEXPECTED, None, intent)
    _charge(world, intent, world.get(Card, intent.card), off_session=off_session)


def authenticate(world: World, intent: Intent, *, success: bool) -> None:
    """The customer answers the question of the card's bank."""
    if intent.status != "requires_action" or intent.card is None:
        raise Refused("Nobody is asked about this PaymentIntent.", UNEXPECTED, None, intent)
    if success:
        _charge(world, intent, world.get(Card, intent.card), present=True)
    else:
        _failed(world, intent, UNAUTHENTICATED)


def settle(world: World, intent: Intent, failure: str | None = None) -> None:
    """The end of a bank debit."""
    if intent.status != "processing":
        raise Refused("This PaymentIntent is not processing.", UNEXPECTED, None, intent)
    charge = world.get(Charge, intent.charges[-1])
    charge.pending = False
    if failure is None:
        _succeeded(world, intent, charge)
        return
    charge.decline = named(failure)
    world.tell(charge.account, "charge.failed", charge)
    _failed(world, intent, charge.decline)


def cancel(world: World, intent: Intent, reason: str | None = None) -> None:
    if intent.status not in CONFIRMABLE or intent.invoice:
        said = f"You cannot cancel this PaymentIntent because it has a status of {intent.status}."
        raise Refused(said, UNEXPECTED, None, intent)
    intent.status, intent.canceled_at, intent.cancellation_reason = "canceled", world.now, reason
    world.tell(intent.account, "payment_intent.canceled", intent)


def _charge(
    world: World, intent: Intent, card: Card, *, off_session: bool = False, present: bool = False
) -> None:
    decline = None if card.slow else authorized(card, intent.amount, world.now, present=present)
    if decline is not None and decline.code == "authentication_required" and not off_session:
        intent.status, intent.error = "requires_action", None
        world.tell(intent.account, "payment_intent.requires_action", intent)
        return
    charge = Charge(
        id=world.identifier("ch"),
        account=intent.account,
        customer=intent.customer,
        invoice=None,
        intent=intent.id,
        card=card.id,
        amount=intent.amount,
        currency=intent.currency,
        created=world.now,
        trigger="api" if off_session else "customer",
        decline=decline,
        pending=card.slow,
        metadata=dict(intent.metadata),
        description=intent.description,
        transfer_group=intent.transfer_group,
    )
    intent.charges.append(world.add(charge).id)
    if card.slow:
        _debit(world, intent, card, charge)
    elif decline is not None:
        world.tell(charge.account, "charge.failed", charge)
        _failed(world, intent, decline)
    else:
        _succeeded(world, intent, charge)


def _debit(world: World, intent: Intent, card: Card, charge: Charge) -> None:
    intent.status, intent.error = "processing", None
    world.tell(charge.account, "charge.pending", charge)
    world.tell(intent.account, "payment_intent.processing", intent)
    failure = card.episodes[0].decline if card.episodes else None
    world.at(world.now + DEBIT_TAKES, partial(_settle_if_open, world, intent, charge.id, failure))


def _settle_if_open(world: World, intent: Intent, charge: str, failure: str | None) -> None:
    if intent.status == "processing" and intent.charges[-1] == charge:
        settle(world, intent, failure)


def _failed(world: World, intent: Intent, error: Decline) -> None:
    intent.status, intent.error = "requires_payment_method", error
    world.tell(intent.account, "payment_intent.payment_failed", intent)


def _succeeded(world: World, intent: Intent, charge: Charge) -> None:
    intent.status, intent.received, intent.error = "succeeded", charge.amount, None
    balance.settle(world, charge)
    world.tell(charge.account, "charge.succeeded", charge)
    world.tell(intent.account, "payment_intent.succeeded", intent)
    if world.get(Card, charge.card).quirk == "disputed":
        reversals.dispute(world, charge)
