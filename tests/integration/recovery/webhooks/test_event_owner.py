"""The tenant of an event, and events that belong to no tenant (process_webhook)."""

import json

import pytest

from recovery.reconciliation import pending_payments
from recovery.stripe_account.decider import STRIPE_ACCOUNT
from stripe_simulator import connect
from stripe_simulator.webhooks import raw
from support.dynamodb import stored_items
from support.recovery.webhook_delivery import OPENED, posted
from support.spec import OTHER
from troupe.ids import new_id
from troupe.store import keys, reads, table
from troupe.store.transact import load


class TestWhose:
    def test_an_unconnected_account(self, shut):
        shut.stripe.failed_renewal()
        shut.deliver()
        assert shut.ignored(shut.last("invoice.payment_failed").id) == "unknown_account"
        assert shut.calls() == []

    @pytest.mark.parametrize("account", ["acct#1", "acct_1#UNIQUE"])
    def test_an_account_that_is_none(self, delivery, account):
        body = {"id": "evt_1", "type": "invoice.paid", "account": account, "livemode": True}
        assert posted(json.dumps(body | {"data": {"object": {"id": "in_1"}}})).status in {200, 400}
        if reads.one(keys.inbox("stripe-connect", "evt_1")):
            assert delivery.process("evt_1") == []
            assert delivery.ignored("evt_1") == "unknown_account"

    def test_s_33_an_invoice_of_another_account(self, delivery):
        """The tenant is that of the event's account, not the one in the event; Stripe has no such invoice there."""
        invoice = delivery.stripe.failed_renewal()
        delivery.deliver()
        before = delivery.happened()
        other = delivery.other_account()
        delivery.tenant.account(delivery.tenant.workspace("Other"), other.id, livemode=True)
        event = json.loads(raw(delivery.last("invoice.payment_failed")))
        body = json.dumps(event | {"id": "evt_forged", "account": other.id})
        assert posted(body).status == 200
        assert delivery.process("evt_forged") == []
        assert delivery.ignored("evt_forged") == "unknown_invoice"
        assert delivery.happened() == before
        assert reads.one(keys.standing(OTHER)) is None
        assert delivery.attempt(invoice).stripe_account_id == delivery.stripe.account.id

    def test_of_a_platform_event_there_is_nothing_to_be_replayed(self, delivery):
        body = {"id": "evt_1", "type": "invoice.paid", "livemode": True, "data": {"object": {"id": "in_1"}}}
        posted(json.dumps(body))
        assert delivery.process("evt_1") == ["m0"]
        assert delivery.ignored("evt_1") == "platform_event"
        assert "body" not in delivery.inbox("evt_1")
        assert delivery.calls() == []

    def test_an_account_whose_guard_outlived_it(self, delivery):
        """Nothing of it is stored: there is nothing to be ended."""
        key = keys.state(delivery.tenant.tenant_id, "stripe_account", delivery.account)
        table.client().delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": "STATE"}})
        connect.deauthorize(delivery.stripe.world, delivery.stripe.account)
        (gone,) = delivery.events()[-1:]
        assert delivery.deliver([gone]) == []
        assert delivery.ignored(gone.id) == "unknown_account"

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            ("invoice.paid", "no_invoice"),
            ("customer.subscription.updated", "no_customer"),
            ("payment_method.attached", "no_customer"),
        ],
    )
    def test_an_event_that_points_to_nothing(self, delivery, kind, why):
        event = {"id": "evt_1", "type": kind, "account": delivery.stripe.account.id, "livemode": True}
        posted(json.dumps(event | {"data": {"object": {}}}))
        assert delivery.process("evt_1") == []
        assert delivery.ignored("evt_1") == why
        assert delivery.calls() == []


class TestParked:
    def test_s_81_a_payment_intent_that_overtakes_its_invoice_is_joined(self, delivery):
        invoice = delivery.stripe.failed_renewal()
        events = {each.type: each for each in delivery.events()}
        parts, invoice.payments[:] = list(invoice.payments), []  # not linked yet
        assert delivery.deliver([events["payment_intent.payment_failed"], events["charge.failed"]]) == []
        assert delivery.ignored(events["payment_intent.payment_failed"].id) == "parked"
        tenant, account = delivery.tenant.tenant_id, delivery.stripe.account.id
        assert reads.one(pending_payments.key(tenant, account, invoice.intent))
        assert delivery.happened() == []
        invoice.payments[:] = parts
        assert delivery.deliver([events["invoice.payment_failed"]]) == []
        assert delivery.happened() == OPENED
        assert reads.one(pending_payments.key(tenant, account, invoice.intent)) is None

    def test_a_charge_of_no_payment_intent(self, delivery):
        body = {
            "id": "evt_1",
            "type": "charge.failed",
            "account": delivery.stripe.account.id,
            "livemode": True,
            "data": {"object": {"id": "ch_unknown"}},
        }
        posted(json.dumps(body))
        assert delivery.process("evt_1") == []
        assert delivery.ignored("evt_1") == "no_invoice"


class TestDisconnected:
    def test_s_39_it_is_written_once_and_nothing_is_asked_any_more(self, delivery):
        delivery.stripe.failed_renewal()
        delivery.deliver()
        asked = len(delivery.calls())
        connect.deauthorize(delivery.stripe.world, delivery.stripe.account)
        gone = delivery.events()
        assert delivery.deliver(gone) == []
        account = load(delivery.tenant.tenant_id, STRIPE_ACCOUNT, delivery.account).state
        assert (account.status, account.disconnected_reason) == ("disconnected", "deauthorized")
        assert account.disconnected_at == delivery.stripe.now
        delivery.process(gone[0].id)
        posted(raw(gone[0]).replace(gone[0].id.encode(), b"evt_again"))
        assert delivery.process("evt_again") == []
        assert delivery.ignored("evt_again") == "known_already"
        late = raw(
            next(each for each in delivery.stripe.world.events if each.type == "invoice.payment_failed")
        )
        posted(late.replace(b'"id": "evt_', b'"id": "evt_late_', 1))
        late_id = json.loads(late)["id"].replace("evt_", "evt_late_")
        assert delivery.process(late_id) == []
        assert delivery.ignored(late_id) == "account_disconnected"
        assert len(delivery.calls()) == asked


def test_nothing_of_another_tenant_is_touched(delivery):
    delivery.stripe.failed_renewal()
    delivery.deliver()
    tenants = {item["PK"].partition("#")[0] for item in stored_items()}
    assert tenants <= {"@", delivery.tenant.tenant_id}
    assert new_id() not in tenants
