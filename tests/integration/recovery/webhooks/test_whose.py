"""Whose an event is, and what is done with one that is nobody's (process_webhook)."""

import json

import pytest

from recovery.reconciliation import pending_payments
from recovery.stripe_account.decider import STRIPE_ACCOUNT
from stripe_simulator import connect
from stripe_simulator.webhooks import raw
from support.identity.tenant import items
from support.recovery.webhook_delivery import OPENED, posted
from support.spec import OTHER
from troupe.ids import new_id
from troupe.store import keys, reads, table
from troupe.store.transact import load


class TestWhose:
    def test_an_account_that_nobody_connected(self, shut):
        shut.town.failed_renewal()
        shut.deliver()
        assert shut.ignored(shut.last("invoice.payment_failed").id) == "unknown_account"
        assert shut.calls() == []

    @pytest.mark.parametrize("account", ["acct#1", "acct_1#UNIQUE"])
    def test_an_account_that_is_none(self, office, account):
        body = {"id": "evt_1", "type": "invoice.paid", "account": account, "livemode": True}
        assert posted(json.dumps(body | {"data": {"object": {"id": "in_1"}}})).status in {200, 400}
        if reads.one(keys.inbox("stripe-connect", "evt_1")):
            assert office.process("evt_1") == []
            assert office.ignored("evt_1") == "unknown_account"

    def test_s_33_an_invoice_of_another_account(self, office):
        """The tenant is the event's account's, whatever the event says; and Stripe knows no such invoice there."""
        invoice = office.town.failed_renewal()
        office.deliver()
        before = office.happened()
        other = office.other_account()
        office.rescue.account(office.rescue.workspace("Other"), other.id, livemode=True)
        event = json.loads(raw(office.last("invoice.payment_failed")))
        body = json.dumps(event | {"id": "evt_forged", "account": other.id})
        assert posted(body).status == 200
        assert office.process("evt_forged") == []
        assert office.ignored("evt_forged") == "unknown_invoice"
        assert office.happened() == before
        assert reads.one(keys.standing(OTHER)) is None
        assert office.attempt(invoice).stripe_account_id == office.town.account.id

    def test_a_platform_event_that_is_replayed_by_hand(self, office):
        body = {"id": "evt_1", "type": "invoice.paid", "livemode": True, "data": {"object": {"id": "in_1"}}}
        posted(json.dumps(body))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == "platform_event"
        assert office.calls() == []

    def test_an_account_whose_guard_outlived_it(self, office):
        """Nothing of it is stored: there is nothing to be ended."""
        key = keys.state(office.rescue.tenant_id, "stripe_account", office.account)
        table.client().delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": "STATE"}})
        connect.deauthorize(office.town.world, office.town.account)
        (gone,) = office.events()[-1:]
        assert office.deliver([gone]) == []
        assert office.ignored(gone.id) == "unknown_account"

    @pytest.mark.parametrize(
        ("kind", "why"),
        [
            ("invoice.paid", "no_invoice"),
            ("customer.subscription.updated", "no_customer"),
            ("payment_method.attached", "no_customer"),
        ],
    )
    def test_an_event_that_points_to_nothing(self, office, kind, why):
        event = {"id": "evt_1", "type": kind, "account": office.town.account.id, "livemode": True}
        posted(json.dumps(event | {"data": {"object": {}}}))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == why
        assert office.calls() == []


class TestParked:
    def test_s_81_a_payment_intent_that_overtakes_its_invoice_is_joined(self, office):
        invoice = office.town.failed_renewal()
        events = {each.type: each for each in office.events()}
        parts, invoice.payments[:] = list(invoice.payments), []  # not linked yet
        assert office.deliver([events["payment_intent.payment_failed"], events["charge.failed"]]) == []
        assert office.ignored(events["payment_intent.payment_failed"].id) == "parked"
        tenant, account = office.rescue.tenant_id, office.town.account.id
        assert reads.one(pending_payments.key(tenant, account, invoice.intent))
        assert office.happened() == []
        invoice.payments[:] = parts
        assert office.deliver([events["invoice.payment_failed"]]) == []
        assert office.happened() == OPENED
        assert reads.one(pending_payments.key(tenant, account, invoice.intent)) is None

    def test_a_charge_of_no_payment_intent(self, office):
        body = {
            "id": "evt_1",
            "type": "charge.failed",
            "account": office.town.account.id,
            "livemode": True,
            "data": {"object": {"id": "ch_unknown"}},
        }
        posted(json.dumps(body))
        assert office.process("evt_1") == []
        assert office.ignored("evt_1") == "no_invoice"


class TestDisconnected:
    def test_s_39_it_is_written_once_and_nothing_is_asked_any_more(self, office):
        office.town.failed_renewal()
        office.deliver()
        asked = len(office.calls())
        connect.deauthorize(office.town.world, office.town.account)
        gone = office.events()
        assert office.deliver(gone) == []
        account = load(office.rescue.tenant_id, STRIPE_ACCOUNT, office.account).state
        assert (account.status, account.disconnected_reason) == ("disconnected", "deauthorized")
        assert account.disconnected_at == office.town.now
        office.process(gone[0].id)
        posted(raw(gone[0]).replace(gone[0].id.encode(), b"evt_again"))
        assert office.process("evt_again") == []
        assert office.ignored("evt_again") == "known_already"
        late = raw(next(each for each in office.town.world.events if each.type == "invoice.payment_failed"))
        posted(late.replace(b'"id": "evt_', b'"id": "evt_late_', 1))
        late_id = json.loads(late)["id"].replace("evt_", "evt_late_")
        assert office.process(late_id) == []
        assert office.ignored(late_id) == "account_disconnected"
        assert len(office.calls()) == asked


def test_nothing_of_another_tenant_is_touched(office):
    office.town.failed_renewal()
    office.deliver()
    tenants = {item["PK"].partition("#")[0] for item in items()}
    assert tenants <= {"@", office.rescue.tenant_id}
    assert new_id() not in tenants
