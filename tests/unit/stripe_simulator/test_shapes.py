"""Objects have the fields that Stripe's have, each where that version of the API keeps it."""

import json

import pytest

from stripe_simulator import charging, reversals, settling, shapes, subscribers
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
)
from stripe_simulator.platform import accounts, balance, payouts, transfers
from stripe_simulator.platform.model import (
    AccountLink,
    Dispute,
    Entry,
    Payout,
    Refund,
    Transfer,
    TransferReversal,
)
from stripe_simulator.world import PLATFORM
from support.recorded_payloads import STRIPE, needs_objects, needs_webhooks
from support.stripe_simulator.shop import opened

KINDS = {
    "account": Account, "charge": Charge, "credit_note": CreditNote, "customer": Customer, "dispute": Dispute,
    "invoice": Invoice, "invoice_payment": InvoicePayment, "payment_intent": Intent, "payment_method": Card,
    "refund": Refund, "subscription": Subscription, "account_link": AccountLink, "payout": Payout,
    "transfer": Transfer, "transfer_reversal": TransferReversal, "balance_transaction": Entry,
}  # fmt: skip


def lively(shape: Shape):
    """A shop in which a bit of everything happened."""
    shop = opened(shape)
    shop.declines("insufficient_funds")
    invoice = shop.renew()
    settling.credit(shop.world, invoice, 100)
    shop.card.episodes = []
    charging.attempt(shop.world, invoice, "customer")
    reversals.refund(shop.world, shop.charges()[-1], 10)
    reversals.dispute(shop.world, shop.charges()[-1])
    subscribers.update_automatically(shop.world, shop.card, 1, 2031, None)
    return shop


def _pay_somebody(world):
    """Of the platform's own money: a transfer there and back, and a payout."""
    balance.enter(world, PLATFORM, "tu_1", "topup", 5000, "usd")
    account = accounts.create(world, "US", ["transfers"])
    accounts.link(world, account, "http://h", "http://h")
    accounts.onboard(world, account)
    sent = transfers.send(world, PLATFORM, 3000, "usd", account.id)
    transfers.take_back(world, sent, 1000)
    payouts.pay_out(world, account, 2000, "usd", automatic=True)


def shown(shop, kind, shape):
    return shapes.rendered(shop.world, shop.world.all(kind)[-1], shape)


@pytest.mark.parametrize("shape", list(Shape))
def test_where_the_versions_keep_things(shape):
    shop = lively(shape)
    basil, classic = shape is Shape.BASIL, shape is Shape.CLASSIC
    invoice, intent = shown(shop, Invoice, shape), shown(shop, Intent, shape)
    charge, subscription = shown(shop, Charge, shape), shown(shop, Subscription, shape)
    older = {"subscription", "payment_intent", "charge", "paid", "paid_out_of_band"}
    assert older & invoice.keys() == (set() if basil else older)
    assert ("parent" in invoice, "invoice" in intent, "invoice" in charge) == (basil, not basil, not basil)
    assert ("charges" in intent, "refunds" in charge) == (classic, classic)
    assert intent["latest_charge"] == charge["id"]
    assert ("current_period_end" in subscription) is not basil
    assert ("current_period_end" in subscription["items"]["data"][0]) is basil
    named = invoice["parent"]["subscription_details"]["subscription"] if basil else invoice["subscription"]
    assert named == subscription["id"]


@pytest.mark.parametrize("shape", list(Shape))
def test_events_come_in_the_accounts_version(shape):
    shop = lively(shape)
    for event in shop.world.events:
        assert event.body["api_version"] == shape
        assert (event.body["account"], event.body["livemode"]) == (shop.account.id, True)
    failed = shop.last("invoice.payment_failed")
    assert ("subscription" in failed) is (shape is not Shape.BASIL)


def test_an_event_stays_as_it_was(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    before = json.dumps([event.body for event in shop.world.events])
    charging.attempt(shop.world, invoice, "api")
    shop.customer.metadata["new"] = "fact"
    assert json.dumps([event.body for event in shop.world.events])[: len(before) - 1] == before[:-1]


def test_a_decline_is_told_in_all_its_places(shop):
    shop.card.brand = "mastercard"
    shop.declines("insufficient_funds")
    shop.renew()
    charge, intent = shop.last("charge.failed"), shop.last("payment_intent.payment_failed")
    assert charge["failure_code"] == "card_declined"
    outcome = charge["outcome"]
    assert (outcome["type"], outcome["reason"]) == ("issuer_declined", "insufficient_funds")
    assert (outcome["network_decline_code"], outcome["network_advice_code"]) == ("51", "02")
    error = intent["last_payment_error"]
    assert (error["code"], error["decline_code"]) == ("card_declined", "insufficient_funds")
    assert (error["advice_code"], error["charge"]) == ("try_again_later", charge["id"])


def test_an_expired_card_is_told_in_the_code_alone(shop):
    shop.declines("expired_card")
    shop.renew()
    error = shop.last("payment_intent.payment_failed")["last_payment_error"]
    assert (error["code"], "decline_code" in error) == ("expired_card", False)


@pytest.mark.parametrize(
    "version, shape",
    [
        ("2020-08-27", Shape.CLASSIC), ("2022-11-15", Shape.ACACIA), ("2024-09-30.acacia", Shape.ACACIA),
        ("2025-03-31.basil", Shape.BASIL), ("2026-10-28.endive", Shape.BASIL),
    ],
)  # fmt: skip
def test_which_shape_a_version_is(version, shape):
    assert shapes.shape_of(version) is shape


NOT_HERE = {
    "account": {"company", "controller", "external_accounts", "future_requirements", "individual",
                "tos_acceptance"},
    "charge": {"refunds", "source"},  # refunds if expanded
    "credit_note": {"amount_shipping", "customer_account", "customer_balance_transaction", "discount_amount", "discount_amounts",
                    "effective_at", "invoice", "lines", "memo", "number", "out_of_band_amount", "pdf", "refunds",
                    "post_payment_amount", "pre_payment_amount", "pretax_credit_amounts", "shipping_cost",
                    "subtotal_excluding_tax", "total_excluding_tax", "total_taxes"},
    "customer": {"cash_balance", "customer_account", "sources", "subscriptions", "tax", "tax_ids",
                 "invoice_credit_balance", "next_invoice_sequence", "business_name", "individual_name"},
    "dispute": {"enhanced_eligibility_types", "evidence", "payment_method_details"},
    "invoice": {"customer_account", "subscription"},
    "invoice_payment": set(),
    "account_link": set(),
    "balance_transaction": set(),
    "payout": {"payout_method"},
    "transfer": set(),
    "transfer_reversal": set(),
    "payment_intent": {"customer_account", "excluded_payment_method_types", "managed_payments",
                       "payment_method_configuration_details", "source"},
    "payment_method": {"customer_account"},
    "refund": {"customer", "customer_account", "payment_method"},
    "subscription": {"billing_cycle_anchor_config", "billing_schedules", "billing_thresholds",
                     "customer_account", "invoice_settings", "managed_payments",
                     "pending_invoice_item_interval", "trial_settings"},
}  # fmt: skip
"""What Stripe's newest objects have and these do not: nothing of it is read by a consumer of renewals."""


@needs_objects
@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_field_of_stripes_own_examples_is_here(name):
    example = json.loads((STRIPE / "fixtures3.json").read_text())["resources"][name]
    shop = lively(Shape.BASIL)
    _pay_somebody(shop.world)
    ours = shown(shop, KINDS[name], Shape.BASIL)
    assert example.keys() - ours.keys() - NOT_HERE[name] == set()
    unlike = {
        key
        for key in example.keys() & ours.keys()
        if None not in (example[key], ours[key]) and type(example[key]) is not type(ours[key])
    }
    assert unlike == set()


RECORDINGS = {
    "invoice.payment_failed": ("invoice.payment_failed", set()),
    "invoice.upcoming": ("invoice.upcoming", set()),
    "charge.refunded": ("charge.refunded", {"refunds", "invoice", "order", "type"}),
    "payment_method.attached": ("payment_method.attached", set()),
    "invoice.updated": ("invoice_payment.paid", {"parent"}),
}


@needs_webhooks
@pytest.mark.parametrize("file", sorted(RECORDINGS))
def test_every_field_of_a_recorded_event_is_here(file):
    type_, elsewhere = RECORDINGS[file]
    told = json.loads((STRIPE / "pay" / f"{file}.json").read_text())["object"]
    shop = lively(Shape.BASIL)
    shop.world.advance(shop.subscription.period_end)
    assert told.keys() - shop.last(type_).keys() == elsewhere


@needs_webhooks
def test_a_recorded_line_names_its_subscription_as_ours_does():
    told = json.loads((STRIPE / "pay" / "invoice.payment_failed.json").read_text())["object"]["lines"]["data"]
    (ours,) = lively(Shape.BASIL).last("invoice.payment_failed")["lines"]["data"]
    assert told[0].keys() - ours.keys() == set()
    assert told[0]["parent"].keys() == ours["parent"].keys()
