"""The publisher: events from the table's stream to the bus, stored webhooks to the queue of their source.

Records are taken in order. At the first that cannot be sent now it stops, and Lambda delivers from that one
on again, for half a day. What can never be sent is set aside, so that it holds nothing up.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from troupe.aws.clients import events
from troupe.messaging import inbox_queue
from troupe.messaging.set_aside import Record, set_aside
from troupe.observability import logger, outcome
from troupe.store import keys
from troupe.store.envelope import Envelope

MOST_ENTRIES = 10
MOST_BYTES = 256 * 1024  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
TIME_BYTES = 14

ITS_OWN_FAULT = frozenset(  # codes that no repetition mends; of a call or of one entry
    {
        "AWS.SimpleQueueService.NonExistentQueue",
        "InvalidArgument",
        "InvalidArgumentException",
        "MalformedDetail",
        "QueueDoesNotExist",
        "RedactionFailure",
        "ValidationException",
    }
)

type Aside = Callable[[Record, str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """What one record of the stream asks to be sent, and the record's number there."""

    number: str
    record: Record
    entry: Any  # of PutEvents, or a pointer into the inbox
    source: str | None = None  # of the webhook; None for the bus
    size: int = 0


def publish(records: Sequence[Record], aside: Aside = set_aside) -> str | None:
    """Send what these records ask for: the number of the first that was not sent, when all before it were.

    What can never be sent goes to `aside` with its reason, and counts as sent.
    """
    for chunk in _chunks(records, aside):
        if number := _send(chunk, aside):
            outcome("not_published", sequence_number=number, records=len(records))
            return number
    outcome("published", records=len(records))
    return None


def _chunks(records: Sequence[Record], aside: Aside) -> Iterator[list[Outbound]]:
    """What goes in one call each."""
    chunk: list[Outbound] = []
    for record in records:
        outbound = _readable(record, aside)
        if outbound is None:
            continue
        if chunk and not _fits(chunk, outbound):
            yield chunk
            chunk = []
        chunk.append(outbound)
    yield chunk


def _readable(record: Record, aside: Aside) -> Outbound | None:
    try:
        outbound = _outbound(record)
    except Exception as error:  # noqa: BLE001 -- whatever is wrong with it, the ones after it are sent
        aside(record, f"unreadable: {type(error).__name__}")
        return None
    if outbound and outbound.size > MOST_BYTES:
        aside(record, "too_large")
        return None
    return outbound


def _fits(chunk: Sequence[Outbound], more: Outbound) -> bool:
    size = sum(each.size for each in chunk) + more.size
    return more.source == chunk[0].source and len(chunk) < MOST_ENTRIES and size <= MOST_BYTES


def _outbound(record: Record) -> Outbound | None:
    """An event or a webhook that was stored; anything else that the stream shows asks for nothing."""
    if record["eventName"] != "INSERT":
        return None
    stored, number = record["dynamodb"], record["dynamodb"]["SequenceNumber"]
    sk: str = stored["Keys"]["SK"]["S"]
    if sk.startswith(keys.EVENT):
        return _event(record)
    if sk == keys.INBOX and (pointer := inbox_queue.pointer(stored["NewImage"])):
        return Outbound(number=number, record=record, entry=pointer, source=pointer.source)
    return None


def _event(record: Record) -> Outbound:
    item = record["dynamodb"]["NewImage"]
    envelope = Envelope.of_item(item)
    source = f"troupe.{item['context']['S']}"
    detail = json.dumps(envelope.detail(), ensure_ascii=False, separators=(",", ":"))
    entry = {
        "EventBusName": os.environ["EVENT_BUS_NAME"],
        "Source": source,
        "DetailType": envelope.type,
        "Detail": detail,
        "Time": datetime.fromisoformat(envelope.occurred_at),
    }
    size = TIME_BYTES + sum(len(text.encode()) for text in (source, envelope.type, detail))
    return Outbound(number=record["dynamodb"]["SequenceNumber"], record=record, entry=entry, size=size)


def _send(chunk: Sequence[Outbound], aside: Aside) -> str | None:
    """The number of the first that did not get there, and may another time."""
    if not chunk:
        return None
    try:
        lost = _taken(chunk)
    except ClientError as failed:
        if failed.response["Error"]["Code"] not in ITS_OWN_FAULT:
            return _not_now(chunk)
        return _one_by_one(chunk, failed.response["Error"]["Code"], aside)
    except BotoCoreError:
        return _not_now(chunk)
    waiting: list[str] = []
    for index, code in lost.items():
        if code in ITS_OWN_FAULT:
            aside(chunk[index].record, f"refused: {code}")
        else:
            waiting.append(chunk[index].number)
    return waiting[0] if waiting else None


def _not_now(chunk: Sequence[Outbound]) -> str:
    logger.exception("call_failed")
    return chunk[0].number


def _one_by_one(chunk: Sequence[Outbound], code: str, aside: Aside) -> str | None:
    """The call was refused for what one of them is: it is found by sending each alone."""
    if len(chunk) == 1:
        aside(chunk[0].record, f"refused: {code}")
        return None
    numbers = (_send([each], aside) for each in chunk)
    return next(filter(None, numbers), None)


def _taken(chunk: Sequence[Outbound]) -> dict[int, str]:
    """The codes of those that were not taken, by their places."""
    source, entries = chunk[0].source, [each.entry for each in chunk]
    if source is None:
        results = events().put_events(Entries=entries)["Entries"]
        lost = {place: result["ErrorCode"] for place, result in enumerate(results) if "ErrorCode" in result}
    else:
        lost = dict.fromkeys(sorted(inbox_queue.send(source, entries)), "queue")
    if lost:
        logger.error("entries_refused", extra={"codes": sorted(set(lost.values()))})
    return lost
