"""A batch from a queue: each message succeeds or fails by itself, and what failed goes back to the queue.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools.metrics import MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from troupe.aws.clients import sqs
from troupe.aws.outage import Postponed
from troupe.observability import conclude, logger, metrics

FIRST_SECONDS, LONGEST_SECONDS = 60, 3600  # for which a message that is postponed is hidden

type Event = dict[str, Any]
type Failures = dict[str, list[dict[str, str]]]
type Handler = Callable[[Event, Any], Failures]


class Batch:
    """The messages of one invocation. In a FIFO queue a failure holds the rest of its group back."""

    def __init__(self, event: Event) -> None:
        self._records: list[Mapping[str, Any]] = event["Records"]
        self._failed: dict[str, None] = {}  # in order

    def each[T](self, act: Callable[[Any], T]) -> dict[str, T]:
        """Act on the body (JSON) of each message that has not failed yet: what came of it, by message id."""
        return self._each(lambda record: act(json.loads(record["body"])))

    def go_on[S, T](self, done: Mapping[str, S], act: Callable[[S], T]) -> dict[str, T]:
        """Act on what came of each message that has not failed since: what comes of that, by message id."""
        return self._each(lambda record: act(done[record["messageId"]]))

    def _each[T](self, act: Callable[[Mapping[str, Any]], T]) -> dict[str, T]:
        done: dict[str, T] = {}
        held: set[str] = set()
        for record in self._records:
            message_id, group = record["messageId"], record.get("attributes", {}).get("MessageGroupId")
            if message_id in self._failed or group in held:
                self._failed[message_id] = None
                continue
            try:
                done[message_id] = act(record)
            except Exception as error:  # noqa: BLE001 -- one message must not keep the others back
                self.fail(message_id, error)
                if isinstance(error, Postponed):
                    _hide(record)
                if group is not None:
                    held.add(group)
        return done

    def fail(self, message_id: str, error: Exception) -> None:
        logger.error("message_failed", extra={"message_id": message_id}, exc_info=error)
        self._failed[message_id] = None

    def answer(self) -> Failures:
        """What Lambda is told, after one line of log."""
        metrics.add_metric(name="batch_consumed", unit=MetricUnit.Count, value=1)
        conclude("batch_consumed", messages=len(self._records), failed=len(self._failed))
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in self._failed]}


def seconds_hidden(received: int) -> int:
    """For how long a message that was received so often is hidden: twice as long each time, to an hour."""
    return int(min(FIRST_SECONDS * 2 ** min(received - 1, 10), LONGEST_SECONDS))


def _hide(record: Mapping[str, Any]) -> None:
    """Where it cannot be hidden it comes again after the queue's own time."""
    queue = os.environ.get("MAIL_QUEUE_URL")
    if queue is None:
        return
    received = int(record["attributes"]["ApproximateReceiveCount"])
    try:
        sqs().change_message_visibility(
            QueueUrl=queue,
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=seconds_hidden(received),
        )
    except (BotoCoreError, ClientError) as failed:
        logger.warning("not_hidden", exc_info=failed)


def consumer(act: Callable[[Any], object]) -> Handler:
    """The entry point of a function behind a queue, around what is done with one message's body."""

    def entry(event: Event, _context: Any) -> Failures:
        batch = Batch(event)
        batch.each(act)
        return batch.answer()

    return entry
