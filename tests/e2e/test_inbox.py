"""Webhooks of the deployed stack: a stored one reaches its queue, again if it stays unprocessed, and by hand."""

import json
import time
from datetime import timedelta

import pytest

from demo.api import wait_for
from local.ops.replay import main as command
from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.messaging import inbox
from troupe.store import keys
from troupe.store.attributes import pack, unpack

SOURCE = "probe"


@pytest.fixture(scope="module")
def queue(stack, backstage):
    """The queue of a source that no context has."""
    name = f"{stack.stack_name}-inbox-{SOURCE}.fifo"
    url = backstage.sqs.create_queue(QueueName=name, Attributes={"FifoQueue": "true"})["QueueUrl"]
    yield url
    backstage.sqs.delete_queue(QueueUrl=url)


@pytest.fixture
def store(backstage, queue):
    """Stores a webhook that is due at an instant, as the functions of webhooks do."""

    def store(at, **more):
        event_id = f"evt_{time.time_ns()}"
        key = keys.inbox(SOURCE, event_id)
        item = {"source": SOURCE, "event_id": event_id, "group": "acct_1", "body": "{}", "headers": {}}
        due = {"received_at": rfc3339(now()), **inbox.awaited(SOURCE, event_id, at)}
        backstage.put(pack({"PK": key.pk, "SK": key.sk, **item, **due, **more}))
        return event_id

    return store


def come(backstage, queue, event_id):
    """Wait for a pointer to that webhook: what came until then, which is taken."""
    seen = []

    def look():
        for each in backstage.sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages", []):
            backstage.sqs.delete_message(QueueUrl=queue, ReceiptHandle=each["ReceiptHandle"])
            seen.append(json.loads(each["Body"]))
        return {"source": SOURCE, "event_id": event_id} in seen

    wait_for(f"a pointer to {event_id}", look)
    return [each["event_id"] for each in seen]


def test_an_unprocessed_webhook_comes_again(backstage, queue, store):
    overdue = store(now() - timedelta(minutes=1))
    come(backstage, queue, overdue)
    assert backstage.invoke("SweepInbox")["failed"] == 0
    come(backstage, queue, overdue)
    stored = unpack(backstage.item(keys.inbox(SOURCE, overdue)))
    assert stored["resends"] == 1
    assert stored["GSI2SK"] > rfc3339(now()), "it is due again, later"


def test_one_is_processed_again_by_hand(backstage, queue, store, folder, monkeypatch):
    done = store(now() + timedelta(minutes=10), processed_at=rfc3339(now()))
    come(backstage, queue, done)
    monkeypatch.setenv("TROUPE_LOCAL_DIR", str(folder))
    assert command(["--webhook", SOURCE, done]) == 0
    come(backstage, queue, done)
    assert "processed_at" not in unpack(backstage.item(keys.inbox(SOURCE, done)))


def test_one_that_is_ignored_goes_nowhere(backstage, queue, store):
    ignored = store(now() + timedelta(minutes=10), ignored="wrong_livemode")
    after = store(now() + timedelta(minutes=10))
    assert ignored not in come(backstage, queue, after)
