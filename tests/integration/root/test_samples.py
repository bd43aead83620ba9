"""The root's functions carry out their sample invocations, which are of the form that AWS sends."""

import importlib
import json
from pathlib import Path
from types import SimpleNamespace

import boto3
import pytest

from troupe.mail import suppressions
from troupe.quota import api_calls
from troupe.store import keys, reads
from troupe.store.buckets import level

SAMPLES = Path(__file__).parents[3] / "events/root/invocations"
LAMBDA = SimpleNamespace(get_remaining_time_in_millis=lambda: 300_000)
TENANT = "0192f0c1-7a00-7000-8000-000000000001"


def invoke(name):
    event = json.loads((SAMPLES / f"{name}.json").read_text())
    return importlib.import_module(f"root.{name}").handler(event, LAMBDA)


@pytest.fixture
def queue(aws):
    """A queue on the bus, to see what is published."""
    sqs, events = boto3.client("sqs"), boto3.client("events")
    url = sqs.create_queue(QueueName="heard")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    events.create_event_bus(Name="troupe")
    events.put_rule(Name="all", EventBusName="troupe", EventPattern='{"source": [{"prefix": "troupe."}]}')
    events.put_targets(Rule="all", EventBusName="troupe", Targets=[{"Id": "queue", "Arn": arn}])
    return url


def heard(url):
    messages = boto3.client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return [json.loads(each["Body"]) for each in messages]


def test_the_publisher_puts_a_stored_event_on_the_bus(queue):
    assert invoke("publisher") == {"batchItemFailures": []}
    (event,) = heard(queue)
    assert (event["source"], event["detail-type"]) == ("troupe.identity", "user.created")
    assert event["detail"]["tenant_id"] == TENANT


def test_the_authorizer_passes_a_forged_token_on_as_refused(table):
    assert invoke("authorizer") == {"isAuthorized": True, "context": {"refused": "token_invalid"}}


def test_a_call_is_counted_once_however_often_it_is_delivered(table):
    standing = keys.standing(TENANT)
    item = {
        "PK": standing.pk,
        "SK": standing.sk,
        "zone": "UTC",
        "status": "active",
        "limits": {"api_calls": 10},
    }
    boto3.resource("dynamodb").Table("t").put_item(Item=item)
    invoke("access_log")
    invoke("access_log")
    assert level(reads.batch(api_calls.counter(TENANT, "2026-01")).values()).used == 1


def test_the_documents_say_that_they_are_there(monkeypatch):
    answer = invoke("documents")
    assert answer["statusCode"] == 200
    assert json.loads(answer["body"])["status"] == "ok"


def test_a_bounce_for_good_suppresses_the_address_for_its_tenant(table):
    assert invoke("suppress_addresses") == {"batchItemFailures": []}
    assert suppressions.is_suppressed(TENANT, "emily@example.com")
    assert not suppressions.is_suppressed(keys.SYSTEM, "emily@example.com")


def test_the_sweep_of_an_empty_inbox_does_nothing(table):
    assert invoke("sweep_inbox") == {"done": 0, "failed": 0, "later": 0}


def test_the_replay_publishes_what_lies_in_the_bucket_and_takes_it_away(queue, table, monkeypatch):
    s3, batch = boto3.client("s3"), (SAMPLES / "publisher.json").read_text()
    location = {"LocationConstraint": "eu-west-1"}
    s3.create_bucket(Bucket="failures", CreateBucketConfiguration=location)
    s3.put_object(Bucket="failures", Key="aws/lambda/id/shard/1", Body=json.dumps({"payload": batch}))
    monkeypatch.setenv("FAILURES_BUCKET", "failures")
    monkeypatch.setenv("QUEUES", "troupe-")
    dead_jobs = boto3.client("sqs").create_queue(QueueName="troupe-DeadJobs")["QueueUrl"]
    monkeypatch.setenv("DEAD_JOBS_URL", dead_jobs)
    assert invoke("replay") == {"records": 1, "left": 0, "messages": 0, "jobs": 0}
    assert [event["detail-type"] for event in heard(queue)] == ["user.created"]
    assert "Contents" not in s3.list_objects_v2(Bucket="failures")
