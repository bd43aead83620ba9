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
    def test_a_failed_renewal_opens_one_case(self, office):
        sequence = office.rescue.sequence(office.workspace)
        invoice = office.town.failed_renewal()
        assert office.deliver() == []
        assert office.happened() == OPENED
        attempt = office.attempt(invoice)
        edition = load(office.rescue.tenant_id, DUNNING_SEQUENCE, sequence).state.current
        assert (attempt.sequence.id, attempt.sequence.edition) == (sequence, edition.edition)
        assert [step.id for step in attempt.steps] == [step.id for step in edition.steps]
        assert attempt.workspace_id == office.workspace

    @pytest.mark.parametrize("shape", list(Shape))
    def test_a_month_in_every_shape(self, shut, shape):
        office = shut.open(shape=shape)
        invoice = office.town.failed_renewal("expired_card")
        office.deliver()
        office.forward(days=2)
        office.town.new_card(invoice)
        office.deliver()
        assert office.attempt(invoice).retry.at - office.town.now < timedelta(minutes=1)
        office.forward(hours=1)
        office.town.retried_by_stripe(invoice)
        office.deliver()
        office.forward(days=3)
        office.town.refunded(invoice, 700)
        office.deliver()
        attempt = office.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "organic")
        assert (attempt.recovered_amount_cents, attempt.reversed_amount_cents) == (2_000, 700)

    def test_s_26_every_event_three_times_at_once(self, office, monkeypatch):
        monkeypatch.setattr("troupe.store.commit.CAP_SECONDS", 0.01)
        invoice = office.town.failed_renewal()
        events = office.events()
        for event in events:
            assert posted(raw(event)).status == 200
        one_at_a_time(monkeypatch)
        with ThreadPoolExecutor(6) as pool:
            lost = list(pool.map(lambda event: office.process(event.id), events * 3))
        assert not any(lost)
        assert office.happened() == OPENED
        assert len(office.attempt(invoice).charges) == 1

    @pytest.mark.parametrize("order", [1, -1])
    def test_s_27_what_comes_late_changes_nothing(self, office, order):
        invoice = office.town.failed_renewal()
        early = office.events()
        office.forward(hours=3)
        office.town.behave(office.town.card_of(invoice))
        office.town.retried_by_stripe(invoice)
        paid = office.events()
        office.deliver([*paid, *early][::order])
        office.deliver(early)
        attempt = office.attempt(invoice)
        assert (attempt.status, attempt.attribution) == ("recovered", "auto_retry")
        assert [
            each for each in office.happened() if each.endswith((".started", ".recovered", ".recorded"))
        ] == [
            "recovery_attempt.started",
            "recovery_attempt.recovered",
            "recovery_outcome.recorded",
        ]

    def test_s_34_another_livemode_is_ignored_and_counted(self, shut):
        office = shut.open(livemode=False)
        office.town.failed_renewal()
        office.deliver()
        assert office.ignored(office.last("invoice.payment_failed").id) == "wrong_livemode"
        assert office.happened() == []

    def test_s_24_why_no_case_is_opened_stands_on_the_event(self, office):
        office.town.billed("insufficient_funds")
        office.deliver()
        assert office.ignored(office.last("invoice.payment_failed").id) == "not_a_renewal"
        assert office.happened() == []

    def test_s_35_who_cancels_is_let_go_and_the_invoice_voided_where_that_is_the_policy(self, shut):
        office = shut.open(on_cancel_invoice="void")
        invoice = office.town.failed_renewal()
        office.deliver()
        office.forward(days=1)
        office.town.cancelled(invoice)
        office.deliver()
        assert office.attempt(invoice).end_reason == "cancelled"
        assert invoice.status == "void"
        assert len([path for path in office.calls("POST") if path.endswith("/void")]) == 1

    def test_s_35_what_was_paid_meanwhile_is_not_voided(self, shut):
        office = shut.open(on_cancel_invoice="void")
        invoice = office.town.failed_renewal()
        office.deliver()
        office.forward(days=1)
        office.town.cancelled(invoice)
        office.fails("broken", ".*/void")
        events = office.events()
        assert office.deliver(events) != []
        assert office.attempt(invoice).end_reason == "cancelled"
        office.mends()
        office.town.behave(office.town.card_of(invoice))
        office.town.paid_by_customer(invoice)
        assert office.process(*[event.id for event in events]) == []
        assert invoice.status != "void"

    def test_s_36_a_dispute_that_names_only_its_charge(self, office):
        invoice = office.town.failed_renewal()
        office.forward(hours=1)
        office.town.behave(office.town.card_of(invoice))
        office.town.retried_by_stripe(invoice)
        office.deliver()
        office.town.disputed(invoice)
        events = [_without_intent(each) for each in office.events()]
        assert office.deliver(events) == []
        assert office.attempt(invoice).reversed_amount_cents == 2_000


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
