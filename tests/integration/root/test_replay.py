"""A replay: what the publisher gave up on is published, dead letters go back, and what fails again stays whole."""

import json
from types import SimpleNamespace
from urllib.parse import unquote

import boto3
import pytest

from support.stream_events import envelope, item, lambda_context, record
from troupe.aws import clients
from troupe.clock import now
from troupe.messaging import inbox, set_aside
from troupe.messaging.inbox import Webhook

SCHEDULED = {"scheduled": True}
KEY = "aws/lambda/9f1c/shardId-0000-1f2e/2026/11/21/2026-11-21T23.00.{:02}-4f6a"


def batch(*numbers):
    return [record(item(envelope("box", "b", n, "filled", with_what="sand")), n) for n in numbers]


def document(records):
    """What Lambda leaves of a batch that it gave up on."""
    return {
        "requestContext": {"condition": "RetryAttemptsExhausted", "approximateInvokeCount": 6},
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": "2026-11-21T23:00:00.000Z",
        "DDBStreamBatchInfo": {"shardId": "shardId-0000-1f2e", "batchSize": len(records)},
        "payload": json.dumps({"Records": records}),
    }


@pytest.fixture
def bucket(table, monkeypatch):
    boto3.client("events").create_event_bus(Name="troupe")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="failures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    monkeypatch.setenv("FAILURES_BUCKET", "failures")
    monkeypatch.setenv("QUEUES", "troupe-")
    dead_jobs = boto3.client("sqs").create_queue(QueueName="troupe-DeadJobs")["QueueUrl"]
    monkeypatch.setenv("DEAD_JOBS_URL", dead_jobs)

    def put(*batches):
        for number, records in enumerate(batches):
            s3.put_object(Bucket="failures", Key=KEY.format(number), Body=json.dumps(document(records)))

    put.keys = lambda: [each["Key"] for each in s3.list_objects_v2(Bucket="failures").get("Contents", [])]
    put.jobs = dead_jobs
    return put


@pytest.fixture
def published(monkeypatch):
    """What the publisher was given, which fails at a number that is told."""
    from troupe.messaging import publisher

    seen, real = [], publisher.publish

    def publish(records, *aside):
        seen.append([each["dynamodb"]["SequenceNumber"] for each in records])
        return real(records, *aside)

    monkeypatch.setattr("root.replay.publish", publish)
    return seen


@pytest.fixture
def queues(bucket):
    """A queue with its dead letters, of either kind, and one that is none of ours."""
    sqs = boto3.client("sqs")

    def made(name, fifo=False):
        kind = {"FifoQueue": "true"} if fifo else {}
        suffix = ".fifo" if fifo else ""
        dead = sqs.create_queue(QueueName=f"{name}-dead{suffix}", Attributes=kind)["QueueUrl"]
        asked = {"QueueUrl": dead, "AttributeNames": ["QueueArn"]}
        arn = sqs.get_queue_attributes(**asked)["Attributes"]["QueueArn"]
        policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 5})
        source = sqs.create_queue(QueueName=f"{name}{suffix}", Attributes={**kind, "RedrivePolicy": policy})
        return SimpleNamespace(dead=dead, url=source["QueueUrl"])

    return made


def send(url, number, **more):
    for n in range(number):
        attribute = {"RULE_ARN": {"DataType": "String", "StringValue": "arn"}}
        fifo = {"MessageDeduplicationId": f"d{n}", **more} if more else {}
        boto3.client("sqs").send_message(
            QueueUrl=url, MessageBody=f"m{n}", MessageAttributes=attribute, **fifo
        )


def received(url):
    sqs, found = boto3.client("sqs"), []
    asked = {"MessageAttributeNames": ["All"], "MessageSystemAttributeNames": ["All"]}
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, **asked).get("Messages"):
        found += messages
        for each in messages:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return found


def replay(event=None, milliseconds=60_000):
    from root.replay import handler

    return handler(event or {}, lambda_context(milliseconds))


class TestFailures:
    def test_each_batch_is_published_whole_and_removed(self, bucket, published):
        bucket(batch(1, 2, 3), batch(4))
        assert replay() == {"records": 4, "left": 0, "messages": 0, "jobs": 0}
        assert published == [["1", "2", "3"], ["4"]]
        assert bucket.keys() == []

    def test_of_a_batch_what_can_never_be_sent_is_set_aside(self, bucket, published):
        broken = batch(1, 2)
        del broken[1]["dynamodb"]["NewImage"]["type"]
        bucket(broken, batch(3))
        assert replay() == {"records": 3, "left": 1, "messages": 0, "jobs": 0}
        assert bucket.keys() == ["aside/2.json"]

    def test_what_was_set_aside_stays_until_it_can_be_sent(self, bucket, published):
        """As after a release that can read what the one before could not."""
        (broken,) = batch(2)
        name = broken["dynamodb"]["NewImage"].pop("type")
        set_aside.set_aside(broken, "unreadable: TypeError")
        assert replay(SCHEDULED) == {"records": 0, "left": 1}
        set_aside.set_aside(
            {
                **broken,
                "dynamodb": {
                    **broken["dynamodb"],
                    "NewImage": {**broken["dynamodb"]["NewImage"], "type": name},
                },
            },
            "",
        )
        assert replay(SCHEDULED) == {"records": 1, "left": 0}
        assert bucket.keys() == []

    def test_a_batch_stays_while_the_bus_is_out_of_reach(self, bucket, published):
        bucket(batch(1))
        clients.events().meta.events.register_first("before-call.events.PutEvents", unreachable)
        assert replay(SCHEDULED) == {"records": 0, "left": 1}
        assert bucket.keys() == [KEY.format(0)]

    def test_a_payload_that_is_no_text_but_the_event_itself(self, bucket, published):
        body = json.dumps({"payload": {"Records": batch(1)}})
        boto3.client("s3").put_object(Bucket="failures", Key=KEY.format(0), Body=body)
        assert replay()["records"] == 1

    def test_other_objects_are_left_alone(self, bucket, published):
        boto3.client("s3").put_object(Bucket="failures", Key="notes.txt", Body=b"x")
        assert replay() == {"records": 0, "left": 0, "messages": 0, "jobs": 0}
        assert bucket.keys() == ["notes.txt"]

    def test_what_there_is_no_time_for_is_left(self, bucket, published):
        bucket(batch(1), batch(2))
        assert replay(milliseconds=1) == {"records": 0, "left": 2, "messages": 0, "jobs": 0}
        assert len(bucket.keys()) == 2


def unreachable(**_):
    return SimpleNamespace(status_code=500), {"Error": {"Code": "InternalException", "Message": ""}}


class TestDeadJobs:
    """Invocations that failed for good: counts of API calls, timers, sweeps."""

    FUNCTION = "arn:aws:lambda:eu-west-1:123456789012:function:troupe-AccessLog-1"

    @pytest.fixture
    def called(self, bucket):
        seen = []

        def invoke(params, **_):
            seen.append((unquote(params["url_path"].split("/")[3]), json.loads(params["body"])))
            return SimpleNamespace(status_code=202), {}

        clients.functions().meta.events.register_first("before-call.lambda.Invoke", invoke)
        return seen

    def test_what_lambda_gave_up_on_is_called_with_what_it_was_called_with(self, bucket, called):
        record = {
            "requestContext": {"functionArn": f"{self.FUNCTION}:$LATEST", "condition": "RetriesExhausted"},
            "requestPayload": {"awslogs": {"data": "x"}},
        }
        boto3.client("sqs").send_message(QueueUrl=bucket.jobs, MessageBody=json.dumps(record))
        assert replay()["jobs"] == 1
        assert called == [(self.FUNCTION, {"awslogs": {"data": "x"}})]
        assert received(bucket.jobs) == []

    def test_what_the_scheduler_could_not_deliver(self, bucket, called):
        target = {"TARGET_ARN": {"DataType": "String", "StringValue": self.FUNCTION}}
        boto3.client("sqs").send_message(
            QueueUrl=bucket.jobs, MessageBody='{"a": 1}', MessageAttributes=target
        )
        assert replay()["jobs"] == 1
        assert called == [(self.FUNCTION, {"a": 1})]

    def test_by_the_schedule_they_stay(self, bucket, called):
        boto3.client("sqs").send_message(QueueUrl=bucket.jobs, MessageBody="{}")
        assert replay(SCHEDULED) == {"records": 0, "left": 0}
        assert len(received(bucket.jobs)) == 1

    def test_what_comes_back_is_not_taken_twice_and_no_more_than_there_is_time_for(self, bucket, called):
        target = {"TARGET_ARN": {"DataType": "String", "StringValue": self.FUNCTION}}
        for _ in range(2):
            boto3.client("sqs").send_message(QueueUrl=bucket.jobs, MessageBody="{}", MessageAttributes=target)
        assert replay(milliseconds=1)["jobs"] == 0
        assert replay()["jobs"] == 2


class TestDeadLetters:
    def test_they_go_back_whole(self, queues):
        inbound = queues("troupe-identity-inbound")
        send(inbound.dead, 12)
        assert replay() == {"records": 0, "left": 0, "messages": 12, "jobs": 0}
        back = received(inbound.url)
        assert {each["Body"] for each in back} == {f"m{n}" for n in range(12)}
        assert all(each["MessageAttributes"]["RULE_ARN"]["StringValue"] == "arn" for each in back)
        assert received(inbound.dead) == []

    def test_to_a_fifo_queue_in_their_group(self, queues):
        inbox_queue = queues("troupe-inbox-shop", fifo=True)
        send(inbox_queue.dead, 3, MessageGroupId="acct_1")
        assert replay()["messages"] == 3
        back = received(inbox_queue.url)
        assert [each["Body"] for each in back] == ["m0", "m1", "m2"]
        assert {each["Attributes"]["MessageGroupId"] for each in back} == {"acct_1"}

    def test_each_to_its_own_queue_and_none_of_another_stack(self, queues):
        first, second, foreign = queues("troupe-a"), queues("troupe-b"), queues("other-a")
        send(first.dead, 1)
        send(second.dead, 2)
        send(foreign.dead, 1)
        assert replay()["messages"] == 3
        assert (len(received(first.url)), len(received(second.url)), len(received(foreign.url))) == (1, 2, 0)

    def test_a_queue_of_ours_whose_dead_letters_are_not(self, queues):
        foreign = queues("other")
        arn = boto3.client("sqs").get_queue_attributes(QueueUrl=foreign.dead, AttributeNames=["QueueArn"])
        policy = {"deadLetterTargetArn": arn["Attributes"]["QueueArn"], "maxReceiveCount": 5}
        boto3.client("sqs").create_queue(
            QueueName="troupe-x", Attributes={"RedrivePolicy": json.dumps(policy)}
        )
        send(foreign.dead, 1)
        assert replay()["messages"] == 0

    def test_what_comes_back_is_not_taken_twice(self, queues, monkeypatch):
        """A consumer that fails at once must not keep the replay going round."""
        from root import replay as module

        inbound = queues("troupe-a")
        send(inbound.dead, 2)
        real = module._move

        def failing_again(dead, source):
            moved = real(dead, source)
            send(dead, moved)
            return moved

        monkeypatch.setattr(module, "_move", failing_again)
        assert replay()["messages"] == 2

    def test_messages_that_another_process_took_meanwhile(self, queues, monkeypatch):
        inbound = queues("troupe-a")
        send(inbound.dead, 1)
        monkeypatch.setattr("root.replay._move", lambda _dead, _source: 0)
        assert replay()["messages"] == 0

    def test_no_time_left(self, queues):
        inbound = queues("troupe-a")
        send(inbound.dead, 1)
        assert replay(milliseconds=1)["messages"] == 0
        assert len(received(inbound.dead)) == 1


def test_webhooks_by_name(bucket, monkeypatch):
    queue = boto3.client("sqs").create_queue(
        QueueName="troupe-inbox-shop.fifo", Attributes={"FifoQueue": "true"}
    )
    monkeypatch.setenv("INBOX_QUEUES", queue["QueueUrl"].removesuffix("shop.fifo"))
    inbox.store(Webhook(source="shop", event_id="evt_1", group="g", body="{}", received_at=now()))
    assert replay({"inbox": [["shop", "evt_1"]]}) == {"webhooks": 1}
    assert len(received(queue["QueueUrl"])) == 1
