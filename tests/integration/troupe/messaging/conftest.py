"""The bus, the bucket of failures and a queue of the inbox, as the publisher finds them."""

import json
from functools import cache
from itertools import count

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError


class Events:
    """The bus, of which a script says what goes wrong: entries by their place in all that were ever sent, or calls."""

    def __init__(self, refused=(), broken=(), malformed=(), invalid=(), unreachable=()):
        self.codes = dict.fromkeys(refused, "ThrottlingException") | dict.fromkeys(
            malformed, "MalformedDetail"
        )
        self.unreachable = set(unreachable)
        self.broken, self.invalid, self.taken, self.calls = set(broken), set(invalid), [], []
        self.places = count()

    def put_events(self, Entries):  # noqa: N803 -- so is it called
        self.calls.append(Entries)
        if len(self.calls) - 1 in self.unreachable:
            raise EndpointConnectionError(endpoint_url="https://events")
        if len(self.calls) - 1 in self.broken:
            raise ClientError({"Error": {"Code": "InternalException", "Message": ""}}, "PutEvents")
        if self.invalid & {json.loads(entry["Detail"])["version"] for entry in Entries}:
            raise ClientError({"Error": {"Code": "ValidationException", "Message": ""}}, "PutEvents")
        numbered = list(zip(Entries, self.places, strict=False))
        results = [{"ErrorCode": self.codes[n]} if n in self.codes else {"EventId": "e"} for _, n in numbered]
        self.taken += [entry for entry, result in zip(Entries, results, strict=True) if "EventId" in result]
        return {"FailedEntryCount": len(self.codes), "Entries": results}


@pytest.fixture
def bus(table, monkeypatch):
    def install(**script):
        bus = Events(**script)
        monkeypatch.setattr("troupe.messaging.publisher.events", cache(lambda: bus))
        return bus

    return install


@pytest.fixture
def bucket(aws, monkeypatch):
    """What was set aside, by its key."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="failures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    monkeypatch.setenv("FAILURES_BUCKET", "failures")

    def kept():
        found = s3.list_objects_v2(Bucket="failures").get("Contents", [])
        return {
            each["Key"]: json.loads(s3.get_object(Bucket="failures", Key=each["Key"])["Body"].read())
            for each in found
        }

    return kept


@pytest.fixture
def queue(table, monkeypatch):
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="troupe-inbox-shop.fifo", Attributes={"FifoQueue": "true"})["QueueUrl"]
    monkeypatch.setenv("INBOX_QUEUES", url.removesuffix("shop.fifo"))
    return url


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)
