"""Keeps the cards of a piece as its row, its author and its community say, whichever of them has changed.

What is published is written once for each feed that shows it, and never for a reader. The cards are written
in one transaction that holds all three rows to what was read of them: so a later change of one of them
finds the piece among what depends on it, and no event that comes late, twice or in another order makes a
difference.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from community.feed.card_rules import Author, CommunityShown, Entry, FeedSource, Kind, cards
from community.feed.keys import FOLLOWED, Rows, edition, month
from troupe.store import aggregates, reads, writes
from troupe.store.commit import Stale, commit, pause
from troupe.store.envelope import Envelope
from troupe.store.keys import Key
from troupe.store.transact import Contended
from troupe.store.writes import Action

ATTEMPTS = 6
AUTHORS: Mapping[Kind, str] = {"post": "user", "promotion": "supplier"}

type Item = Mapping[str, Any]


def compose(generation: int, event: Envelope, row: Item) -> None:
    """Make the cards of the piece what its row says."""
    kind: Kind = "post" if event.aggregate == "post" else "promotion"
    recompose(Rows(tenant_id=event.tenant_id, generation=generation), kind, event.aggregate_id, row)


def recompose(rows: Rows, kind: Kind, source_id: str, row: Item | None = None) -> None:
    """Make the cards of a piece what its row says, which was read already or is read now."""
    for attempt in range(ATTEMPTS):
        if row is None:
            row = reads.one(rows.of(kind, source_id)) or {}
        try:
            return _recompose(rows, kind, source_id, row)
        except Stale:
            row = None
            pause(attempt)
    raise Contended


def _recompose(rows: Rows, kind: Kind, source_id: str, row: Item) -> None:
    source = _part(FeedSource, row, kind)
    around = _around(rows, kind, source) if source else Around()
    wanted = dict(_items(rows, kind, source_id, source, around)) if source else dict[Key, Item]()
    composed = _digest(wanted)
    if composed == row.get("composed", _digest({})):
        return
    was = [Key(*each) for each in json.loads(row.get("cards", "[]"))]
    commit(
        [
            _noted(rows.of(kind, source_id), kind, row, composed, wanted),
            *around.checks,
            *around.months,
            *(writes.put(key, values) for key, values in wanted.items()),
            *(_removed(key) for key in was if key not in wanted),
        ]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the cards of a piece rest on besides itself."""

    checks: tuple[Action, ...] = ()
    author: Author | None = None
    community: CommunityShown | None = None
    months: tuple[Action, ...] = ()


def _around(rows: Rows, kind: Kind, source: FeedSource) -> Around:
    by = AUTHORS[kind]
    author_key = rows.of(by, source.author_id)
    house_key = rows.of("community", source.community) if source.community else None
    months = {entry: rows.months(entry.feed) for entry in source.entries}
    found = reads.batch([author_key, *([house_key] if house_key else []), *months.values()])
    community = found.get(house_key) if house_key else None
    checks = [_as_read(author_key, by, found.get(author_key, {}))]
    if house_key:
        checks.append(_as_read(house_key, "community", community or {}))
    return Around(
        checks=tuple(checks),
        author=_part(Author, found.get(author_key), by),
        community=_part(CommunityShown, community, "community"),
        months=tuple(_months(months, found)),
    )


def _items(
    rows: Rows, kind: Kind, source_id: str, source: FeedSource, around: Around
) -> Iterator[tuple[Key, Item]]:
    """The cards, and the items that list them beside their author and community."""
    if not source.shown:
        return
    for entry, text in cards(kind, source_id, source, around.author, around.community).items():
        yield rows.card(entry, source_id), {"card": text}
    yield rows.dependent(AUTHORS[kind], source.author_id, source_id), {"kind": kind, "id": source_id}
    if source.community:
        yield rows.dependent("community", source.community, source_id), {"kind": kind, "id": source_id}


def _months(months: Mapping[Entry, Key], found: Mapping[Key, Item]) -> Iterator[Action]:
    """One more month that a feed has cards in, where it is the first of them."""
    for entry, key in months.items():
        if month(entry.since) not in found.get(key, {}).get("months", ()):
            yield writes.update(key, "ADD months :month", {"month": {month(entry.since)}})


def _part[R](shape: type[R], row: Item | None, name: str) -> R | None:
    """What a row says, if it is there."""
    text = (row or {}).get(name)
    found: R | None = aggregates.parse(shape, text) if text else None
    return found


def _as_read(key: Key, name: str, row: Item) -> Action:
    """Hold the cards to the row as it was read; with the first of them its changes begin to be followed."""
    version = row.get(f"{name}_version")
    condition = "#version = :version" if version else "attribute_not_exists(#version)"
    names, values = {"#version": f"{name}_version"}, {"version": version} if version else {}
    if FOLLOWED in row:
        return writes.check(key, condition, values, names=names)
    begun = {**values, "edition": edition(row, name)}
    return writes.update(key, f"SET {FOLLOWED} = :edition", begun, names=names, condition=condition)


def _noted(key: Key, kind: Kind, row: Item, composed: str, wanted: Mapping[Key, Item]) -> Action:
    """Record the cards of the row, if it is as it was read and its cards were not composed meanwhile."""
    before = "#composed = :before" if "composed" in row else "attribute_not_exists(#composed)"
    values = {
        "version": row[f"{kind}_version"],
        "composed": composed,
        "cards": json.dumps([list(key) for key in wanted]),
        **({"before": row["composed"]} if "composed" in row else {}),
    }
    return writes.update(
        key,
        "SET #composed = :composed, #cards = :cards",
        values,
        names={"#version": f"{kind}_version", "#composed": "composed", "#cards": "cards"},
        condition=f"#version = :version AND {before}",
    )


def _removed(key: Key) -> Action:
    return Action(kind="Delete", parameters={"Key": {"PK": {"S": key.pk}, "SK": {"S": key.sk}}})


def _digest(items: Mapping[Key, Item]) -> str:
    whole = sorted((key, sorted(values.items())) for key, values in items.items())
    return sha256(json.dumps(whole).encode()).hexdigest()
