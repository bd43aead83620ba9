"""The whole table in pages, for a job that stops when its time is up and goes on where it stopped."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from troupe.store import keys, reads, table, writes
from troupe.store.attributes import pack, unpack
from troupe.store.commit import commit

PAGE = 400
MARGIN_MILLISECONDS = 20_000

type Enough = Callable[[], bool]
type Items = Sequence[Mapping[str, Any]]


def time_is_up(context: Any) -> Enough:
    """Whether a Lambda function has too little time left to begin anything more."""

    def enough() -> bool:
        left: int = context.get_remaining_time_in_millis()
        return left < MARGIN_MILLISECONDS

    return enough


def page(segment: int, segments: int, after: Mapping[str, Any] | None, **more: Any) -> tuple[Items, Any]:
    """One page of a segment, as DynamoDB's attribute values, and after which key the next one begins."""
    start: Any = {"ExclusiveStartKey": pack(after)} if after else {}
    found = table.client().scan(
        TableName=table.name(),
        Segment=segment,
        TotalSegments=segments,
        Limit=PAGE,
        ConsistentRead=True,
        **start,
        **more,
    )
    last = found.get("LastEvaluatedKey")
    return found["Items"], last and unpack(last)


def pages(task: str, name: str, segment: int, segments: int, enough: Enough) -> Iterator[Items]:
    """The pages of a segment that are still to do. A page counts as done when the next one is asked for."""
    key = keys.progress(task, name, segment)
    progress: dict[str, Any] = reads.one(key) or {}
    while not progress.get("done") and not enough():
        items, last = page(segment, segments, progress.get("after"))
        yield items
        progress = {"after": last} if last else {"done": True}
        commit([writes.put(key, progress)])


def done(task: str, name: str, segments: int) -> bool:
    targets = [keys.progress(task, name, segment) for segment in range(segments)]
    found = reads.batch(targets)
    return all(found.get(key, {}).get("done") for key in targets)
