"""Pages of a feed: one query each, of one month, and a cursor that is good for one viewer and one feed alone.

Where a month ends, the page ends, and the next one begins with the month before it that has cards. A cursor
names the last card that was shown: what comes meanwhile shifts nothing, and a rebuild is not noticed.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from community.feed.card_rules import VIEW
from community.feed.keys import MONTHS
from troupe.edge.pages import Page, after_cursor, cursor_of
from troupe.projection import generations
from troupe.store import keys, reads
from troupe.store.attributes import pack
from troupe.store.keys import Key

LARGEST = 25  # cards: of the largest, with one more to know whether there are more, 3.5 read units


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """`name` is a community's id, or `GLOBAL`."""

    tenant_id: str
    name: str
    viewer: str

    @property
    def months(self) -> Key:
        """Where the months stand that it has cards in."""
        return Key(generations.partition(self.tenant_id, VIEW, self.name), MONTHS)

    def verify(self, cursor: str | None) -> None:
        """Refuse a cursor that is not one of this feed, before anything is read."""
        if cursor:
            self._begin(cursor)

    def page(self, limit: int, cursor: str | None, months: Iterable[str]) -> Page:
        """At most `limit` cards, the newest first."""
        known = sorted(months, reverse=True)
        month, after = self._begin(cursor) if cursor else (known[0] if known else None, None)
        if month is None:
            return Page(items=(), cursor=None)
        found = self._query(month, after, limit)
        if found.more:
            return Page(items=tuple(found.items), cursor=self._cursor(month, found.items[-1]["SK"]))
        before = next((each for each in known if each < month), None)
        return Page(items=tuple(found.items), cursor=self._cursor(before, None) if before else None)

    def _query(self, month: str, after: str | None, limit: int) -> reads.Rows:
        """Cards lag behind their events anyway, so that the read may as well."""
        pk = generations.partition(self.tenant_id, VIEW, self.name, month)
        query = {
            "KeyConditionExpression": "PK = :pk AND SK < :before" if after else "PK = :pk",
            "ExpressionAttributeValues": pack({":pk": pk, ":before": after}),
            "ScanIndexForward": False,
        }
        return reads.first(limit, query)

    @property
    def _label(self) -> str:
        return f"{keys.tenant(self.tenant_id)}|{VIEW}|{self.name}|{self.viewer}"

    def _cursor(self, month: str, after: str | None) -> str:
        return cursor_of([month, after or ""], self._label)

    def _begin(self, cursor: str) -> tuple[str, str | None]:
        month, after = after_cursor(cursor, self._label)
        return month, after or None
