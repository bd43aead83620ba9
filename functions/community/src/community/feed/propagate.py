"""Updates feed cards when their author or community changes.

The list of cards of an author is stored beside the author's row. Long lists are split into further messages.
Repeated messages and a wrong order do no harm: each card is composed from the present row.
"""

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import ClientError

from community.feed.keys import DEPENDENT, FOLLOWED, Rows, edition
from community.feed.update import recompose
from troupe.messaging import parts
from troupe.store import reads, table, writes
from troupe.store.commit import single
from troupe.store.envelope import Envelope
from troupe.store.keys import Key


def follow(generation: int, event: Envelope, row: Mapping[str, Any]) -> None:
    """Compose anew what depends on the row, unless what is shown of it is what it was before.

    Nothing depends on most rows, and for those nothing is read: a row is followed from its first card on.
    """
    rows = Rows(tenant_id=event.tenant_id, generation=generation)
    pieces = parts.part(event)
    if pieces is not None:
        _compose(rows, pieces)
        return
    now = edition(row, event.aggregate)
    if row.get(FOLLOWED, now) >= now:
        return
    key = rows.of(event.aggregate, event.aggregate_id)
    found = reads.between(key.pk, DEPENDENT, f"{DEPENDENT}~")
    pieces = [[each["kind"], each["id"]] for each in found]
    if not parts.shared_out(event, pieces):
        _compose(rows, pieces)
    _note(key, now)


def _compose(rows: Rows, pieces: list[Any]) -> None:
    for kind, source_id in pieces:
        recompose(rows, kind, source_id)


def _note(key: Key, version: int) -> None:
    """All cards show this edition, or will when each part has been seen to."""
    condition = f"{FOLLOWED} <= :edition"
    action = writes.update(key, f"SET {FOLLOWED} = :edition", {"edition": version}, condition=condition)
    try:
        single(lambda: table.client().update_item(TableName=table.name(), **action.parameters))
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
