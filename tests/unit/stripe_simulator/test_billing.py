"""What Stripe does with renewals, payments, retries and cancellations, event by event."""

import pytest

from stripe_simulator import charging, invoices, reversals, settling, standing, subscribers
from stripe_simulator.model import Card, Charge, Intent, Invoice, InvoicePayment, Shape, SmartRetries
from stripe_simulator.platform.model import Dispute
from stripe_simulator.world import Refused
from support.stripe_simulator.shop import DAY, opened

PAID = [
    "charge.succeeded", "payment_intent.succeeded", "invoice_payment.paid", "invoice.updated", "invoice.paid",
    "invoice.payment_succeeded",
]  # fmt: skip
FAILED = ["charge.failed", "payment_intent.payment_failed", "invoice.updated", "invoice.payment_failed"]


def test_a_renewal_is_announced_drafted_finalized_and_paid(shop):
    before, ends = len(shop.world.events), shop.subscription.period_end
    shop.world.advance(ends + 2 * 3600)
    assert shop.types(before) == [
        "invoice.upcoming", "invoice.created", "customer.subscription.updated", "invoice.finalized",
        "payment_intent.created", *PAID,
    ]  # fmt: skip
    times = [event.created - ends for event in shop.world.events[before:]]
    assert times[:3] == [-7 * DAY, 0, 0]
    assert set(times[3:]) == {3600}
    (invoice,) = shop.world.all(Invoice)
    assert (invoice.status, invoice.amount_paid, invoice.remaining) == ("paid", 1900, 0)
    assert shop.subscription.period_start == ends
    assert shop.subscription.status == "active"


def test_it_goes_on_for_a_year(shop):
    shop.world.advance(shop.world.now + 366 * DAY)
    assert len(shop.world.all(Invoice)) == 12
    assert {charge.trigger for charge in shop.charges()} == {"billing"}


def test_a_failed_renewal(shop):
    shop.declines("insufficient_funds")
    before = len(shop.world.events)
    invoice = shop.renew()
    assert shop.types(before)[-5:] == [*FAILED, "customer.subscription.updated"]
    assert (invoice.status, invoice.attempt_count, invoice.next_payment_attempt) == ("open", 1, None)
    assert shop.subscription.status == "past_due"
    assert shop.last("customer.subscription.updated")["status"] == "past_due"
    (charge,) = shop.charges()
    assert charge.decline.decline_code == "insufficient_funds"


def test_smart_retries_follow_the_first_failure_and_end_in_cancellation():
    shop = opened(smart_retries=SmartRetries(days=(3, 5, 7), then="cancel"))
    shop.declines("do_not_honor")
    invoice = shop.renew()
    first = shop.world.now
    shop.world.advance(first + 10 * DAY)
    assert [(charge.created - first) // DAY for charge in shop.charges()] == [0, 3, 5, 7]
    assert [charge.trigger for charge in shop.charges()] == ["billing", *["smart_retry"] * 3]
    assert (invoice.attempt_count, invoice.next_payment_attempt, invoice.status) == (4, None, "open")
    assert shop.subscription.status == "canceled"
    assert shop.subscription.cancellation_reason == "payment_failed"
    assert shop.last("customer.subscription.deleted")["cancellation_details"]["reason"] == "payment_failed"
    assert not invoice.auto_advance


@pytest.mark.parametrize("then, status", [("unpaid", "unpaid"), ("leave", "past_due")])
def test_other_ends_of_smart_retries(then, status):
    shop = opened(smart_retries=SmartRetries(days=(1,), then=then))
    shop.declines("do_not_honor")
    shop.renew()
    shop.world.advance(shop.world.now + 3 * DAY)
    assert shop.subscription.status == status


def test_s13_stripe_counts_attempts_that_it_does_not_make():
    """S-13: attempt_count rises without a charge until there is another card."""
    shop = opened(smart_retries=SmartRetries(days=(1, 2, 3, 4)))
    shop.declines("lost_card")
    invoice = shop.renew()
    shop.world.advance(shop.world.now + 3 * DAY + 1)
    assert (invoice.attempt_count, len(shop.charges())) == (4, 1)
    assert shop.types()[-1] == "invoice.updated"
    subscribers.new_card(shop.world, shop.customer)
    shop.world.advance(shop.world.now + DAY)
    assert (invoice.attempt_count, invoice.status, len(shop.charges())) == (5, "paid", 2)
    assert shop.subscription.status == "active"


def test_only_automatic_attempts_raise_the_count(shop):
    shop.declines("generic_decline")
    invoice = shop.renew()
    for trigger in ("api", "customer", "api"):
        assert not charging.attempt(shop.world, invoice, trigger).paid
    assert (invoice.attempt_count, len(shop.charges())) == (1, 4)
    charging.attempt(shop.world, invoice, "smart_retry")
    assert invoice.attempt_count == 2


def test_without_a_card_it_fails_without_a_charge(shop):
    subscribers.detach(shop.world, shop.card)
    invoice = shop.renew()
    assert (invoice.attempt_count, shop.charges()) == (1, [])
    assert "invoice.payment_failed" in shop.types()


def test_the_subscriptions_card_goes_before_the_customers(shop):
    """S-23: another default of the customer changes nothing while the subscription has its own."""
    own = subscribers.new_card(shop.world, shop.customer, default=False, last4="1111")
    subscribers.pay_subscription_with(shop.world, shop.subscription, own)
    subscribers.new_card(shop.world, shop.customer, last4="2222")
    shop.renew()
    assert shop.world.get(Card, shop.charges()[-1].card).last4 == "1111"


def test_three_d_secure(shop):
    shop.declines("authentication_required")
    before = len(shop.world.events)
    invoice = shop.renew()
    types = shop.types(before)
    assert "payment_intent.requires_action" in types
    assert types.index("invoice.payment_action_required") < types.index("invoice.payment_failed")
    assert shop.world.get(Intent, invoice.intent).status == "requires_action"
    assert not charging.attempt(shop.world, invoice, "api").paid
    assert charging.attempt(shop.world, invoice, "customer").paid
    assert invoice.status == "paid"


def test_parts_of_an_invoice(shop):
    """S-84: two parts leave it open, the third closes it."""
    shop.declines("do_not_honor")
    invoice = shop.renew()
    shop.card.episodes = []
    for part, remaining in ((500, 1400), (600, 800), (800, 0)):
        charging.attempt(shop.world, invoice, "customer", part=part)
        assert invoice.remaining == remaining
    assert invoice.status == "paid"
    payments = [shop.world.get(InvoicePayment, each) for each in invoice.payments]
    assert [(each.status, each.amount_paid) for each in payments] == [
        ("canceled", None), ("paid", 500), ("paid", 600), ("paid", 800)
    ]  # fmt: skip
    with pytest.raises(Refused, match="already paid"):
        charging.attempt(shop.world, invoice, "customer")


def test_paid_in_another_way(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    settling.pay_out_of_band(shop.world, invoice)
    assert (invoice.status, invoice.paid_out_of_band, invoice.remaining) == ("paid", True, 0)
    assert shop.subscription.status == "active"
    assert shop.world.get(Intent, invoice.intent).status == "canceled"
    assert len(shop.charges()) == 1


def test_credited_in_part_and_then_to_nothing(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    settling.credit(shop.world, invoice, 900)
    assert (invoice.status, invoice.due, invoice.remaining) == ("open", 1000, 1000)
    with pytest.raises(Refused):
        settling.credit(shop.world, invoice, 1001)
    settling.credit(shop.world, invoice, 1000)
    assert (invoice.status, invoice.amount_paid) == ("paid", 0)
    assert shop.last("invoice.paid")["pre_payment_credit_notes_amount"] == 1900


def test_void_and_uncollectible(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    settling.mark_uncollectible(shop.world, invoice)
    assert shop.types()[-1] == "invoice.marked_uncollectible"
    settling.void(shop.world, invoice)
    assert "invoice.voided" in shop.types()
    for act in (settling.void, settling.mark_uncollectible, settling.pay_out_of_band):
        with pytest.raises(Refused):
            act(shop.world, invoice)


def test_an_uncollectible_invoice_can_be_paid(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    settling.mark_uncollectible(shop.world, invoice)
    shop.card.episodes = []
    assert charging.attempt(shop.world, invoice, "customer").paid
    assert invoice.status == "paid"


def test_a_subscription_that_ends_leaves_what_is_owed(shop):
    shop.declines("do_not_honor")
    invoice = shop.renew()
    standing.end(shop.world, shop.subscription, "cancellation_requested")
    assert (invoice.status, invoice.auto_advance) == ("open", False)
    with pytest.raises(Refused):
        standing.end(shop.world, shop.subscription, "cancellation_requested")
    with pytest.raises(Refused):
        shop.renew()


def test_cancelled_at_the_end_of_its_period(shop):
    subscribers.cancel_at_period_end(shop.world, shop.subscription)
    assert shop.last("customer.subscription.updated")["cancel_at"] == shop.subscription.period_end
    subscribers.cancel_at_period_end(shop.world, shop.subscription, cancel=False)
    assert shop.subscription.canceled_at is None
    subscribers.cancel_at_period_end(shop.world, shop.subscription)
    shop.world.advance(shop.subscription.period_end + DAY)
    assert shop.subscription.status == "canceled"
    assert shop.world.all(Invoice) == []


def test_a_first_invoice_that_is_not_paid_expires(shop):
    shop.declines("do_not_honor")
    first = subscribers.subscribe(shop.world, shop.customer, 500, charge_now=True)
    invoice = shop.world.get(Invoice, first.latest_invoice)
    assert (first.status, invoice.billing_reason) == ("incomplete", "subscription_create")
    shop.world.advance(shop.world.now + DAY)
    assert (first.status, invoice.status) == ("incomplete_expired", "void")


def test_nothing_to_pay_is_paid_without_a_charge(shop):
    free = subscribers.subscribe(shop.world, shop.customer, 0, charge_now=True)
    assert free.status == "active"
    assert shop.last("invoice.paid")["amount_paid"] == 0
    assert shop.charges() == []


def test_a_card_that_the_network_renews(shop):
    shop.card.exp_month, shop.card.exp_year = 1, 2026
    before = shop.card.fingerprint
    subscribers.update_automatically(shop.world, shop.card, 8, 2030, "9999")
    event = shop.world.events[-1]
    assert event.type == "payment_method.automatically_updated"
    assert event.body["data"]["object"]["card"]["exp_year"] == 2030
    assert event.body["data"]["previous_attributes"]["card"]["exp_year"] == 2026
    assert shop.card.fingerprint != before


def test_refunds_and_disputes_add_up(shop):
    shop.renew()
    charge = shop.charges()[-1]
    reversals.refund(shop.world, charge, 400)
    reversals.refund(shop.world, charge, 500)
    assert shop.last("charge.refunded")["amount_refunded"] == 900
    with pytest.raises(Refused):
        reversals.refund(shop.world, charge, 1001)
    reversals.refund(shop.world, charge)
    assert shop.last("charge.refunded")["refunded"] is True
    disputed = reversals.dispute(shop.world, charge)
    reversals.close_dispute(shop.world, disputed, "won")
    assert shop.world.get(Dispute, disputed.id).status == "won"
    assert shop.types()[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]
    for again in (reversals.refund, reversals.dispute):
        with pytest.raises(Refused):
            again(shop.world, charge)


def test_what_failed_is_not_refunded(shop):
    shop.declines("do_not_honor")
    shop.renew()
    with pytest.raises(Refused):
        reversals.refund(shop.world, shop.charges()[-1])


def test_an_invoice_of_no_subscription(shop):
    invoice = invoices.bill_once(shop.world, shop.customer, 700)
    assert (invoice.status, invoice.billing_reason) == ("paid", "manual")
    assert shop.last("invoice.paid")["parent"] is None


def test_older_accounts_hear_nothing_of_invoice_payments():
    shop = opened(Shape.ACACIA)
    shop.renew()
    assert "invoice_payment.paid" not in shop.types()
    assert len(shop.world.all(Charge)) == 1
