"""Stripe down, slow and late, and two at once (process_webhook)."""

import json

import boto3
import pytest

from recovery.stripe import event as stripe_event
from recovery.webhook import process
from stripe_simulator.webhooks import raw
from support.identity.tenant import happened
from support.recovery.webhook_delivery import OPENED, QUEUE, posted
from support.spec import LAMBDA
from support.stream_events import failed
from troupe.messaging import inbox_queue
from troupe.store import keys, reads, table, writes
from troupe.store.commit import commit

RECOVERED = ["recovery_attempt.amount_changed", "recovery_attempt.recovered", "recovery_outcome.recorded"]


class TestFaults:
    @pytest.mark.parametrize("fault", ["down", "rate_limited", "broken", "lost"])
    def test_s_32_stripe_is_not_to_be_had_and_nothing_is_lost(self, office, fault):
        invoice = office.town.failed_renewal()
        events = office.events()
        office.fails(fault)
        assert office.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        item = office.inbox(office.last("invoice.payment_failed").id)
        assert item["failures"] == 1
        assert item["failure"]["error"].startswith(("UnknownOutcome", "RetryLater"))
        assert office.happened() == []
        office.mends()
        assert office.process(*[event.id for event in events]) == []
        assert office.happened() == OPENED
        assert "failure" not in office.inbox(office.last("invoice.payment_failed").id)
        assert office.attempt(invoice).pending

    def test_a_fault_that_passes_is_not_even_noticed(self, office):
        office.town.failed_renewal()
        office.fails("broken", calls=2)
        assert office.deliver() == []
        assert office.happened() == OPENED

    def test_slow(self, office):
        office.town.failed_renewal()
        office.fails("slow", ".*/invoices/.*", calls=3, milliseconds=200)
        assert office.deliver() == []
        assert office.happened() == OPENED

    def test_s_32_a_crash_after_the_commit_and_a_replay_do_it_once(self, office, monkeypatch):
        office.town.failed_renewal()
        events = office.events()
        with monkeypatch.context() as gone:
            gone.setattr("troupe.messaging.inbox.processed", lambda _webhook: 1 / 0)
            assert office.deliver(events) == [
                each.id for each in events if stripe_event.read(each.body).subject
            ]
        assert office.happened() == OPENED
        assert office.process(*[event.id for event in events]) == []
        assert office.happened() == OPENED

    def test_make_replay_does_it_again_without_effect(self, office, monkeypatch):
        url = boto3.client("sqs").create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
        monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("stripe-connect.fifo"))
        office.town.failed_renewal()
        office.deliver()
        event = office.last("invoice.payment_failed")
        inbox_queue.replay("stripe-connect", event.id)
        assert "processed_at" not in office.inbox(event.id)
        assert office.process(event.id) == []
        assert "processed_at" in office.inbox(event.id)
        assert office.happened() == OPENED

    def test_access_that_was_taken_before_we_are_told(self, office):
        office.town.failed_renewal()
        events = office.events()
        office.town.account.connected = False
        assert office.deliver(events) == [each.id for each in events if _asks_stripe(each)]
        assert office.happened() == []
        error = office.inbox(office.last("invoice.payment_failed").id)["failure"]["error"]
        assert error == "Misused: PermissionError"

    def test_a_poisoned_event_holds_back_its_own_group_alone(self, office):
        posted(json.dumps({"id": "evt_bad", "type": "invoice.paid", "account": "acct_1", "livemode": True}))
        office.town.failed_renewal()
        events = office.events()
        for event in events:
            posted(raw(event))
        commit_wrong(office)
        bodies = [
            json.dumps({"source": "stripe-connect", "event_id": each})
            for each in ("evt_bad", *(e.id for e in events))
        ]
        records = [
            {"messageId": f"m{n}", "body": body, "attributes": {"MessageGroupId": f"g{n > 0}"}}
            for n, body in enumerate(bodies)
        ]
        assert failed(process.handler({"Records": records}, LAMBDA)) == ["m0"]
        assert office.happened() == OPENED

    def test_two_who_open_the_same_case_at_once(self, office, monkeypatch):
        """The second finds the guard held, looks again, and has nothing to add."""
        from recovery.reconciliation import read

        invoice = office.town.failed_renewal()
        events = [each for each in office.events() if each.type.startswith("invoice.")]
        real, raced = read.Gateway.truth, []

        def meanwhile(gateway, invoice_id, at):
            truth = real(gateway, invoice_id, at)
            if not raced:
                raced.append(1)
                office.deliver([events[-2]])
            return truth

        monkeypatch.setattr(read.Gateway, "truth", meanwhile)
        assert office.deliver([events[-1]]) == []
        assert office.happened() == OPENED
        assert office.attempt(invoice).pending

    def test_a_case_that_somebody_opened_between_two_reads(self, office, monkeypatch):
        """A version that was read is stale, and what is read again names another attempt."""
        invoice = office.town.failed_renewal()
        events = [each for each in office.events() if each.type.startswith("invoice.")]
        office.deliver(events[-2:-1])
        from recovery.reconciliation import read

        real, blind = reads.one, []

        def one(key):
            if key.sk == "LATEST" and not blind:
                blind.append(key)
                return None
            return real(key)

        monkeypatch.setattr(read.reads, "one", one)
        assert office.deliver(events[-1:]) == []
        assert blind
        assert office.happened() == OPENED
        assert office.attempt(invoice).pending

    def test_an_account_whose_workspace_cannot_be_read(self, office):
        """It is a fault of ours: the webhook is kept, and fails until the table is mended."""
        office.town.failed_renewal()
        event = next(each for each in office.events() if each.type == "invoice.payment_failed")
        key = keys.state(office.rescue.tenant_id, "workspace", office.workspace)
        commit(
            [
                writes.update(
                    key, "SET #state = :none", {"none": '{"state":"none"}'}, names={"#state": "state"}
                )
            ]
        )
        assert office.deliver([event]) == [event.id]
        assert office.inbox(event.id)["failure"]["error"].startswith("ValidationError")
        assert office.happened() == []

    def test_another_refusal_is_told(self, office, monkeypatch):
        from recovery.reconciliation import sync
        from troupe.domain.decider import Rejected

        office.town.failed_renewal()
        event = next(each for each in office.events() if each.type == "invoice.payment_failed")

        def refused(*_, **__):
            raise Rejected("invalid_transition", "No.")

        monkeypatch.setattr(sync, "carry_out", refused)
        assert office.deliver([event]) == [event.id]
        assert office.inbox(event.id)["failure"]["error"] == "Rejected: No."

    def test_it_never_ends_when_somebody_is_always_first(self, office, monkeypatch):
        from recovery.case import transactions
        from recovery.reconciliation import sync

        office.town.failed_renewal()
        event = next(each for each in office.events() if each.type == "invoice.payment_failed")

        def refused(*_, **__):
            raise transactions.ACTIVE

        monkeypatch.setattr(sync, "carry_out", refused)
        assert office.deliver([event]) == [event.id]


def commit_wrong(office):
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
    hint = stripe_event.read(event.body)
    return hint.subject in {"invoice", "intent"} or (hint.subject == "customer" and not hint.subscription_id)


def test_the_whole_way_through_stream_and_queue(office, monkeypatch):
    url = boto3.client("sqs").create_queue(QueueName=QUEUE, Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("stripe-connect.fifo"))
    invoice = office.town.failed_renewal()
    assert office.through_the_queue(url) == []
    office.forward(days=1)
    office.town.behave(office.town.card_of(invoice))
    office.town.retried_by_stripe(invoice)
    assert office.through_the_queue(url) == []
    assert office.attempt(invoice).status == "recovered"
    assert office.happened() == [*OPENED, "recovery_attempt.payment_attempted", *RECOVERED]
    (outcome,) = happened("recovery_outcome.recorded")
    assert outcome.data["outcome"] == "recovered"
    assert outcome.actor == "stripe"
