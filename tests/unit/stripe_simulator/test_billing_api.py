"""Stripe's library bills and pays over loopback, and cannot tell that it is simulated."""

import json

import pytest
import stripe

from stripe_simulator import charging, reversals, settling, subscribers
from stripe_simulator.model import Shape
from support.stripe_simulator.shop import DAY


def test_an_invoice_with_what_is_expanded(served):
    invoice = served.failed()
    expand = ["payments.data.payment.payment_intent.latest_charge", "customer", "lines"]
    got = served.v1.invoices.retrieve(invoice.id, {"expand": expand}, served.options)
    assert (got.status, got.customer.email) == ("open", "ada@example.com")
    intent = got.payments.data[0].payment.payment_intent
    assert intent.latest_charge.outcome.network_decline_code == "51"
    plain = served.v1.invoices.retrieve(invoice.id, None, served.options)
    assert plain.customer == served.shop.customer.id
    assert "payments" not in plain
    with pytest.raises(stripe.InvalidRequestError, match="cannot be expanded"):
        served.v1.invoices.retrieve(invoice.id, {"expand": ["nonsense"]}, served.options)


def test_the_shape_follows_the_version_asked_for(served):
    invoice = served.failed()
    options = {**served.options, "stripe_version": Shape.ACACIA}
    assert served.v1.invoices.retrieve(invoice.id, None, options).payment_intent == invoice.intent


def test_everything_that_hangs_on_an_invoice(served):
    v1, options, invoice = served.v1, served.options, served.failed()
    by_intent = {"payment": {"type": "payment_intent", "payment_intent": invoice.intent}}
    (payment,) = v1.invoice_payments.list(by_intent, options).data
    assert [each.id for each in v1.invoice_payments.list({"invoice": invoice.id}, options)] == [payment.id]
    (charge,) = v1.charges.list({"payment_intent": invoice.intent}, options).data
    assert v1.charges.retrieve(charge.id, None, options).failure_code == "card_declined"
    assert v1.payment_intents.retrieve(invoice.intent, None, options).last_payment_error.charge == charge.id
    subscription = v1.subscriptions.retrieve(invoice.subscription, None, options)
    assert (subscription.status, subscription["items"].data[0].quantity) == ("past_due", 1)
    customer = v1.customers.retrieve(invoice.customer, None, options)
    assert (customer.metadata["timezone"], customer.address.country) == ("Europe/Berlin", "US")
    card = v1.payment_methods.retrieve(customer.invoice_settings.default_payment_method, None, options)
    assert card.card.fingerprint == charge.payment_method_details.card.fingerprint
    assert [each.id for each in v1.customers.payment_methods.list(customer.id, None, options)] == [card.id]
    assert v1.disputes.list({"charge": charge.id}, options).data == []


def test_paying(served):
    invoice = served.failed()
    served.shop.card.episodes = []
    paid = served.v1.invoices.pay(invoice.id, {"off_session": True}, served.keyed("k"))
    assert (paid.status, paid.amount_paid) == ("paid", 1900)
    again = served.v1.invoices.pay(invoice.id, {"off_session": True}, served.keyed("k"))
    assert again.last_response.headers["idempotent-replayed"] == "true"
    assert len(served.shop.charges()) == 2
    with pytest.raises(stripe.InvalidRequestError, match="already paid"):
        served.v1.invoices.pay(invoice.id, None, served.options)


def test_a_decline_is_a_card_error_and_is_replayed(served):
    invoice = served.failed()
    for replayed in (None, "true"):
        with pytest.raises(stripe.CardError) as refused:
            served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
        error = refused.value.error
        assert (refused.value.http_status, error.code) == (402, "card_declined")
        assert (error.decline_code, error.advice_code) == ("insufficient_funds", "try_again_later")
        assert error.payment_intent.id == invoice.intent
        assert refused.value.headers.get("idempotent-replayed") == replayed
    assert len(served.shop.charges()) == 2
    assert [made.replayed for made in served.simulation.made] == [False, True]


def test_a_key_is_kept_for_a_day_and_for_one_request(served):
    invoice = served.failed()
    with pytest.raises(stripe.CardError):
        served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
    with pytest.raises(stripe.IdempotencyError):
        served.v1.invoices.pay(invoice.id, {"off_session": False}, served.keyed("k"))
    served.shop.world.advance(served.shop.world.now + DAY)
    with pytest.raises(stripe.CardError):
        served.v1.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 3


def test_three_d_secure_is_asked_for(served):
    invoice = served.failed("authentication_required")
    with pytest.raises(stripe.CardError) as refused:
        served.v1.invoices.pay(invoice.id, None, served.options)
    assert refused.value.code == "invoice_payment_intent_requires_action"
    assert refused.value.error.payment_intent.status == "requires_action"


def test_paying_with_a_card_of_someone_else_or_with_none(served):
    invoice = served.failed()
    stranger = subscribers.new_customer(served.shop.world, served.shop.account)
    card = subscribers.new_card(served.shop.world, stranger)
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        served.v1.invoices.pay(invoice.id, {"payment_method": card.id}, served.options)
    subscribers.detach(served.shop.world, served.shop.card)
    with pytest.raises(stripe.InvalidRequestError, match="no attached payment source"):
        served.v1.invoices.pay(invoice.id, None, served.options)
    own = subscribers.new_card(served.shop.world, served.shop.customer, default=False)
    assert served.v1.invoices.pay(invoice.id, {"payment_method": own.id}, served.options).status == "paid"


def test_what_a_merchant_does_with_an_invoice(served):
    v1, options = served.v1, served.options
    voided = v1.invoices.void_invoice(served.failed().id, None, options)
    assert voided.status_transitions.voided_at == served.shop.world.now
    second, third = served.failed(), served.failed()
    assert v1.invoices.mark_uncollectible(second.id, None, options).status == "uncollectible"
    assert v1.invoices.update(third.id, {"auto_advance": False}, options).auto_advance is False
    assert v1.invoices.pay(third.id, {"paid_out_of_band": True}, options).status == "paid"
    listed = v1.invoices.list({"customer": served.shop.customer.id, "limit": 2}, options)
    assert ([each.id for each in listed.data], listed.has_more) == ([third.id, second.id], True)
    assert len(list(listed.auto_paging_iter())) == 3
    assert [each.id for each in v1.invoices.list({"status": "void"}, options)] == [voided.id]


def test_subscriptions_change(served):
    v1, options, subscription = served.v1, served.options, served.shop.subscription
    updated = v1.subscriptions.update(
        subscription.id,
        {"cancel_at_period_end": True, "default_payment_method": served.shop.card.id},
        options,
    )
    assert (updated.cancel_at_period_end, updated.default_payment_method) == (True, served.shop.card.id)
    assert len(v1.subscriptions.list({"customer": subscription.customer}, options).data) == 1
    assert v1.subscriptions.cancel(subscription.id, None, options).status == "canceled"
    assert v1.subscriptions.list({"customer": subscription.customer}, options).data == []
    assert len(v1.subscriptions.list({"status": "all"}, options).data) == 1


def test_money_that_goes_back(served):
    served.shop.renew()
    charge = served.shop.charges()[-1]
    refund = served.v1.refunds.create({"payment_intent": charge.intent, "amount": 400}, served.options)
    with pytest.raises(stripe.InvalidRequestError) as refused:
        served.v1.refunds.create({"charge": charge.id, "amount": 1501}, served.options)
    assert refused.value.param == "amount"
    reversals.dispute(served.shop.world, charge)
    got = served.v1.charges.retrieve(charge.id, {"expand": ["refunds"]}, served.options)
    assert (got.amount_refunded, got.disputed, got.refunds.data[0].id) == (400, True, refund.id)
    assert len(served.v1.disputes.list({"payment_intent": charge.intent}, served.options).data) == 1
    assert len(served.v1.refunds.list({"charge": charge.id}, served.options).data) == 1
    with pytest.raises(stripe.InvalidRequestError) as refused:
        served.v1.refunds.create({"charge": charge.id, "amount": 1501}, served.options)
    assert refused.value.code == "charge_disputed"


def test_credit(served):
    invoice = served.failed()
    note = served.v1.credit_notes.create({"invoice": invoice.id, "amount": 900}, served.options)
    assert served.v1.credit_notes.list({"invoice": invoice.id}, served.options).data[0].id == note.id
    assert served.v1.invoices.retrieve(invoice.id, None, served.options).amount_remaining == 1000


def test_a_settled_invoice_refuses_by_name(served):
    invoice = served.failed()
    settling.void(served.shop.world, invoice)
    with pytest.raises(stripe.InvalidRequestError, match="void"):
        served.v1.invoices.pay(invoice.id, None, served.options)
    assert charging.paying_card(served.shop.world, invoice) is served.shop.card
    assert json.dumps(served.world("calls").json())


def test_customers_and_cards_change(served):
    v1, options, customer = served.v1, served.options, served.shop.customer
    second = subscribers.new_card(served.shop.world, customer, default=False)
    params = {
        "email": "new@example.com",
        "metadata": {"k": "v"},
        "invoice_settings": {"default_payment_method": second.id},
    }
    changed = v1.customers.update(customer.id, params, options)
    assert (changed.email, changed.metadata["k"]) == ("new@example.com", "v")
    assert changed.invoice_settings.default_payment_method == second.id
    assert [each.id for each in v1.customers.list({"email": "new@example.com"}, options)] == [customer.id]
    assert v1.payment_methods.detach(second.id, None, options).customer is None
    assert customer.default_payment_method is None


def test_a_draft_is_finalized_and_a_dispute_accepted(served):
    drafted = subscribers.renew(served.shop.world, served.shop.subscription)
    assert served.v1.invoices.finalize_invoice(drafted.id, None, served.options).status == "paid"
    with pytest.raises(stripe.InvalidRequestError):
        served.v1.invoices.finalize_invoice(drafted.id, None, served.options)
    charge = served.shop.charges()[-1]
    dispute = reversals.dispute(served.shop.world, charge)
    assert served.v1.disputes.close(dispute.id, None, served.options).status == "lost"
    with pytest.raises(stripe.InvalidRequestError):
        served.v1.disputes.close(dispute.id, None, served.options)
    for listed in (served.v1.disputes, served.v1.refunds, served.v1.charges, served.v1.payment_intents):
        assert {each.object for each in listed.list(None, served.options)} <= {
            "dispute",
            "charge",
            "payment_intent",
        }


def test_lists_within_a_time(served):
    first = served.failed()
    served.shop.world.advance(served.shop.world.now + DAY)
    second = served.failed()
    both = {"customer": served.shop.customer.id}
    for bound, found in (("gt", [second]), ("gte", [second, first]), ("lt", []), ("lte", [first])):
        listed = served.v1.invoices.list({**both, "created": {bound: first.created}}, served.options)
        assert [each.id for each in listed] == [each.id for each in found]
    for wrong in ({"limit": 0}, {"limit": 101}, {"starting_after": "in_unknown"}):
        with pytest.raises(stripe.InvalidRequestError):
            served.v1.invoices.list(wrong, served.options)
