"""Invocations that failed for good, called again: what Lambda and the scheduler leave in `DeadJobs`.

https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from troupe.aws.clients import functions, sqs

AT_ONCE = 10


class Job(NamedTuple):
    function: str
    payload: str


def replay(out_of_time: Callable[[], bool]) -> int:
    """How many were called again. One that fails again comes back, and is not taken twice."""
    queue, called = os.environ["DEAD_JOBS_URL"], 0
    asked: Any = {"QueueUrl": queue, "AttributeNames": ["ApproximateNumberOfMessages"]}
    left = int(sqs().get_queue_attributes(**asked)["Attributes"]["ApproximateNumberOfMessages"])
    while left > 0 and not out_of_time() and (moved := _call_again(queue)):
        left -= moved
        called += moved
    return called


def _call_again(queue: str) -> int:
    received = sqs().receive_message(
        QueueUrl=queue, MaxNumberOfMessages=AT_ONCE, WaitTimeSeconds=1, MessageAttributeNames=["All"]
    )
    for message in received.get("Messages", []):
        job = job_of(message["Body"], message.get("MessageAttributes", {}))
        functions().invoke(FunctionName=job.function, InvocationType="Event", Payload=job.payload.encode())
        sqs().delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return len(received.get("Messages", []))


def job_of(body: str, attributes: Mapping[str, Any]) -> Job:
    """A record of Lambda's names the function in the body; the scheduler's, beside it."""
    if target := attributes.get("TARGET_ARN"):
        return Job(target["StringValue"], body)
    record = json.loads(body)
    arn: str = record["requestContext"]["functionArn"]
    return Job(arn.removesuffix(":$LATEST"), json.dumps(record["requestPayload"]))
