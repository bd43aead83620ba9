"""The three shapes of Stripe's API give the same facts, and nothing that comes raises."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.invoice import charges, reader
from recovery.invoice import json as invoice_json
from recovery.invoice.charges import StripeObjects
from recovery.policy.decline import Decline, classify
from recovery.stripe import event
from stripe_simulator import shapes as rendering
from stripe_simulator.model import Charge, Intent, InvoicePayment
from stripe_simulator.platform.model import Refund
from support.recorded_payloads import STRIPE, needs_objects, needs_webhooks
from support.recovery.stripe_account_world import BEGIN, Shape, StripeAccountWorld

NAMES = (
    *("id", "data", "card", "object", "subscription", "parent", "payments", "payment", "charges", "outcome"),
    *("type", "payment_intent", "lines", "items", "payment_method_details", "last_payment_error", "status"),
    "created",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(NAMES),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


def recordings():
    """Every object that was recorded, by its file and place; none where they are not at hand."""
    files = sorted(STRIPE.glob("pay/*.json"))
    for file in files:
        read = json.loads(file.read_text())
        yield f"pay/{file.name}", read.get("object", read) if isinstance(read.get("object"), dict) else read
    if (STRIPE / "fixtures3.json").exists():
        yield from json.loads((STRIPE / "fixtures3.json").read_text())["resources"].items()


def read_all(thing):
    """Every accessor, on any value."""
    found = StripeObjects(
        invoice=thing,
        customer=thing,
        subscription=thing,
        method=thing,
        intents=(thing,),
        charges=(thing,),
        disputes=(thing,),
        refunds=(thing,),
    )
    fetched = reader.invoice_state("acct_1", BEGIN, found)
    for read in (
        invoice_json.invoice_subscription_id,
        invoice_json.invoice_payment_intent_ids,
        invoice_json.invoice_charge_ids,
        invoice_json.invoice_paid_out_of_band,
        invoice_json.subscription_period_end,
        invoice_json.linked_invoice_id,
        invoice_json.intent_charges,
        invoice_json.error_decline,
        invoice_json.executed,
        charges.payment_method,
    ):
        read(thing)
    for kind in (*event.INTERESTING, "unheard.of"):
        stripe_event = event.read(
            {"id": "evt_1", "type": kind, "account": "acct_1", "data": {"object": thing}}
        )
        assert stripe_event.group
    return fetched


@given(JSON.filter(lambda each: isinstance(each, dict)))
def test_no_input_raises(thing):
    read_all(thing)


@needs_webhooks
@needs_objects
def test_no_recording_raises():
    seen = [name for name, thing in recordings() if read_all(thing)]
    assert len(seen) > 150


@needs_webhooks
class TestRecordings:
    """Facts that can be seen in the files."""

    def recorded(self, name):
        return dict(recordings())[f"pay/{name}.json"]

    def test_a_failed_renewal_of_basil(self):
        invoice = self.recorded("invoice.payment_failed")
        assert invoice_json.invoice_subscription_id(invoice) == "sub_1234"
        fetched = reader.invoice_state("acct_1", BEGIN, StripeObjects(invoice=invoice, customer={}))
        assert (fetched.invoice.amount_remaining_cents, fetched.invoice.currency) == (24_900, "USD")
        assert fetched.invoice.next_payment_attempt_at
        assert (fetched.customer.id, fetched.customer.country) == ("cus_1234", "US")

    def test_an_invoice_with_both_ways_of_naming(self):
        invoice = self.recorded("invoice.payment_action_required")
        assert invoice_json.invoice_subscription_id(invoice) == "sub_1234"
        assert invoice_json.invoice_payment_intent_ids(invoice) == ("pi_1234",)

    def test_a_subscription_whose_period_is_at_its_item(self):
        updated = invoice_json.subscription_period_end(self.recorded("subscription.updated"))
        assert updated == invoice_json.instant({"at": 1488987924}, "at")

    def test_a_refund(self):
        charge = self.recorded("charge.refunded")
        fetched = reader.invoice_state(
            "acct_1", BEGIN, StripeObjects(invoice={}, customer={}, charges=(charge,))
        )
        (made,) = fetched.charges
        assert (made.refunded_cents, made.charge.fingerprint, made.charge.status) == (
            500,
            "eLihtj2HTMlWeL7e",
            "succeeded",
        )


def rendered(stripe, invoice, shape):
    """What the API would answer in that shape, put together as the gateway does."""
    world = stripe.world

    def show(thing):
        return rendering.rendered(world, thing, shape)

    def of(kind):
        return tuple(show(each) for each in reversed(world.all(kind)))

    shown = show(invoice)
    if shape is Shape.BASIL:
        shown["payments"] = {"object": "list", "data": list(of(InvoicePayment))[::-1], "has_more": False}
    return StripeObjects(
        invoice=shown,
        customer=show(stripe.customer_of(invoice)),
        subscription=show(stripe.subscription_of(invoice)),
        method=show(stripe.card_of(invoice)),
        intents=of(Intent),
        charges=of(Charge),
        refunds=of(Refund),
    )


STORIES = {
    "failed": lambda _town, _invoice: None,
    "recovered": lambda stripe, invoice: (
        stripe.behave(stripe.card_of(invoice)),
        stripe.retried_by_stripe(invoice),
    ),
    "another card": lambda stripe, invoice: stripe.paid_by_customer(invoice, stripe.new_card(invoice)),
    "out of band": lambda stripe, invoice: stripe.paid_out_of_band(invoice),
    "credited": lambda stripe, invoice: stripe.credited(invoice, 300),
    "cancelled": lambda stripe, invoice: stripe.cancelled(invoice),
    "voided": lambda stripe, invoice: stripe.voided(invoice),
    "refunded": lambda stripe, invoice: (
        stripe.behave(stripe.card_of(invoice)),
        stripe.retried_by_stripe(invoice),
        stripe.refunded(invoice, 200),
    ),
}


@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("declines", ["insufficient_funds", "expired_card", "authentication_required"])
def test_all_shapes_give_the_same_truth(story, declines):
    stripe = StripeAccountWorld()
    invoice = stripe.failed_renewal(declines)
    stripe.forward(hours=3)
    STORIES[story](stripe, invoice)
    told = [reader.invoice_state("acct_1", BEGIN, rendered(stripe, invoice, shape)) for shape in Shape]
    payments = [
        [(each.amount_cents, each.paid_at, each.charge_id) for each in fetched.payments] for fetched in told
    ]
    assert payments[0] == payments[1] == payments[2]
    classic, acacia, basil = ({**_plain(fetched), "payments": None} for fetched in told)
    assert classic == acacia == basil


def _plain(fetched):
    return {name: getattr(fetched, name) for name in fetched.__slots__}


@pytest.mark.parametrize("shape", list(Shape))
def test_an_events_hint_is_the_same_in_all_shapes(shape):
    """But for the invoice of a PaymentIntent and a charge, which basil does not name (S-81)."""
    stripe = StripeAccountWorld(shape=shape)
    invoice = stripe.failed_renewal()
    read = {each.type: event.read(each.body) for each in stripe.world.events}
    failed = read["invoice.payment_failed"]
    assert (failed.invoice_id, failed.subscription_id, failed.customer_id) == (
        invoice.id,
        invoice.subscription,
        invoice.customer,
    )
    assert failed.group == f"{stripe.account.id}:{invoice.id}"
    intent = read["payment_intent.payment_failed"]
    assert intent.payment_intent_id == invoice.intent
    assert intent.invoice_id == (None if shape is Shape.BASIL else invoice.id)
    assert read["charge.failed"].payment_intent_id == invoice.intent
    assert read["customer.subscription.updated"].subscription_id == invoice.subscription
    assert read["customer.subscription.updated"].group == f"{stripe.account.id}:{invoice.subscription}"
    assert read["payment_method.attached"].customer_id == invoice.customer
    assert read["customer.created"].subject is None


class TestDeclines:
    def test_s_02_the_cause_may_be_in_the_code_alone(self):
        stripe = StripeAccountWorld()
        (made,) = stripe.fetch(stripe.failed_renewal("expired_card")).charges
        assert (made.decline.code, made.decline.decline_code) == ("expired_card", None)
        assert classify(made.decline).action == "update_card"

    def test_s_03_what_stripe_blocked_never_reached_the_network(self):
        stripe = StripeAccountWorld()
        (made,) = stripe.fetch(stripe.failed_renewal("highest_risk_level")).charges
        assert (made.decline.outcome_type, made.decline.outcome_reason) == ("blocked", "highest_risk_level")
        assert not made.charge.executed

    def test_s_04_the_networks_code_comes_with_it(self):
        stripe = StripeAccountWorld()
        (made,) = stripe.fetch(stripe.failed_renewal("stolen_card")).charges
        assert made.decline.network_decline_code == "43"
        assert classify(made.decline).never

    def test_a_former_charge_tells_as_much_as_the_latest(self):
        stripe = StripeAccountWorld()
        invoice = stripe.failed_renewal("do_not_honor")
        (before,) = stripe.fetch(invoice).charges
        stripe.forward(hours=1)
        stripe.retried_by_stripe(invoice)
        assert stripe.fetch(invoice).charges[0].decline == before.decline

    def test_what_a_payment_error_tells_of_a_charge_of_the_older_kind(self):
        error = {"code": "card_declined", "decline_code": "lost_card", "advice_code": "do_not_try_again"}
        charge = {"status": "failed", "failure_code": "card_declined"}
        told = invoice_json.enriched(invoice_json.charge_decline(charge), invoice_json.error_decline(error))
        assert told == Decline(code="card_declined", decline_code="lost_card", advice_code="do_not_try_again")
        assert invoice_json.enriched(None, told) == invoice_json.enriched(told, None) == told
        assert invoice_json.error_decline({}) is None

    def test_s_40_a_payment_intent_that_waits_stands_for_its_charge(self):
        intent = {
            "id": "pi_1",
            "status": "requires_action",
            "amount": 2_000,
            "created": 1_767_225_600,
            "payment_method": "pm_1",
        }
        fetched = reader.invoice_state(
            "acct_1", BEGIN, StripeObjects(invoice={}, customer={}, intents=(intent,))
        )
        (waiting,) = fetched.charges
        assert (waiting.charge.id, waiting.charge.executed, waiting.requires_action) == ("pi_1", False, True)
        assert classify(waiting.decline).action == "authenticate"
        assert waiting.card.payment_method_id == "pm_1"

    def test_a_card_of_the_older_kind(self):
        source = {
            "id": "card_1",
            "object": "card",
            "brand": "Visa",
            "last4": "4242",
            "fingerprint": "f",
            "exp_month": 8,
            "exp_year": 2030,
        }
        method = charges.payment_method(source)
        assert (method.id, method.type, method.fingerprint) == ("card_1", "card", "f")
        assert charges.card_of(method).expires == "2030-08"

    def test_a_challenge_means_that_the_customer_was_there(self):
        details = {"type": "card", "card": {"three_d_secure": {"authentication_flow": "challenge"}}}
        assert charges.initiator({"payment_method_details": details}) == "customer"
        assert charges.initiator({}) == "stripe"


def test_a_group_is_what_a_queue_takes():
    assert event.read({"id": "e", "type": "t", "account": "acct_ü"}).group.isalnum()
    long = event.read(
        {"id": "e", "type": "invoice.paid", "account": "acct_1", "data": {"object": {"id": "i" * 200}}}
    )
    assert len(long.group) == 64
