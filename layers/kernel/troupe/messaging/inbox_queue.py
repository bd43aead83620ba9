"""The queues of the inbox: pointers to stored webhooks, and those that stayed unprocessed sent again."""

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from troupe.aws.clients import sqs
from troupe.clock import now
from troupe.messaging.inbox import DUE, GRACE, awaited
from troupe.observability import logger, outcome
from troupe.store import due, keys, reads, writes
from troupe.store.attributes import unpack
from troupe.store.commit import Stale, commit
from troupe.store.due import Due, Swept

MOST_RESENDS = 8  # after 10, 20, 40 ... minutes: about two days


@dataclass(frozen=True, slots=True, kw_only=True)
class Pointer:
    source: str
    event_id: str
    group: str


def pointer(item: Mapping[str, Any]) -> Pointer | None:
    """What the queue is told of a stored webhook; nothing of one that is ignored."""
    stored = unpack(item)
    return None if stored.get("ignored") else _pointer(stored)


def _pointer(stored: Mapping[str, Any]) -> Pointer:
    return Pointer(source=stored["source"], event_id=stored["event_id"], group=stored["group"])


def send(source: str, pointers: Sequence[Pointer], attempt: int = 0) -> set[int]:
    """Put at most ten pointers into the queue of their source: the indexes of those that it did not take.

    INBOX_QUEUES is the queues' URL up to the source. For five minutes a queue drops what comes again under
    one deduplication id, so sending again takes another `attempt`.
    """
    suffix = f".{attempt}" if attempt else ""
    entries: Any = [
        {
            "Id": str(index),
            "MessageBody": json.dumps({"source": each.source, "event_id": each.event_id}),
            "MessageGroupId": each.group,
            "MessageDeduplicationId": f"{each.event_id}{suffix}",
        }
        for index, each in enumerate(pointers)
    ]
    url = f"{os.environ['INBOX_QUEUES']}{source}.fifo"
    refused = sqs().send_message_batch(QueueUrl=url, Entries=entries).get("Failed", [])
    if refused:
        logger.error("pointers_refused", extra={"codes": sorted({each["Code"] for each in refused})})
    return {int(each["Id"]) for each in refused}


def sweep(at: datetime) -> Swept:
    """Send again what stayed unprocessed; after the last attempt it waits for an operator."""
    return due.sweep(DUE, lambda each: _resend(each, at), at)


def _resend(each: Due, at: datetime) -> None:
    stored = reads.one(each.key)
    if stored is None or "GSI2PK" not in stored:
        return  # the index lags
    resends: int = stored.get("resends", 0) + 1
    if resends > MOST_RESENDS:
        outcome("webhook_given_up", source=stored["source"], event_id=stored["event_id"])
        commit([writes.update(each.key, "REMOVE GSI2PK, GSI2SK", {})])
        return
    if send(stored["source"], [_pointer(stored)], resends):
        raise RuntimeError("the queue did not take it")
    again = {"resends": resends, **awaited(stored["source"], stored["event_id"], at + GRACE * 2**resends)}
    expression = "SET " + ", ".join(f"{name} = :{name}" for name in again)
    try:
        commit([writes.update(each.key, expression, again, condition="attribute_exists(GSI2PK)")])
    except Stale:
        return  # it was processed meanwhile


def replay(source: str, event_id: str) -> None:
    """Process a webhook by hand. LookupError if it or its body is not there: what was processed has none."""
    key, at = keys.inbox(source, event_id), now()
    stored = reads.one(key)
    if stored is None or "body" not in stored:
        raise LookupError("no such webhook, or one of which no body was kept")
    values = awaited(source, event_id, at + GRACE)
    expression = "SET GSI2PK = :GSI2PK, GSI2SK = :GSI2SK REMOVE processed_at, ignored, resends, expires_at"
    commit([writes.update(key, expression, values)])
    if send(source, [_pointer(stored)], int(at.timestamp())):
        raise RuntimeError("the queue did not take it")
