"""A read model behind a queue: events in any order, any number of times, and its rows end the same.

A row stands at a version for each stream that feeds it. What is not newer is skipped; where versions are
missing, they are read from the table first. The write holds only while the row is older, so it may race.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from troupe import counters, generations, history, keys, reads, table, writes
from troupe.aggregates import dump, parse
from troupe.batches import Batch, Event, Failures, Handler
from troupe.events import Envelope
from troupe.keys import Key
from troupe.views import Source, Tombstone, View


def projection(*views: View) -> Handler:
    """The entry point of a function behind a context's queue that keeps these views."""

    def entry(event: Event, _context: Any) -> Failures:
        batch = Batch(event)
        written = generations.written(view.name for view in views)
        received = batch.each(lambda body: _receive(body, views, written))
        for view in views:
            for generation in written[view.name]:
                failed = counters.count(view, generation, list(received.values()))
                for message_id, envelope in received.items():
                    if error := failed.get(envelope.id):
                        batch.fail(message_id, error)
        return batch.answer()

    return entry


def _receive(
    body: Mapping[str, Any], views: Sequence[View], written: Mapping[str, tuple[int, ...]]
) -> Envelope:
    envelope = Envelope.of(body["detail"])
    for view in views:
        for generation in written[view.name]:
            advance(view, generation, [envelope])
    return envelope


def advance(view: View, generation: int, run: Sequence[Envelope]) -> None:
    """Bring a view's rows up to the last of a run of events: consecutive ones of one stream."""
    for source in view.fed_by(run[0].aggregate):
        _advance(view, generation, source, run)
        if source.then:
            source.then(generation, run[-1])


def _advance(view: View, generation: int, source: Source[Any], run: Sequence[Envelope]) -> None:
    last = run[-1]
    place = source.place(last)
    key = generations.key(view.name, generation, last.tenant_id, place)
    row = reads.one(key) or {}
    at = _stands_at(row, source, last)
    if last.version <= at:
        return
    due = [event for event in run if event.version > at]
    if [event.version for event in due] != list(range(at + 1, last.version + 1)):
        due = history.between(last, at, last.version)
    part = _part(source, row)
    for event in due:
        if source.place(event) != place:
            raise ValueError(f"a stream of {source.kind} feeds two rows through one source")
        part = source.project(part, event)
    _write(key, _values(view, generation, source, last, part), f"{source.name}_version")


def _stands_at(row: Mapping[str, Any], source: Source[Any], event: Envelope) -> int:
    if row.get(f"{source.name}_stream", event.aggregate_id) != event.aggregate_id:
        raise ValueError(f"two streams feed one row's part {source.name}")
    version: int = row.get(f"{source.name}_version", 0)
    return version


def _part(source: Source[Any], row: Mapping[str, Any]) -> Any:
    """The source's part as it was left: a row, a tombstone, or nothing yet."""
    if live := row.get(source.name):
        return parse(source.shape, live)
    kept = row.get(f"{source.name}_kept")
    gone = Tombstone(kept=parse(source.shape, kept) if kept else None)
    return gone if f"{source.name}_gone" in row else None


def _values(view: View, generation: int, source: Source[Any], last: Envelope, part: Any) -> dict[str, Any]:
    """The attributes that the source owns; `None` takes one away."""
    gone = _is_tombstone(part)
    row, kept = (None, part.kept) if gone else (part, None)
    return {
        source.name: None if row is None else dump(source.shape, row),
        f"{source.name}_gone": gone or None,
        f"{source.name}_kept": None if kept is None else dump(source.shape, kept),
        f"{source.name}_version": last.version,
        f"{source.name}_stream": last.aggregate_id,
        **(_listed(view, generation, source, last, row) if source.listed else {}),
    }


def _is_tombstone(part: Any) -> bool:
    return isinstance(part, Tombstone)


def _listed(view: View, generation: int, source: Source[Any], last: Envelope, row: Any) -> dict[str, Any]:
    """Where the row stands in the view's lists; their keys carry the generation, as the row's own does."""
    listing = source.listed(row) if source.listed and row is not None else None
    at: dict[str, Any] = dict.fromkeys(("GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK", "summary"))
    if listing is None:
        return at
    for index, named in (("GSI1", listing.collection), ("GSI2", listing.queue)):
        if named:
            name, sort = named
            physical = generations.physical(view.name, generation)
            at[f"{index}PK"] = keys.view(last.tenant_id, physical, *name.split("#"))
            at[f"{index}SK"] = sort
    return {**at, "summary": {"id": last.aggregate_id, **listing.summary}}


def _write(key: Key, values: Mapping[str, Any], version: str) -> None:
    given = {name: value for name, value in values.items() if value is not None}
    gone = ", ".join(f"#{name}" for name in values if name not in given)  # there always is one
    expression = f"SET {', '.join(f'#{name} = :{name}' for name in given)} REMOVE {gone}"
    action = writes.update(
        key,
        expression,
        given,
        names={f"#{name}": name for name in values},
        condition=f"attribute_not_exists(#{version}) OR #{version} < :{version}",
    )
    try:
        table.client().update_item(TableName=table.name(), **action.parameters)
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise  # the condition alone means that somebody has brought it further


def part[R](source: Source[R], item: Mapping[str, Any] | None) -> R | None:
    """A source's part of a row that was read; `None` where there is none or it is deleted."""
    text = (item or {}).get(source.name)
    found: R | None = parse(source.shape, text) if text else None
    return found
