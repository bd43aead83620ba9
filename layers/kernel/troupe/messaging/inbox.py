"""The webhook inbox: what came in is stored once and answered at once, then processed from a queue.

The stream brings a pointer to each stored webhook to the FIFO queue of its source (inbox_queue.py).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from gzip import compress, decompress
from typing import Any

from botocore.exceptions import ClientError

from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.messaging.batches import Handler, consumer
from troupe.store import keys, reads, table, writes
from troupe.store.commit import Stale, commit, single
from troupe.store.writes import Action

DUE = "inbox"
GRACE = timedelta(minutes=10)  # for the queue to have it processed
IGNORED_FOR, PROCESSED_FOR = timedelta(days=30), timedelta(days=90)  # that it is kept

_ID = re.compile(r"[!-\"$-~]{1,120}")  # what both a key and a queue take


@dataclass(frozen=True, slots=True, kw_only=True)
class Webhook:
    """A webhook as it came in, verified. Those of one `group` are processed one after the other.

    One that is `ignored`, as for `wrong_livemode`, is kept without its body and never processed.
    """

    source: str
    event_id: str
    group: str
    body: str
    received_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    ignored: str | None = None


def store(webhook: Webhook) -> bool:
    """Whether it is new. One that was stored before is left as it is: the answer is 200 either way."""
    if not (_ID.fullmatch(webhook.event_id) and _ID.fullmatch(webhook.group)):
        raise ValueError("an event and a group are named by 1 to 120 visible characters without #")
    put = writes.put(keys.inbox(webhook.source, webhook.event_id), _item(webhook), absent=True)
    try:
        single(lambda: table.client().put_item(TableName=table.name(), **put.parameters))
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _item(webhook: Webhook) -> dict[str, Any]:
    """Of one that is ignored no more than that it came: whose it is, is nothing to us."""
    came = {
        "source": webhook.source,
        "event_id": webhook.event_id,
        "group": webhook.group,
        "received_at": rfc3339(webhook.received_at),
    }
    if webhook.ignored:
        return {**came, "ignored": webhook.ignored, "expires_at": _in(IGNORED_FOR)}
    return {
        **came,
        "body": compress(webhook.body.encode(), mtime=0),
        "headers": dict(webhook.headers),
        **awaited(webhook.source, webhook.event_id, webhook.received_at + GRACE),
    }


def _in(time: timedelta) -> int:
    return int((now() + time).timestamp())


def awaited(source: str, event_id: str, at: datetime) -> dict[str, str]:
    """The index key under which the sweep finds it, if it is not processed by then."""
    pk = keys.due_place(DUE, at, now(), event_id)
    return {"GSI2PK": pk, "GSI2SK": f"{rfc3339(at)}#{keys.SYSTEM}#{source}#{event_id}"}


def processor(act: Callable[[Webhook], object]) -> Handler:
    """The entry point behind a source's queue. `act` may be called again for what it did already.

    To make that harmless, it may commit `processed` together with what it does.
    """

    def process(body: Mapping[str, str]) -> None:
        key = keys.inbox(body["source"], body["event_id"])
        stored = reads.one(key)
        if stored is not None and "processed_at" in stored:
            return
        if stored is None or "body" not in stored:
            raise LookupError("a pointer to nothing")
        webhook = _webhook(stored)
        try:
            act(webhook)
        except Exception as error:
            _note(webhook, error)
            raise
        try:
            commit([processed(webhook)])
        except Stale:
            return  # `act` said so itself

    return consumer(process)


def _webhook(stored: Mapping[str, Any]) -> Webhook:
    return Webhook(
        source=stored["source"],
        event_id=stored["event_id"],
        group=stored["group"],
        body=_body(stored["body"]),
        received_at=datetime.fromisoformat(stored["received_at"]),
        headers=stored["headers"],
    )


def _body(stored: Any) -> str:
    """The body as it came; what was stored before bodies were compressed is text."""
    return stored if isinstance(stored, str) else decompress(bytes(stored)).decode()


def processed(webhook: Webhook) -> Action:
    """Mark it processed, once, and drop what came: it is full of people. Stale if it was."""
    return writes.update(
        keys.inbox(webhook.source, webhook.event_id),
        "SET processed_at = :at, expires_at = :expires_at REMOVE GSI2PK, GSI2SK, #failure, #body, headers",
        {"at": rfc3339(now()), "expires_at": _in(PROCESSED_FOR)},
        names={"#failure": "failure", "#body": "body"},
        condition="attribute_exists(PK) AND attribute_not_exists(processed_at)",
    )


def _note(webhook: Webhook, error: Exception) -> None:
    failure = {"at": rfc3339(now()), "error": f"{type(error).__name__}: {error}"[:500]}
    update = writes.update(
        keys.inbox(webhook.source, webhook.event_id),
        "SET #failure = :failure ADD failures :one",
        {"failure": failure, "one": 1},
        names={"#failure": "failure"},
    )
    commit([update])
