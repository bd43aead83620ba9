"""Stripe down, slow and late, and two at once (process_webhook)."""

import json

import boto3
import pytest

from recovery.stripe import event as stripe_events
from recovery.webhook import process
from stripe_simulator.webhooks import raw
from support.dynamodb import stored_events
from support.recovery.webhook_delivery import OPENED, QUEUE, posted
from support.spec import LAMBDA
from support.stream_events import failed
from troupe.messaging import inbox_queue
from troupe.store import keys, reads, table, writes
from troupe.store.commit import commit

RECOVERED = ["recovery_attempt.amount_changed", "recovery_attempt.recovered", "recovery_outcome.recorded"]


class TestFaults:
    @pytest.mark.parametrize("fault", ["down", "rate_limited", "broken", "lost"])
    def test_s_32_stripe_is_not_to_be_had_and_nothing_is_lost(self, delivery, fault):
        invoice = delivery.stripe.failed_renewal()
        events = delivery.events()
        delivery.fails(fault)
        assert delivery.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        item = delivery.inbox(delivery.last("invoice.payment_failed").id)
        assert item["failures"] == 1
        assert item["failure"]["error"].startswith(("UnknownOutcome", "RetryLater"))
        assert delivery.happened() == []
        delivery.mends()
        assert delivery.process(*delivery.kept(events)) == []
        assert delivery.happened() == OPENED
        assert "failure" not in delivery.inbox(delivery.last("invoice.payment_failed").id)
        assert delivery.attempt(invoice).pending

    def test_a_fault_that_passes_is_not_even_noticed(self, delivery):
        delivery.stripe.failed_renewal()
        delivery.fails("broken", calls=2)
        assert delivery.deliver() == []
        assert delivery.happened() == OPENED

    def test_slow(self, delivery):
        delivery.stripe.failed_renewal()
        delivery.fails("slow", ".*/invoices/.*", calls=3, milliseconds=200)
        assert delivery.deliver() == []
        assert delivery.happened() == OPENED

    def test_s_32_a_crash_after_the_commit_and_a_replay_do_it_once(self, delivery, monkeypatch):
        delivery.stripe.failed_renewal()
        events = delivery.events()
        with monkeypatch.context() as gone:
            gone.setattr("troupe.messaging.inbox.processed", lambda _webhook: 1 / 0)
            assert delivery.deliver(events) == [
                each.id for each in events if stripe_events.read(each.body).subject
            ]
        assert delivery.happened() == OPENED
        assert delivery.process(*delivery.kept(events)) == []
        assert delivery.happened() == OPENED

    def test_make_replay_takes_nothing_that_was_processed(self, delivery):
        delivery.stripe.failed_renewal()
        delivery.deliver()
        event = delivery.last("invoice.payment_failed")
        with pytest.raises(LookupError):
            inbox_queue.replay("stripe-connect", event.id)
        assert delivery.inbox(event.id).keys().isdisjoint({"body", "headers"})

    def test_access_that_was_taken_before_we_are_told(self, delivery):
        delivery.stripe.failed_renewal()
        events = delivery.events()
        delivery.stripe.account.connected = False
        assert delivery.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        assert delivery.happened() == []
        error = delivery.inbox(delivery.last("invoice.payment_failed").id)["failure"]["error"]
        assert error == "Misused: PermissionError"

    def test_a_poisoned_event_holds_back_its_own_group_alone(self, delivery):
        posted(json.dumps({"id": "evt_bad", "type": "invoice.paid", "account": "acct_1", "livemode": True}))
        delivery.stripe.failed_renewal()
        events = delivery.events()
        for event in events:
            posted(raw(event))
        commit_wrong(delivery)
        bodies = [
            json.dumps({"source": "stripe-connect", "event_id": each})
            for each in ("evt_bad", *delivery.kept(events))
        ]
        records = [
            {"messageId": f"m{n}", "body": body, "attributes": {"MessageGroupId": f"g{n > 0}"}}
            for n, body in enumerate(bodies)
        ]
        assert failed(process.handler({"Records": records}, LAMBDA)) == ["m0"]
        assert delivery.happened() == OPENED

    def test_two_who_open_the_same_case_at_once(self, delivery, monkeypatch):
        """The second finds the guard held, looks again, and has nothing to add."""
        from recovery.reconciliation import read

        invoice = delivery.stripe.failed_renewal()
        events = [each for each in delivery.events() if each.type.startswith("invoice.")]
        real, raced = read.Gateway.fetch, []

        def meanwhile(gateway, invoice_id, at):
            fetched = real(gateway, invoice_id, at)
            if not raced:
                raced.append(1)
                delivery.deliver([events[-2]])
            return fetched

        monkeypatch.setattr(read.Gateway, "fetch", meanwhile)
        assert delivery.deliver([events[-1]]) == []
        assert delivery.happened() == OPENED
        assert delivery.attempt(invoice).pending

    def test_a_case_that_was_opened_between_two_reads(self, delivery, monkeypatch):
        """A version that was read is stale, and what is read again names another attempt."""
        invoice = delivery.stripe.failed_renewal()
        events = [each for each in delivery.events() if each.type.startswith("invoice.")]
        delivery.deliver(events[-2:-1])
        from recovery.reconciliation import read

        real, blind = reads.one, []

        def one(key):
            if key.sk == "LATEST" and not blind:
                blind.append(key)
                return None
            return real(key)

        monkeypatch.setattr(read.reads, "one", one)
        assert delivery.deliver(events[-1:]) == []
        assert blind
        assert delivery.happened() == OPENED
        assert delivery.attempt(invoice).pending

    def test_an_account_whose_workspace_cannot_be_read(self, delivery):
        """It is a fault of ours: the webhook is kept, and fails until the table is mended."""
        delivery.stripe.failed_renewal()
        event = next(each for each in delivery.events() if each.type == "invoice.payment_failed")
        key = keys.state(delivery.tenant.tenant_id, "workspace", delivery.workspace)
        commit(
            [
                writes.update(
                    key, "SET #state = :none", {"none": '{"state":"none"}'}, names={"#state": "state"}
                )
            ]
        )
        assert delivery.deliver([event]) == [event.id]
        assert delivery.inbox(event.id)["failure"]["error"].startswith("Unreadable")
        assert delivery.happened() == []

    def test_another_refusal_is_told(self, delivery, monkeypatch):
        from recovery.reconciliation import sync
        from troupe.domain.decider import Rejected

        delivery.stripe.failed_renewal()
        event = next(each for each in delivery.events() if each.type == "invoice.payment_failed")

        def refused(*_, **__):
            raise Rejected("invalid_transition", "No.")

        monkeypatch.setattr(sync, "carry_out", refused)
        assert delivery.deliver([event]) == [event.id]
        assert delivery.inbox(event.id)["failure"]["error"] == "Rejected: No."

    def test_it_gives_up_after_lost_races_without_end(self, delivery, monkeypatch):
        from recovery.case import transactions
        from recovery.reconciliation import sync

        delivery.stripe.failed_renewal()
        event = next(each for each in delivery.events() if each.type == "invoice.payment_failed")

        def refused(*_, **__):
            raise transactions.ACTIVE

        monkeypatch.setattr(sync, "carry_out", refused)
        assert delivery.deliver([event]) == [event.id]


def commit_wrong(delivery):
    """The inbox item's body is none any more."""
    key = keys.inbox("stripe-connect", "evt_bad")
    table.client().update_item(
        TableName="t",
        Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}},
        UpdateExpression="SET body = :body",
        ExpressionAttributeValues={":body": {"S": "{"}},
    )


def _asks_stripe(event):
    """Not so where the customer has nothing open, which the table tells."""
    stripe_event = stripe_events.read(event.body)
    return stripe_event.subject in {"invoice", "intent"} or (
        stripe_event.subject == "customer" and not stripe_event.subscription_id
    )


def test_the_whole_way_through_stream_and_queue(delivery, monkeypatch):
    url = boto3.client("sqs").create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("stripe-connect.fifo"))
    invoice = delivery.stripe.failed_renewal()
    assert delivery.through_the_queue(url) == []
    delivery.forward(days=1)
    delivery.stripe.behave(delivery.stripe.card_of(invoice))
    delivery.stripe.retried_by_stripe(invoice)
    assert delivery.through_the_queue(url) == []
    assert delivery.attempt(invoice).status == "recovered"
    assert delivery.happened() == [*OPENED, "recovery_attempt.payment_attempted", *RECOVERED]
    (outcome,) = stored_events("recovery_outcome.recorded")
    assert outcome.data["outcome"] == "recovered"
    assert outcome.actor == "stripe"
