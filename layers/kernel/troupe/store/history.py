"""What happened to an aggregate, read from the table: its events in the order of their versions."""

from troupe.store import keys, reads
from troupe.store.envelope import Envelope


class Gap(Exception):  # noqa: N818 -- what is wrong with the stream
    """Events that must be there are not."""


def between(of: Envelope, after: int, upto: int) -> list[Envelope]:
    """All events of the stream that `of` belongs to, after one version and up to another."""
    pk = keys.aggregate(of.tenant_id, of.aggregate, of.aggregate_id)
    rows = reads.between(pk, keys.event(after + 1), keys.event(upto))
    found = [Envelope.of_row(row) for row in rows]
    if [event.version for event in found] != list(range(after + 1, upto + 1)):
        raise Gap(f"{len(found)} events of {of.aggregate} where {upto - after} must be")
    return found
