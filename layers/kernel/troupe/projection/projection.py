"""A read model behind a queue: events in any order, any number of times, and its rows end the same.

A row stands at a version for each stream that feeds it. What is not newer is skipped; where versions are
missing, they are read from the table first. The write holds only while the row is older, so it may race.

All rows of a batch are read in one round trip, together with what the batch needs beside them. A version is
written even where the event changes nothing else: otherwise each later event would find versions missing, and
would cost a query more than the write that was spared.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError

from troupe.domain.time_zones import Zones
from troupe.messaging.batches import Batch, Event, Failures, Handler
from troupe.projection import counters, generations, words
from troupe.projection.view import Place, Source, Tombstone, View, Words
from troupe.store import history, keys, personal, reads, table, writes
from troupe.store.aggregates import dump, parse
from troupe.store.attributes import unpack
from troupe.store.commit import Stale, single
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

type Row = Mapping[str, Any]
type Rows = dict[Key, Row]  # what is known of items; one that is not in it is read when it is needed


@dataclass(frozen=True, slots=True, kw_only=True)
class _Message:
    envelope: Envelope
    places: tuple[tuple[str, Place], ...]  # of the rows that it feeds, each with the name of its view


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What was read for a batch before it is projected."""

    rows: Rows = field(default_factory=dict[Key, Row])
    zones: Mapping[str, Zones] = field(default_factory=dict[str, Zones])
    written: Mapping[str, tuple[int, ...]]  # generations, by the name of the view


def projection(*views: View) -> Handler:
    """The entry point of a function behind a context's queue that keeps these views."""
    return lambda event, _context: keep(views, event, {})


def keep(views: Sequence[View], event: Event, subjects: Rows) -> Failures:
    """Bring the views up to the events of a batch. `subjects` gets the keys of people that were read."""
    batch = Batch(event)
    messages = batch.each(lambda body: _message(body, views))
    try:
        known = _read(views, list(messages.values()), subjects)
    except Exception as error:  # noqa: BLE001 -- without its rows no message can be projected
        for message_id in messages:
            batch.fail(message_id, error)
        return batch.answer()
    received = batch.go_on(messages, lambda message: _receive(message, views, known))
    _count(batch, received, views, known)
    return batch.answer()


def _message(body: Mapping[str, Any], views: Sequence[View]) -> _Message:
    envelope = Envelope.of(body["detail"])
    places = [
        (view.name, source.place(envelope.upcast(view.upcasters)))
        for view in views
        for source in view.fed_by(envelope.aggregate)
    ]
    return _Message(envelope=envelope, places=tuple(places))


def _read(views: Sequence[View], messages: Sequence[_Message], subjects: Rows) -> _Known:
    """One round trip, and another where a rebuild began or ended; none for what feeds and adds nothing."""
    names = [view.name for view in views]
    standings = counters.standings(views, (message.envelope for message in messages))
    wanted = _keys(messages)
    if not (wanted or standings):
        return _Known(written=dict.fromkeys(names, ()))
    records, since = generations.unread(names)
    people = personal.subjects(message.envelope for message in messages if message.places)
    found = reads.many([*records.values(), *standings.values(), *wanted, *people])
    generations.note(records, found, since)
    subjects.update((key, found.get(key, {})) for key in people)
    asked, wanted = wanted, _keys(messages)
    found |= reads.many([key for key in wanted if key not in asked])
    return _Known(
        rows={key: found.get(key, {}) for key in (*wanted, *people)},
        zones=counters.zones(standings, found),
        written={name: generations.written(name) for name in names},
    )


def _keys(messages: Iterable[_Message]) -> dict[Key, None]:
    """The rows that messages feed, in the generations that are written as far as is known."""
    return {
        generations.key(name, generation, message.envelope.tenant_id, place): None
        for message in messages
        for name, place in message.places
        for generation in generations.written(name)
    }


def _receive(message: _Message, views: Sequence[View], known: _Known) -> Envelope:
    if not message.places:
        return message.envelope
    (envelope,) = personal.opened([message.envelope], known.rows)
    for view in views:
        for generation in known.written[view.name]:
            advance(view, generation, [envelope], known.rows)
    return envelope


def _count(batch: Batch, received: Mapping[str, Envelope], views: Sequence[View], known: _Known) -> None:
    envelopes = list(received.values())
    for view in views:
        for generation in known.written[view.name]:
            failed = counters.count(view, generation, envelopes, zones=known.zones)
            for message_id, envelope in received.items():
                if error := failed.get(envelope.id):
                    batch.fail(message_id, error)


def advance(
    view: View,
    generation: int,
    run: Sequence[Envelope],
    rows: Rows | None = None,
) -> None:
    """Bring a view's rows up to the last of a run of events: consecutive ones of one stream.

    `rows`: what is known of rows, and of people's keys; it is kept up with what is written and read.
    """
    run = [event.upcast(view.upcasters) for event in run]
    last, known = run[-1], {} if rows is None else rows
    for source in view.fed_by(last.aggregate):
        key = generations.key(view.name, generation, last.tenant_id, source.place(last))
        row = known.pop(key) if key in known else reads.one(key) or {}
        row = _advanced((view, generation, source), run, row, known)
        if source.then:
            source.then(generation, last, row)  # and it may change the row
        else:
            known[key] = row


def _advanced(where: tuple[View, int, Source[Any]], run: Sequence[Envelope], row: Row, subjects: Rows) -> Row:
    """The row as it stands in the table when the run's events are in it."""
    (view, generation, source), last = where, run[-1]
    at = _version_of(row, source, last)
    if last.version <= at:
        return row
    due = [event for event in run if event.version > at]
    if [event.version for event in due] != list(range(at + 1, last.version + 1)):
        missing = personal.opened(history.between(last, at, last.version), subjects)
        due = [event.upcast(view.upcasters) for event in missing]
    before = part = _part(source, row)
    place = source.place(last)
    for event in due:
        if source.place(event) != place:
            raise ValueError(f"a stream of {source.kind} feeds two rows through one source")
        part = source.project(part, event)
    key = generations.key(view.name, generation, last.tenant_id, place)
    values = _values(view, generation, source, last, part)
    if source.words:
        written = _with_words(where, (last, key), row, values, (before, part))
    else:
        older = "attribute_not_exists(#{0}) OR #{0} < :{0}".format(f"{source.name}_version")
        written = _written(_update(key, values, older))
    # another worker may have changed it: what has words is written as it was read, or begun again
    return written or _advanced(where, run, reads.one(key) or {}, subjects)


def _with_words(
    where: tuple[View, int, Source[Any]],
    at: tuple[Envelope, Key],
    row: Row,
    values: dict[str, Any],
    parts: tuple[Any, Any],
) -> Row | None:
    """Write a source's part, and its words where these change; nothing if the row is not as it was read."""
    (view, generation, source), (last, key) = where, at
    was, now = (_words(source, part) for part in parts)
    had, version = row.get(f"{source.name}_words", []), f"{source.name}_version"
    have = list(now.words) if now else []
    values[f"{source.name}_words"] = have or None
    as_read = f"#{version} = :read" if version in row else f"attribute_not_exists(#{version})"
    step = _update(key, values, as_read, {"read": row[version]} if version in row else {})
    if was == now and had == have:
        return _written(step)
    place = last.tenant_id, generations.physical(view.name, generation), last.aggregate_id
    try:
        words.write(step, place, had, now)
    except Stale:
        return None
    return {name: value for name, value in {**row, **values}.items() if value is not None}


def _words(source: Source[Any], part: Any) -> Words | None:
    return None if source.words is None or part is None or _is_tombstone(part) else source.words(part)


def _version_of(row: Mapping[str, Any], source: Source[Any], event: Envelope) -> int:
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


def _update(
    key: Key, values: Mapping[str, Any], condition: str, compared: Mapping[str, Any] | None = None
) -> writes.Action:
    """Set what has a value, and remove the other attributes."""
    given = {name: value for name, value in values.items() if value is not None}
    gone = ", ".join(f"#{name}" for name in values if name not in given)  # there always is one
    expression = f"SET {', '.join(f'#{name} = :{name}' for name in given)} REMOVE {gone}"
    names = {f"#{name}": name for name in values}
    return writes.update(key, expression, {**given, **(compared or {})}, names=names, condition=condition)


def _written(action: writes.Action) -> Row | None:
    """The whole row after it was written; nothing if the condition does not hold."""
    try:
        answer = single(
            lambda: table.client().update_item(
                TableName=table.name(), ReturnValues="ALL_NEW", **action.parameters
            )
        )
    except ClientError as failed:
        if failed.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return None
    return unpack(answer["Attributes"])


def part[R](source: Source[R], item: Mapping[str, Any] | None) -> R | None:
    """A source's part of a row that was read; `None` where there is none or it is deleted."""
    text = (item or {}).get(source.name)
    found: R | None = parse(source.shape, text) if text else None
    return found
