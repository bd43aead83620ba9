"""Stripe's test PaymentMethods, each by its name (https://docs.stripe.com/testing)."""

from dataclasses import dataclass

from stripe_simulator.model import Account, Card, Episode, MethodKind, Quirk
from stripe_simulator.world import Missing, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Test:
    """What it does. `declines`: at once for a card, days later for a bank account."""

    brand: str = "visa"
    last4: str = "4242"
    kind: MethodKind = "card"
    declines: str | None = None
    quirk: Quirk | None = None


def _bank(declines: str | None = None) -> Test:
    return Test(kind="us_bank_account", last4="6789", declines=declines)


TESTS: dict[str, Test] = {
    "pm_card_visa": Test(),
    "pm_card_mastercard": Test(brand="mastercard", last4="4444"),
    "pm_card_amex": Test(brand="amex", last4="8431"),
    "pm_card_bypassPending": Test(last4="0077", quirk="bypass_pending"),
    "pm_card_chargeCustomerFail": Test(last4="0341", declines="generic_decline"),
    "pm_card_visa_chargeDeclined": Test(last4="0002", declines="generic_decline"),
    "pm_card_visa_chargeDeclinedInsufficientFunds": Test(last4="9995", declines="insufficient_funds"),
    "pm_card_visa_chargeDeclinedLostCard": Test(last4="9987", declines="lost_card"),
    "pm_card_visa_chargeDeclinedStolenCard": Test(last4="9979", declines="stolen_card"),
    "pm_card_chargeDeclinedExpiredCard": Test(last4="0069", declines="expired_card"),
    "pm_card_chargeDeclinedIncorrectCvc": Test(last4="0127", declines="incorrect_cvc"),
    "pm_card_chargeDeclinedProcessingError": Test(last4="0119", declines="processing_error"),
    "pm_card_authenticationRequired": Test(last4="3184", declines="authentication_required"),
    "pm_card_createDispute": Test(last4="0259", quirk="disputed"),
    "pm_card_refundFail": Test(last4="5126", quirk="refund_fails"),
    "pm_card_pendingRefund": Test(last4="7726", quirk="refund_pending"),
    "pm_usBankAccount_success": _bank(),
    "pm_usBankAccount_insufficientFunds": _bank("insufficient_funds"),
    "pm_usBankAccount_debitNotAuthorized": _bank("debit_not_authorized"),
}
"""Each use of one makes a PaymentMethod of its own, as at Stripe."""


def found(world: World, name: str, account: str) -> Card:
    """The PaymentMethod that is charged; raises `Missing`."""
    test = TESTS.get(name)
    if test is None:
        return world.get(Card, name, account)
    if world.get(Account, account).livemode:
        raise Missing(Card, name)
    return new(world, account, test)


def new(world: World, account: str, test: Test) -> Card:
    """Attached to no customer."""
    card = Card(
        id=world.identifier("pm"),
        account=account,
        customer=None,
        brand=test.brand,
        country="US",
        funding="credit",
        last4=test.last4,
        fingerprint=world.identifier("fp").removeprefix("fp_")[:16],
        exp_month=12,
        exp_year=2040,
        created=world.now,
        episodes=[Episode(decline=test.declines)] if test.declines else [],
        kind=test.kind,
        quirk=test.quirk,
    )
    return world.add(card)
