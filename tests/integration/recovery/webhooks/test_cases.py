"""Cases that webhooks open and end, against the simulated Stripe over HTTP (process_webhook)."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Lock

import pytest

from recovery.sequence.decider import DUNNING_SEQUENCE
from stripe_simulator.webhooks import raw
from support.recovery.stripe_account_world import Shape
from support.recovery.webhook_delivery import OPENED, posted
from troupe.store import table
from troupe.store.transact import load


class TestCases:
    def test_a_failed_renewal_opens_one_case(self, delivery):
        sequence = delivery.tenant.sequence(delivery.workspace)
        invoice = delivery.stripe.failed_renewal()
        assert delivery.deliver() == []
        assert delivery.happened() == OPENED
        attempt = delivery.attempt(invoice)
        edition = load(delivery.tenant.tenant_id, DUNNING_SEQUENCE, sequence).state.current
        assert (attempt.sequence.id, attempt.sequence.edition) == (sequence, edition.edition)
        assert [step.id for step in attempt.steps] == [step.id for step in edition.steps]
        assert attempt.workspace_id == delivery.workspace

    @pytest.mark.parametrize("shape", list(Shape))
    def test_a_month_in_every_shape(self, shut, shape):
        delivery = shut.open(shape=shape)
        invoice = delivery.stripe.failed_renewal("expired_card")
        delivery.deliver()
        delivery.forward(days=2)
        delivery.stripe.new_card(invoice)
        delivery.deliver()
        assert delivery.attempt(invoice).retry.at - delivery.stripe.now < timedelta(minutes=1)
        delivery.forward(hours=1)
        delivery.stripe.retried_by_stripe(invoice)
        delivery.deliver()
        delivery.forward(days=3)
        delivery.stripe.refunded(invoice, 700)
        delivery.deliver()
        attempt = delivery.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "organic")
        assert (attempt.recovered_amount_cents, attempt.reversed_amount_cents) == (2_000, 700)

    def test_s_26_every_event_three_times_at_once(self, delivery, monkeypatch):
        monkeypatch.setattr("troupe.store.commit.CAP_SECONDS", 0.01)
        invoice = delivery.stripe.failed_renewal()
        events = delivery.events()
        for event in events:
            assert posted(raw(event)).status == 200
        one_at_a_time(monkeypatch)
        with ThreadPoolExecutor(6) as pool:
            lost = list(pool.map(delivery.process, delivery.kept(events) * 3))
        assert not any(lost)
        assert delivery.happened() == OPENED
        assert len(delivery.attempt(invoice).charges) == 1

    @pytest.mark.parametrize("order", [1, -1])
    def test_s_27_what_comes_late_changes_nothing(self, delivery, order):
        invoice = delivery.stripe.failed_renewal()
        early = delivery.events()
        delivery.forward(hours=3)
        delivery.stripe.behave(delivery.stripe.card_of(invoice))
        delivery.stripe.retried_by_stripe(invoice)
        paid = delivery.events()
        delivery.deliver([*paid, *early][::order])
        delivery.deliver(early)
        attempt = delivery.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "auto_retry")
        assert [
            each for each in delivery.happened() if each.endswith((".started", ".recovered", ".recorded"))
        ] == [
            "recovery_attempt.started",
            "recovery_attempt.recovered",
            "recovery_outcome.recorded",
        ]

    def test_s_34_another_livemode_is_ignored_and_counted(self, shut):
        delivery = shut.open(livemode=False)
        delivery.stripe.failed_renewal()
        delivery.deliver()
        assert delivery.ignored(delivery.last("invoice.payment_failed").id) == "wrong_livemode"
        assert delivery.happened() == []

    def test_s_24_why_no_case_is_opened_stands_on_the_event(self, delivery):
        delivery.stripe.billed("insufficient_funds")
        delivery.deliver()
        assert delivery.ignored(delivery.last("invoice.payment_failed").id) == "not_a_renewal"
        assert delivery.happened() == []

    def test_s_35_who_cancels_is_let_go_and_the_invoice_voided_where_that_is_the_policy(self, shut):
        delivery = shut.open(on_cancel_invoice="void")
        invoice = delivery.stripe.failed_renewal()
        delivery.deliver()
        delivery.forward(days=1)
        delivery.stripe.cancelled(invoice)
        delivery.deliver()
        assert delivery.attempt(invoice).end_reason == "cancelled"
        assert invoice.status == "void"
        assert len([path for path in delivery.calls("POST") if path.endswith("/void")]) == 1

    def test_s_35_what_was_paid_meanwhile_is_not_voided(self, shut):
        delivery = shut.open(on_cancel_invoice="void")
        invoice = delivery.stripe.failed_renewal()
        delivery.deliver()
        delivery.forward(days=1)
        delivery.stripe.cancelled(invoice)
        delivery.fails("broken", ".*/void")
        events = delivery.events()
        assert delivery.deliver(events) != []
        assert delivery.attempt(invoice).end_reason == "cancelled"
        delivery.mends()
        delivery.stripe.behave(delivery.stripe.card_of(invoice))
        delivery.stripe.paid_by_customer(invoice)
        assert delivery.process(*delivery.kept(events)) == []
        assert invoice.status != "void"

    def test_s_36_a_dispute_that_names_only_its_charge(self, delivery):
        invoice = delivery.stripe.failed_renewal()
        delivery.forward(hours=1)
        delivery.stripe.behave(delivery.stripe.card_of(invoice))
        delivery.stripe.retried_by_stripe(invoice)
        delivery.deliver()
        delivery.stripe.disputed(invoice)
        events = [_without_intent(each) for each in delivery.events()]
        assert delivery.deliver(events) == []
        assert delivery.attempt(invoice).reversed_amount_cents == 2_000


def _without_intent(event):
    body = json.loads(json.dumps(event.body))
    body["data"]["object"]["payment_intent"] = None
    return type(event)(id=event.id, account=event.account, type=event.type, created=event.created, body=body)


def one_at_a_time(monkeypatch):
    """Moto checks and writes without a lock, the table does not."""
    client, lock = table.client(), Lock()
    real = client._make_api_call

    def call(*given):
        with lock:
            return real(*given)

    monkeypatch.setattr(client, "_make_api_call", call)
