"""By a schedule, and by hand (`make replay`): publishes what was set aside, or what Lambda gave up on.

By hand it also redrives dead letters, and calls functions again whose invocations failed for good;
`{"inbox": [[source, event id], ...]}` has those webhooks processed again instead.
"""

import json
import os
from collections.abc import Iterator, Mapping
from functools import partial
from itertools import chain
from typing import Any

from troupe.aws.clients import s3, sqs
from troupe.messaging import inbox_queue, jobs, set_aside
from troupe.messaging.publisher import publish
from troupe.messaging.set_aside import Record
from troupe.observability import metrics, outcome

PREFIX = "aws/lambda/"  # https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
MARGIN_MILLISECONDS = 5_000

type Report = dict[str, int]


def handler(event: Mapping[str, Any], context: Any) -> Report:
    """`left` counts what is still to do: batches that failed again, and what there was no time for."""
    if webhooks := event.get("inbox"):
        for source, event_id in webhooks:
            inbox_queue.replay(source, event_id)
        return {"webhooks": len(webhooks)}
    report = _publish(context)
    if not event.get("scheduled"):  # by hand: what has failed for a reason that was mended since
        report |= _redrive(context) | {"jobs": jobs.replay(partial(_out_of_time, context))}
    outcome("replayed", **report)
    metrics.flush_metrics()
    return report


def _out_of_time(context: Any) -> bool:
    left: int = context.get_remaining_time_in_millis()
    return left < MARGIN_MILLISECONDS


def _publish(context: Any) -> Report:
    """What is published is removed; what fails again stays as it is.

    A batch that Lambda gave up on is gone when each of its records was sent or set aside.
    """
    bucket, records, left = os.environ["FAILURES_BUCKET"], 0, 0
    for page in s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        for key in (each["Key"] for each in page.get("Contents", [])):
            batch = [] if _out_of_time(context) else _records(bucket, key)
            if not batch or publish(batch):
                left += 1
                continue
            s3().delete_object(Bucket=bucket, Key=key)
            records += len(batch)
    for each in set_aside.kept():
        if _out_of_time(context) or not _sent(each.record):
            left += 1
            continue
        set_aside.remove(each.key)
        records += 1
    return {"records": records, "left": left}


def _sent(record: Record) -> bool:
    """Whether one that was set aside could be sent now."""
    reasons: list[str] = []
    number = publish([record], lambda _record, reason: reasons.append(reason))
    return not (number or reasons)


def _records(bucket: str, key: str) -> list[Mapping[str, Any]]:
    """The records of a failed batch: the invocation's event is a JSON text within the JSON."""
    document = json.loads(s3().get_object(Bucket=bucket, Key=key)["Body"].read())
    payload = document["payload"]
    event: Mapping[str, Any] = json.loads(payload) if isinstance(payload, str) else payload
    return list(event["Records"])


def _redrive(context: Any) -> Report:
    messages = 0
    found = chain.from_iterable(map(_dead_letter_queues, os.environ["QUEUES"].split()))
    for source, dead, waiting in found:
        left = waiting  # what fails again comes back, and is not taken twice
        while left > 0 and not _out_of_time(context) and (moved := _move(dead, source)):
            left -= moved
            messages += moved
    return {"messages": messages}


def _dead_letter_queues(prefix: str) -> Iterator[tuple[str, str, int]]:
    """Each queue that begins like this and has dead letters: its URL, that of their queue, and their number.

    (StartMessageMoveTask would do as well, but no emulator knows it.)
    """
    pages = sqs().get_paginator("list_queues").paginate(QueueNamePrefix=prefix)
    urls = [url for page in pages for url in page.get("QueueUrls", [])]
    attributes = {url: _attributes(url) for url in urls}
    by_arn = {each["QueueArn"]: url for url, each in attributes.items()}
    for url, each in attributes.items():
        dead = by_arn.get(json.loads(each.get("RedrivePolicy", "{}")).get("deadLetterTargetArn"))
        waiting = int(attributes[dead]["ApproximateNumberOfMessages"]) if dead else 0
        if dead and waiting:
            yield url, dead, waiting


def _attributes(url: str) -> dict[str, str]:
    found = sqs().get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return {str(name): value for name, value in found.items()}


def _move(dead: str, source: str) -> int:
    """Send up to ten dead letters to where they came from, then delete them: twice rather than never."""
    received = sqs().receive_message(
        QueueUrl=dead,
        MaxNumberOfMessages=10,
        WaitTimeSeconds=1,
        MessageSystemAttributeNames=["All"],
        MessageAttributeNames=["All"],
    )
    for message in received.get("Messages", []):
        system = message.get("Attributes", {})
        fifo: Any = (
            {"MessageGroupId": system["MessageGroupId"], "MessageDeduplicationId": message["MessageId"]}
            if "MessageGroupId" in system
            else {}
        )
        sqs().send_message(
            QueueUrl=source,
            MessageBody=message["Body"],
            MessageAttributes=message.get("MessageAttributes", {}),
            **fifo,
        )
        sqs().delete_message(QueueUrl=dead, ReceiptHandle=message["ReceiptHandle"])
    return len(received.get("Messages", []))
