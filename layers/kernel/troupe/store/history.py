"""What happened to an aggregate, read from the table: its events in the order of their versions."""

from collections.abc import Iterator
from itertools import batched, chain

from troupe.store import keys, reads
from troupe.store.attributes import pack
from troupe.store.envelope import Envelope

AT_ONCE = 1000  # events in memory


class Gap(Exception):  # noqa: N818 -- what is wrong with the stream
    """Events that must be there are not."""


def between(of: Envelope, after: int, upto: int) -> list[Envelope]:
    """All events of the stream that `of` belongs to, after one version and up to another."""
    pk = keys.aggregate(of.tenant_id, of.aggregate, of.aggregate_id)
    return list(chain.from_iterable(parts(pk, after, upto)))


def parts(pk: str, after: int, upto: int) -> Iterator[list[Envelope]]:
    """The same of the stream in a partition, a part at a time; raises `Gap`."""
    query = {
        "KeyConditionExpression": "PK = :pk AND SK BETWEEN :first AND :last",
        "ExpressionAttributeValues": pack(
            {":pk": pk, ":first": keys.event(after + 1), ":last": keys.event(upto)}
        ),
        "ConsistentRead": True,
    }
    last = after
    for rows in batched(reads.every(query), AT_ONCE, strict=False):
        events = [Envelope.of_row(row) for row in rows]
        if [event.version for event in events] != list(range(last + 1, last + len(events) + 1)):
            break
        last += len(events)
        yield events
    if last != upto:
        raise Gap(f"after version {last} where {upto} must be")
