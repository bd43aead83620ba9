"""Has the cards follow whoever they are by, and the community they are from, a few at a time.

What depends on an author stands beside the author's row. A message sees to so many pieces and no more; the
rest goes on with the same message, sent again, from where the row says. However often it comes, in whatever
order: a pass ends when everything was composed from what the row said at its beginning, or later.
"""

import json
import os
from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from community.feed.keys import DEPENDENT, FOLLOWED, Rows, edition
from community.feed.update import recompose
from troupe.aws import clients
from troupe.store import reads, table, writes
from troupe.store.attributes import pack, unpack
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

MOST = 50  # pieces that one message sees to


def follow(generation: int, event: Envelope, row: Mapping[str, Any]) -> None:
    """Compose anew what depends on the row, unless what is shown of it is what it was at the last pass.

    Nothing depends on most rows, and for those nothing is read: a row is followed from its first card on.
    """
    rows = Rows(tenant_id=event.tenant_id, generation=generation)
    key = rows.of(event.aggregate, event.aggregate_id)
    while _some(rows, key, row, event.aggregate) and not _sent_again(event):
        row = reads.one(key) or {}


def _sent_again(event: Envelope) -> bool:
    """Whether the rest is left to another message; a rebuild has no queue, and goes on itself."""
    queue = os.environ.get("INBOUND_QUEUE_URL")
    if queue is None:
        return False
    body = {"detail-type": event.type, "detail": event.detail()}
    clients.sqs().send_message(QueueUrl=queue, MessageBody=json.dumps(body))
    return True


def _some(rows: Rows, key: Key, row: Mapping[str, Any], name: str) -> bool:
    """See to the next pieces; whether there are more after them."""
    now = edition(row, name)
    if row.get(FOLLOWED, now) >= now:
        return False
    begun = row.get("following", 0) >= now
    found = _dependents(key.pk, row["after"] if begun else None)
    for each in found[:MOST]:
        recompose(rows, each["kind"], each["id"])
    more = len(found) > MOST
    _note(key, now, found[MOST - 1]["SK"] if more else None)
    return more


def _dependents(pk: str, after: str | None) -> list[dict[str, Any]]:
    """Of all that is shown of it the next few, the newest first, and one more."""
    last = after or f"{DEPENDENT}~"
    found = table.client().query(
        TableName=table.name(),
        KeyConditionExpression="PK = :pk AND SK BETWEEN :first AND :last",
        ExpressionAttributeValues=pack({":pk": pk, ":first": DEPENDENT, ":last": last}),
        ConsistentRead=True,
        ScanIndexForward=False,
        Limit=MOST + 2,
    )["Items"]
    return [each for each in map(unpack, found) if each["SK"] != after][: MOST + 1]


def _note(key: Key, version: int, after: str | None) -> None:
    """How far the pass of this edition has come, unless a later one has come further."""
    done = after is None
    expression = (
        "SET followed = :edition REMOVE following, #after"
        if done
        else "SET following = :edition, #after = :after"
    )
    mark = "followed" if done else "following"
    given = {"edition": version} if done else {"edition": version, "after": after}
    action = writes.update(
        key,
        expression,
        given,
        names={"#after": "after"},
        condition=f"attribute_not_exists({mark}) OR {mark} <= :edition",
    )
    try:
        table.client().update_item(TableName=table.name(), **action.parameters)
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
