"""The publisher: events from the table's stream to the bus, stored webhooks to the queue of their source.

Records are taken in order, and at the first that fails it stops: Lambda then delivers from that one on again.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from troupe.aws.clients import events
from troupe.messaging import inbox_queue
from troupe.observability import logger, outcome
from troupe.store import keys
from troupe.store.envelope import Envelope

MOST_ENTRIES = 10
MOST_BYTES = 256 * 1024  # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html
TIME_BYTES = 14

type Record = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """What one record of the stream asks to be sent, and the record's number there."""

    number: str
    entry: Any  # of PutEvents, or a pointer into the inbox
    source: str | None = None  # of the webhook; None for the bus
    size: int = 0


def publish(records: Sequence[Record]) -> str | None:
    """Send what these records ask for: the number of the first that was not sent, when all before it were."""
    sent = 0
    for chunk, unreadable in _chunks(records):
        lost = _send(chunk)
        if number := lost or unreadable:
            outcome("not_published", sequence_number=number, records=len(records))
            return number
        sent += len(chunk)
    outcome("published", records=len(records), sent=sent)
    return None


def _chunks(records: Sequence[Record]) -> Iterator[tuple[list[Outbound], str | None]]:
    """What goes in one call each, and in the last the record that could not even be read."""
    chunk: list[Outbound] = []
    unreadable: str | None = None
    for record in records:
        try:
            outbound = _outbound(record)
        except Exception:  # noqa: BLE001 -- whatever is wrong with it, the ones before it are sent
            logger.exception("unreadable_record", extra={"event_id": record.get("eventID")})
            unreadable = record["dynamodb"]["SequenceNumber"]
            break
        if outbound is None:
            continue
        if chunk and not _fits(chunk, outbound):
            yield chunk, None
            chunk = []
        chunk.append(outbound)
    yield chunk, unreadable


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
        return _event(number, stored["NewImage"])
    if sk == keys.INBOX and (pointer := inbox_queue.pointer(stored["NewImage"])):
        return Outbound(number=number, entry=pointer, source=pointer.source)
    return None


def _event(number: str, item: Mapping[str, Any]) -> Outbound:
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
    return Outbound(number=number, entry=entry, size=size)


def _send(chunk: Sequence[Outbound]) -> str | None:
    """The number of the first that did not get there."""
    if not chunk:
        return None
    source, entries = chunk[0].source, [each.entry for each in chunk]
    try:
        lost = _put(entries) if source is None else inbox_queue.send(source, entries)
    except (BotoCoreError, ClientError):
        logger.exception("call_failed")
        return chunk[0].number
    return next((each.number for index, each in enumerate(chunk) if index in lost), None)


def _put(entries: Sequence[Any]) -> set[int]:
    """The indexes of the entries that the bus did not take; each has a result of its own."""
    results = events().put_events(Entries=entries)["Entries"]
    lost = {index: result["ErrorCode"] for index, result in enumerate(results) if "ErrorCode" in result}
    if lost:
        logger.error("entries_refused", extra={"codes": sorted(set(lost.values()))})
    return set(lost)
