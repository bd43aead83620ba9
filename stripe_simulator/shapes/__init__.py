"""Stripe's JSON of the world's objects, in each of the API's shapes.

The fields are those of the recordings and of https://github.com/stripe/openapi; where versions differ:

| | 2020-08-27 | 2024-09-30.acacia | 2025-04-30.basil |
|---|---|---|---|
| the invoice's subscription | `subscription` | `subscription` | `parent.subscription_details` |
| the invoice's payment | `payment_intent`, `charge`, `paid` | the same | `invoice_payment`, `payments` |
| a PaymentIntent's or charge's invoice | `invoice` | `invoice` | only by `invoice_payment` |
| a PaymentIntent's charges | `charges`, `latest_charge` | `latest_charge` | `latest_charge` |
| the subscription's period | on it | on it | on its items |
"""

from typing import TYPE_CHECKING, Any

from stripe_simulator.model import (
    Account,
    Card,
    Charge,
    CreditNote,
    Customer,
    Intent,
    Invoice,
    InvoicePayment,
    Shape,
    Subscription,
    Thing,
)
from stripe_simulator.platform.model import (
    AccountLink,
    Dispute,
    Entry,
    Payout,
    Refund,
    Transfer,
    TransferReversal,
)
from stripe_simulator.shapes import connect, invoices, payments, people, reversals, subscriptions

if TYPE_CHECKING:
    from stripe_simulator.world import World

FIRST_BASIL = "2025-03-31"
FIRST_WITHOUT_CHARGES = "2022-11-15"


def shape_of(version: str) -> Shape:
    """The shape that a `Stripe-Version` asks for; later ones differ from basil in nothing that is here."""
    if version >= FIRST_BASIL:
        return Shape.BASIL
    return Shape.ACACIA if version >= FIRST_WITHOUT_CHARGES else Shape.CLASSIC


def rendered(world: "World", thing: Thing, shape: Shape) -> dict[str, Any]:  # noqa: C901, PLR0911, PLR0912 -- a case each
    match thing:
        case Account():
            return people.account(thing)
        case Customer():
            return people.customer(world, thing)
        case Card():
            return people.payment_method(world, thing)
        case Subscription():
            return subscriptions.subscription(world, thing, shape)
        case Invoice():
            return invoices.invoice(world, thing, shape)
        case InvoicePayment():
            return invoices.invoice_payment(world, thing)
        case Intent():
            return payments.payment_intent(world, thing, shape)
        case Charge():
            return payments.charge(world, thing, shape)
        case Refund():
            return reversals.refund(world, thing)
        case Dispute():
            return reversals.dispute(world, thing)
        case CreditNote():
            return reversals.credit_note(world, thing)
        case Transfer():
            return connect.transfer(world, thing)
        case TransferReversal():
            return connect.transfer_reversal(thing)
        case Payout():
            return connect.payout(world, thing)
        case AccountLink():
            return connect.account_link(world, thing)
        case Entry():
            return connect.balance_transaction(world, thing)
