"""What is too much for one message is sent again in parts, as many at once as the queue takes."""

import json

import boto3
import pytest

from support.spec import TENANT
from troupe.messaging import parts
from troupe.store.envelope import Envelope

EVENT = Envelope(
    id="1",
    type="box.made",
    tenant_id=TENANT,
    aggregate="box",
    aggregate_id="b",
    version=1,
    occurred_at="2026-01-01T00:00:00Z",
    actor="ann",
    correlation_id="c",
    schema_version=1,
    data={"word": "x" * 100_000},
)


@pytest.fixture
def queue(aws, monkeypatch):
    url = boto3.client("sqs").create_queue(QueueName="inbound")["QueueUrl"]
    monkeypatch.setenv("INBOUND_QUEUE_URL", url)
    return url


def received(queue):
    found = []
    while more := boto3.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10).get("Messages"):
        found += [Envelope.of(json.loads(each["Body"])["detail"]) for each in more]
    return found


def test_parts_name_everything_once_and_large_ones_go_in_several_calls(queue):
    things = list(range(parts.MOST * 12 + 1))
    assert parts.shared_out(EVENT, things)
    sent = received(queue)
    assert sorted(thing for each in sent for thing in parts.part(each)) == things
    assert {(each.id, each.data["word"]) for each in sent} == {("1", EVENT.data["word"])}


def test_few_are_not_shared_out(queue):
    assert not parts.shared_out(EVENT, range(parts.MOST))
    assert (received(queue), parts.part(EVENT)) == ([], None)


def test_without_a_queue_all_is_done_at_once():
    assert not parts.shared_out(EVENT, range(1000))
