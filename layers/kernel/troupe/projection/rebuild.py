"""A rebuild of a read model from the events, into a new generation that then becomes the live one.

It is a job for a system role that may scan. One call works as long as its time lasts and says how far it
came; the next one goes on from there. Several calls may fill different segments at the same time.

Where the code has another number for the shape of a view than the live generation was filled by, a schedule
starts the rebuild, once no function of the release before can be running any more. Until the new generation
is whole, the old one is read.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from troupe.clock import now
from troupe.observability import metrics, outcome
from troupe.projection import counters, generations
from troupe.projection.generations import HELD_SECONDS, WRITTEN_HELD_SECONDS, Generations, Phase
from troupe.projection.projection import Rows, advance
from troupe.projection.view import View
from troupe.store import copies, keys, personal, scans, table
from troupe.store.commit import Stale, pause
from troupe.store.envelope import Envelope
from troupe.store.scans import Enough

SEGMENTS = 4
MOST_DELETES = 25  # https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html
REST_SECONDS = HELD_SECONDS * 2
BEFORE_SCAN_SECONDS = WRITTEN_HELD_SECONDS * 2
DEPLOY_SECONDS = 900  # that long functions of the release before may go on writing rows as it knew them
BEGINNING = datetime.min.replace(tzinfo=UTC)

type Report = dict[str, Any]


def rebuild(*views: View) -> Callable[[Mapping[str, Any], Any], Report]:
    """The entry point of the job: `{"view": name, "start": true, "segments"?: 4}`, and then `{"view": name}`
    until the answer's `phase` is `settled`. `{"view": name, "segment": n}` keeps to one segment. `{}` takes
    each view a step further that is being rebuilt, or whose shape has another number.
    """
    named = {view.name: view for view in views}

    def entry(event: Mapping[str, Any], context: Any) -> Report:
        enough = scans.time_is_up(context)
        due = [named[event["view"]]] if "view" in event else [view for view in views if _due(view)]
        reports = [_step(view, event, enough) for view in due]
        for report in reports:
            outcome("rebuild_step", **report)
            metrics.flush_metrics()
        return reports[0] if "view" in event else {"views": reports}

    return entry


def _due(view: View) -> bool:
    at = generations.of(view.name)
    return at.phase != "settled" or at.shape != view.shape


def _step(view: View, event: Mapping[str, Any], enough: Enough) -> Report:
    at = generations.of(view.name)
    try:
        at = _advanced(view, at, event, enough)
    except Stale:  # another call, for another segment, was first
        at = generations.of(view.name)
    return {"view": view.name, "phase": at.phase, "live": at.live, "other": at.other}


def _advanced(view: View, at: Generations, event: Mapping[str, Any], enough: Enough) -> Generations:
    """Each phase in turn, as far as it can be gone now."""
    if at.phase == "settled" and at.shape != view.shape:
        at = _enter(view, at, "awaiting")
    if at.phase in {"settled", "awaiting"} and (event.get("start") or _deployed(at)):
        number = at.latest + 1
        segments = event.get("segments", SEGMENTS)
        at = _enter(
            view, at, "filling", other=number, latest=number, segments=segments, other_shape=view.shape
        )
    begun = at.phase == "filling" and _rested(at, BEFORE_SCAN_SECONDS)
    if begun and _fill(view, at, event.get("segment"), enough):
        turned = {"shape": at.other_shape, "other_shape": at.shape}
        at = _enter(view, at, "swapped", live=at.other, other=at.live, **turned)
    if at.phase == "swapped" and _rested(at, REST_SECONDS):
        at = _enter(view, at, "retiring")
    if at.phase == "retiring" and _rested(at, REST_SECONDS) and _remove(view, at, enough):
        at = _enter(view, at, "settled", other=0)
    return at


def _enter(view: View, at: Generations, phase: Phase, **to: int) -> Generations:
    return generations.change(view.name, at, phase=phase, since=int(now().timestamp()), **to)


def _deployed(at: Generations) -> bool:
    return at.phase == "awaiting" and _rested(at, DEPLOY_SECONDS)


def _rested(at: Generations, seconds: int) -> bool:
    """Whether no reader, or no writer, can be left that has not heard of the phase."""
    return now().timestamp() - at.since >= seconds


def _fill(view: View, at: Generations, segment: int | None, enough: Enough) -> bool:
    task = f"fill_{at.other}"
    for number in range(at.segments) if segment is None else (segment,):
        for items in scans.pages(task, view.name, number, at.segments, enough):
            apply(view, at.other, [Envelope.of_item(item) for item in items if _is_event(item)])
    return scans.done(task, view.name, at.segments)


def apply(view: View, generation: int, events: Sequence[Envelope]) -> None:
    """Project and count events that were read from the table, in the order of each stream."""
    subjects: Rows = {}
    opened = personal.opened(events, subjects)
    for _, run in groupby(opened, key=lambda event: (event.tenant_id, event.aggregate, event.aggregate_id)):
        advance(view, generation, list(run), subjects)
    for error in counters.count(view, generation, events, BEGINNING).values():
        raise error


def _remove(view: View, at: Generations, enough: Enough) -> bool:
    """Remove the generation that was live before: its rows are neither read nor written any more."""
    task, name = f"remove_{at.other}", generations.physical(view.name, at.other).upper()
    for number in range(at.segments):
        for items in scans.pages(task, view.name, number, at.segments, enough):
            _delete([item for item in items if _belongs(item, name)])
    return scans.done(task, view.name, at.segments)


def _delete(items: Sequence[Mapping[str, Any]]) -> None:
    """What DynamoDB leaves unprocessed is asked for again."""
    due: list[Any] = [{"DeleteRequest": {"Key": {"PK": item["PK"], "SK": item["SK"]}}} for item in items]
    attempt = 0
    while due:
        answer = table.client().batch_write_item(RequestItems={table.name(): due[:MOST_DELETES]})
        left = answer["UnprocessedItems"].get(table.name(), [])
        due = [*left, *due[MOST_DELETES:]]
        if left:
            attempt += 1
            pause(attempt)


def _is_event(item: Mapping[str, Any]) -> bool:
    sk: str = item["SK"]["S"]
    return sk.startswith(keys.EVENT)


def _belongs(item: Mapping[str, Any], name: str) -> bool:
    """A row, a number or a mark of this generation, and never an aggregate that is called alike."""
    parts = item["PK"]["S"].split("#")
    marked = parts[1:3] == ["COUNTED", name]
    aggregate = item["SK"]["S"].startswith((keys.STATE, copies.COPY)) or _is_event(item)
    return marked or (parts[1:2] == [name] and not aggregate)
