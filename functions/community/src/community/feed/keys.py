"""Where the feeds' items stand, in one generation of the view.

Beside the cards of a feed, by month and instant, stand the months that it has cards in; beside an author or a
community, what is shown of theirs.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from community.feed.card_rules import VIEW, Entry
from troupe.projection import generations
from troupe.projection.view import Place
from troupe.store.envelope import Envelope
from troupe.store.keys import Key

MONTHS = "MONTHS"
DEPENDENT = "CARD#"
FOLLOWED = "followed"  # the edition that all cards show; only a row that cards depend on has it
MONTH = len("2026-01")


def place(event: Envelope) -> Place:
    """The row of a stream: of a feed item, of its author, or of a community."""
    return Place(parts=(event.aggregate.upper(), event.aggregate_id))


def edition(row: Mapping[str, Any], name: str) -> int:
    """The version that last changed what cards show of an author or a community; 0 while nothing is known."""
    text = row.get(name) or row.get(f"{name}_kept")
    found: int = json.loads(text)["edition"] if text else 0
    return found


def month(since: str) -> str:
    return since[:MONTH]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    tenant_id: str
    generation: int

    def of(self, kind: str, stream_id: str) -> Key:
        return self._key(Place(parts=(kind.upper(), stream_id)))

    def card(self, entry: Entry, source_id: str) -> Key:
        return self._key(Place(parts=(entry.feed, month(entry.since)), sort=f"{entry.since}#{source_id}"))

    def months(self, feed: str) -> Key:
        return self._key(Place(parts=(feed,), sort=MONTHS))

    def dependent(self, kind: str, stream_id: str, source_id: str) -> Key:
        return self._key(Place(parts=(kind.upper(), stream_id), sort=f"{DEPENDENT}{source_id}"))

    def _key(self, at: Place) -> Key:
        return generations.key(VIEW, self.generation, self.tenant_id, at)
