"""What is not to be done just now is hidden in its queue for longer each time."""

import boto3
import pytest

from support.spec import LAMBDA
from support.stream_events import failed
from support.templates import CONTEXTS, resources
from troupe.aws import clients
from troupe.aws.outage import Postponed
from troupe.messaging.batches import LONGEST_SECONDS, consumer, seconds_hidden

DAY = 86_400


@pytest.fixture
def queue(aws, monkeypatch):
    url = boto3.client("sqs").create_queue(QueueName="mail", Attributes={"VisibilityTimeout": "0"})[
        "QueueUrl"
    ]
    monkeypatch.setenv("MAIL_QUEUE_URL", url)
    return url


def received(queue):
    """As Lambda hands it on."""
    return [
        {
            "messageId": each["MessageId"],
            "receiptHandle": each["ReceiptHandle"],
            "body": each["Body"],
            "attributes": each["Attributes"],
        }
        for each in boto3.client("sqs")
        .receive_message(QueueUrl=queue, MessageSystemAttributeNames=["All"])
        .get("Messages", [])
    ]


def later(_body):
    raise Postponed


def test_a_message_that_is_postponed_is_hidden(queue):
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    records = received(queue)
    assert failed(consumer(later)({"Records": records}, LAMBDA)) == [records[0]["messageId"]]
    assert received(queue) == []


def test_one_from_another_queue_comes_again_as_that_says(queue, monkeypatch):
    monkeypatch.delenv("MAIL_QUEUE_URL")
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    assert len(failed(consumer(later)({"Records": received(queue)}, LAMBDA))) == 1
    assert len(received(queue)) == 1


def test_one_that_failed_otherwise_comes_again_as_its_queue_says(queue):
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    assert len(failed(consumer(lambda _: 1 / 0)({"Records": received(queue)}, LAMBDA))) == 1
    assert len(received(queue)) == 1


def test_one_that_cannot_be_hidden_comes_again_too(queue, log):
    boto3.client("sqs").send_message(QueueUrl=queue, MessageBody="{}")
    records = received(queue)
    hooks = clients.sqs().meta.events
    hooks.register_first("before-call.sqs.ChangeMessageVisibility", _refused)
    assert len(failed(consumer(later)({"Records": records}, LAMBDA))) == 1
    assert "not_hidden" in log.getvalue()


def _refused(**_):
    from types import SimpleNamespace

    return SimpleNamespace(status_code=400), {"Error": {"Code": "AccessDenied"}}


def test_it_is_hidden_for_longer_each_time():
    assert [seconds_hidden(received) for received in (1, 2, 3, 6, 7, 50)] == [60, 120, 240, 1920, 3600, 3600]


@pytest.mark.parametrize("template", CONTEXTS, ids=lambda path: path.parent.name)
def test_mail_outlasts_a_day_without_quota(template):
    queue = resources(template).get("MailQueue")
    if queue is None:
        return
    times = queue["Properties"]["RedrivePolicy"]["maxReceiveCount"]
    assert sum(map(seconds_hidden, range(1, times + 1))) > DAY
    assert queue["Properties"]["MessageRetentionPeriod"] > times * LONGEST_SECONDS
