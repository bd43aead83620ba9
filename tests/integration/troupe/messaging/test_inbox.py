"""The inbox, with a fictitious source: stored once, processed once, sent again while it is not."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from gzip import decompress
from itertools import pairwise

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from support.faulty_client import crash_before, held, lost, throttle
from support.identity.sign_in import failing
from support.spec import LAMBDA
from support.stream_events import failed, message
from troupe.clock import now
from troupe.messaging import inbox, inbox_queue
from troupe.messaging.inbox import GRACE, Webhook, processed, processor
from troupe.messaging.inbox_queue import MOST_RESENDS, Pointer
from troupe.store import keys, reads, writes
from troupe.store.commit import ATTEMPTS, commit
from troupe.store.table import Unavailable

KEY = keys.inbox("shop", "evt_1")
WEBHOOK = Webhook(
    source="shop",
    event_id="evt_1",
    group="acct_1",
    body='{"paid": true}',
    received_at=now(),
    headers={"shop-signature": "s"},
)
POINTER = {"source": "shop", "event_id": "evt_1"}


def given(**more):
    return replace(WEBHOOK, **more)


@pytest.fixture(autouse=True)
def just_received(monkeypatch):
    """However long the tests before took."""
    monkeypatch.setitem(globals(), "WEBHOOK", replace(WEBHOOK, received_at=now()))


@pytest.fixture
def queue(table, monkeypatch):
    monkeypatch.setattr("troupe.store.due.FIRST", GRACE)  # hours are many queries, which take long in moto
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="troupe-inbox-shop.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("shop.fifo"))

    def pointers():
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0)
        for each in found.get("Messages", []):
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return [json.loads(each["Body"])["event_id"] for each in found.get("Messages", [])]

    return pointers


def run(act, *pointers):
    bodies = [message(pointer, f"m{n}", "acct_1") for n, pointer in enumerate(pointers or (POINTER,))]
    return failed(processor(act)({"Records": bodies}, LAMBDA))


def days_left(stored):
    return round((stored["expires_at"] - now().timestamp()) / 86_400)


class TestStore:
    def test_once(self, table):
        assert inbox.store(WEBHOOK) is True
        assert inbox.store(given(body="other")) is False
        assert decompress(bytes(reads.one(KEY)["body"])).decode() == WEBHOOK.body

    def test_the_wrong_livemode_is_stored_and_does_not_fall_due(self, table):
        assert inbox.store(given(ignored="wrong_livemode")) is True
        stored = reads.one(KEY)
        assert stored["ignored"] == "wrong_livemode"
        assert not stored.keys() & {"GSI2PK", "body", "headers"}
        assert days_left(stored) == 30

    def test_it_is_one_write_and_not_a_transaction(self, table):
        with failing(*[crash_before] * 3):
            assert inbox.store(WEBHOOK) is True

    def test_one_that_was_stored_and_whose_answer_was_lost_is_not_new(self, table):
        with failing(lost, operation="put_item"), pytest.raises(ReadTimeoutError):
            inbox.store(WEBHOOK)
        assert inbox.store(WEBHOOK) is False

    @pytest.mark.parametrize("fault", [throttle, held])
    def test_throttled_or_held_by_a_transaction_it_is_written_again(self, table, quick, fault):
        with failing(*[fault] * 3, operation="put_item"):
            assert inbox.store(WEBHOOK) is True

    def test_what_the_table_refuses_is_a_fault(self, table):
        def refuse(_call):
            raise ClientError({"Error": {"Code": "ValidationException", "Message": ""}}, "PutItem")

        with failing(refuse, operation="put_item"), pytest.raises(ClientError):
            inbox.store(WEBHOOK)

    def test_held_for_long_it_is_unavailable_and_the_sender_comes_again(self, table, quick):
        with failing(*[held] * ATTEMPTS, operation="put_item"), pytest.raises(Unavailable):
            inbox.store(WEBHOOK)
        assert inbox.store(WEBHOOK) is True

    @pytest.mark.parametrize("name", ["", "a b", "a#b", "x" * 121, "naïve"])
    def test_names_that_no_key_and_no_queue_takes(self, table, name):
        for more in ({"event_id": name}, {"group": name}):
            with pytest.raises(ValueError, match="visible characters"):
                inbox.store(given(**more))


class TestProcess:
    def test_what_is_processed_is_what_came_in(self, table):
        inbox.store(WEBHOOK)
        seen = []
        assert run(seen.append) == []
        assert seen == [WEBHOOK]
        stored = reads.one(KEY)
        assert "processed_at" in stored
        assert "GSI2PK" not in stored

    def test_a_body_that_was_stored_as_text(self, table):
        inbox.store(WEBHOOK)
        commit([writes.update(KEY, "SET body = :text", {"text": WEBHOOK.body})])
        seen = []
        assert run(seen.append) == []
        assert seen == [WEBHOOK]

    def test_a_large_body_takes_a_fraction_of_its_size(self, table):
        large = json.dumps({"lines": [{"object": "line_item", "amount": n} for n in range(200)]})
        inbox.store(given(body=large))
        assert len(bytes(reads.one(KEY)["body"])) < len(large) / 5
        seen = []
        run(seen.append)
        assert [each.body for each in seen] == [large]

    def test_a_redelivered_pointer_processes_nothing(self, table):
        inbox.store(WEBHOOK)
        seen = []
        run(seen.append, POINTER, POINTER)
        run(seen.append)
        assert len(seen) == 1

    def test_a_failure_is_kept_with_the_webhook_and_comes_again(self, table):
        inbox.store(WEBHOOK)

        def act(_webhook):
            raise ValueError("no such order")

        assert run(act) == run(act) == ["m0"]
        stored = reads.one(KEY)
        assert (stored["failures"], stored["failure"]["error"]) == (2, "ValueError: no such order")
        assert run(lambda _webhook: None) == []
        stored = reads.one(KEY)
        assert "failure" not in stored
        assert stored["failures"] == 2

    def test_what_follows_a_failure_in_its_group_waits(self, table):
        inbox.store(WEBHOOK)
        inbox.store(given(event_id="evt_2"))
        seen = []

        def act(webhook):
            seen.append(webhook.event_id)
            raise ValueError

        assert run(act, POINTER, {"source": "shop", "event_id": "evt_2"}) == ["m0", "m1"]
        assert seen == ["evt_1"]

    def test_the_mark_may_be_committed_with_what_is_done(self, table):
        inbox.store(WEBHOOK)
        assert run(lambda webhook: commit([processed(webhook)])) == []
        assert "processed_at" in reads.one(KEY)

    def test_a_crash_before_the_mark_processes_again(self, table, monkeypatch):
        inbox.store(WEBHOOK)
        seen = []
        with monkeypatch.context() as gone:
            gone.setattr(inbox, "processed", lambda _webhook: 1 / 0)
            assert run(seen.append) == ["m0"]
        assert run(seen.append) == []
        assert len(seen) == 2

    def test_a_pointer_to_nothing(self, table):
        assert run(lambda _webhook: None) == ["m0"]


class TestSweep:
    def test_what_is_not_processed_in_time_is_sent_again(self, queue):
        inbox.store(WEBHOOK)
        assert inbox_queue.sweep(now()).done == 0
        assert inbox_queue.sweep(now() + GRACE).done == 1
        assert queue() == ["evt_1"]

    def test_what_was_processed_is_not(self, queue):
        inbox.store(WEBHOOK)
        run(lambda _webhook: None)
        assert inbox_queue.sweep(now() + GRACE).done == 0
        assert queue() == []

    def test_at_growing_intervals_and_then_no_more(self, queue, caplog, monkeypatch):
        monkeypatch.setattr(keys, "DUE_SHARDS", 1)  # days of buckets take long in moto
        inbox.store(WEBHOOK)
        sent = []
        while due := reads.one(KEY).get("GSI2SK"):
            at = datetime.fromisoformat(due.partition("#")[0])
            assert inbox_queue.sweep(at).done == 1
            sent.append(at)
        assert len(sent) == MOST_RESENDS + 1
        assert reads.one(KEY)["resends"] == MOST_RESENDS
        gaps = [later - earlier for earlier, later in pairwise(sent)]
        assert gaps == sorted(gaps)
        assert timedelta(days=1) < sum(gaps, timedelta()) < timedelta(days=4)
        assert "webhook_given_up" in [each.message for each in caplog.records]

    def test_an_index_that_lags_sends_nothing(self, queue, monkeypatch):
        inbox.store(WEBHOOK)
        real = reads.one

        def processed_meanwhile(key):
            monkeypatch.setattr(reads, "one", real)
            run(lambda _webhook: None)
            return real(key)

        monkeypatch.setattr(
            "troupe.messaging.inbox_queue.reads.one",
            lambda key: processed_meanwhile(key) if key == KEY else real(key),
        )
        inbox_queue.sweep(now() + GRACE)
        assert queue() == []

    def test_processed_between_the_sending_and_the_note(self, queue, monkeypatch):
        inbox.store(WEBHOOK)
        real = inbox_queue.send

        def slow(*given):
            answer = real(*given)
            run(lambda _webhook: None)
            return answer

        monkeypatch.setattr(inbox_queue, "send", slow)
        assert inbox_queue.sweep(now() + GRACE).done == 1
        assert "GSI2PK" not in reads.one(KEY)

    def test_a_queue_that_does_not_take_it_is_asked_again(self, queue, monkeypatch):
        inbox.store(WEBHOOK)
        with monkeypatch.context() as full:
            full.setattr(inbox_queue, "send", lambda *_given: {0})
            assert inbox_queue.sweep(now() + GRACE).failed == 1
        assert inbox_queue.sweep(now() + GRACE).done == 1
        assert queue() == ["evt_1"]

    def test_the_entry_point(self, queue):
        from root.sweep_inbox import handler

        inbox.store(given(received_at=now() - GRACE))
        assert handler({}, LAMBDA) == {"done": 1, "failed": 0, "later": 0}
        assert queue() == ["evt_1"]


class TestReplay:
    def test_what_was_processed_has_no_body_any_more(self, queue):
        inbox.store(WEBHOOK)
        run(lambda _webhook: None)
        kept = reads.one(KEY)
        assert days_left(kept) == 90
        assert kept.keys().isdisjoint({"body", "headers"})
        with pytest.raises(LookupError):
            inbox_queue.replay("shop", "evt_1")

    def test_of_what_was_ignored_there_is_no_body(self, queue):
        inbox.store(given(ignored="wrong_livemode"))
        with pytest.raises(LookupError):
            inbox_queue.replay("shop", "evt_1")
        assert run(lambda _webhook: None) == ["m0"]

    def test_what_is_not_there(self, queue):
        with pytest.raises(LookupError):
            inbox_queue.replay("shop", "evt_9")

    def test_a_queue_that_does_not_take_it(self, queue, monkeypatch):
        inbox.store(WEBHOOK)
        monkeypatch.setattr(inbox_queue, "send", lambda *_given: {0})
        with pytest.raises(RuntimeError):
            inbox_queue.replay("shop", "evt_1")


def test_another_attempt_is_another_message(queue):
    pointer = Pointer(source="shop", event_id="evt_1", group="acct_1")
    for attempt in (0, 0, 1, 1, 2):
        assert inbox_queue.send("shop", [pointer], attempt) == set()
    assert queue() + queue() + queue() == ["evt_1"] * 3
