"""Pages of a list: one Query each, and a cursor that is encrypted, and good for one list alone."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from troupe.security.opaque import NotOurs, decrypted, encrypted
from troupe.store import keys, reads
from troupe.store.attributes import pack

LARGEST = 100
PURPOSE = "cursor"


class ForeignCursor(Exception):  # noqa: N818 -- an answer, not a fault
    """A cursor that was forged, or made for another tenant or list."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    items: tuple[Mapping[str, Any], ...]
    cursor: str | None  # of the next page


@dataclass(frozen=True, slots=True, kw_only=True)
class List:
    """One list: a partition of the table or of an index, newest first unless told otherwise.

    `viewer` is the caller, where callers see different rows: a cursor is valid for that principal alone.
    `shows` leaves out what is read and is not shown; of `read_at_once` items as many are shown as a page has.
    """

    tenant_id: str
    pk: str
    index: Literal["GSI1", "GSI2"] | None = None
    prefix: str = ""
    ascending: bool = False
    viewer: str = ""
    shows: Callable[[Mapping[str, Any]], bool] | None = None
    read_at_once: int = 0

    def verify(self, cursor: str | None) -> None:
        """Refuse a cursor that is not one of this list, before anything is read."""
        if cursor:
            self._start(cursor)

    def page(self, limit: int, cursor: str | None = None) -> Page:
        """At most `limit` items (1 to 100) after the cursor; fewer where they are large."""
        *_, own, sort = self._key
        condition, named, values = "#pk = :pk", {"#pk": own}, {":pk": self.pk}
        if self.prefix:
            condition += " AND begins_with(#sk, :prefix)"
            named, values = named | {"#sk": sort}, values | {":prefix": self.prefix}
        query: dict[str, Any] = {
            "KeyConditionExpression": condition,
            "ExpressionAttributeNames": named,
            "ExpressionAttributeValues": pack(values),
            "ScanIndexForward": self.ascending,
        }
        query |= {"IndexName": self.index} if self.index else {"ConsistentRead": True}
        if cursor:
            query["ExclusiveStartKey"] = pack(self._start(cursor))
        most = min(limit, LARGEST)
        found = reads.first(max(most, self.read_at_once), query)
        shown = [item for item in found.items if self.shows is None or self.shows(item)]
        more, last = found.more, found.items[-1:]
        if len(shown) > most:
            more, last = True, [shown[most - 1]]
        return Page(items=tuple(shown[:most]), cursor=self._cursor(last[0]) if more else None)

    def _cursor(self, last: Mapping[str, Any]) -> str:
        return cursor_of([last[name] for name in self._key if name != self._key[-2]], self._name)

    @property
    def _name(self) -> str:
        return f"{keys.tenant(self.tenant_id)}|{self.index}|{self.pk}|{self.prefix}|{self.viewer}"

    @property
    def _key(self) -> tuple[str, ...]:
        """The attributes that a Query goes on after; the list's own key is the last but one."""
        return ("PK", "SK", *((f"{self.index}PK", f"{self.index}SK") if self.index else ()))

    def _start(self, cursor: str) -> Mapping[str, Any]:
        """The key of the last item that was shown; what the list itself says is not in the cursor."""
        own = self._key[-2]
        given = after_cursor(cursor, self._name)
        return {own: self.pk, **dict(zip((name for name in self._key if name != own), given, strict=True))}


def cursor_of(last: Sequence[str], place: str) -> str:
    """A cursor that is good in one place: what `after_cursor` gives back there."""
    return encrypted(last, purpose=PURPOSE, place=place)


def after_cursor(cursor: str, place: str) -> list[str]:
    try:
        return decrypted(cursor, purpose=PURPOSE, place=place)
    except NotOurs as forged:
        raise ForeignCursor from forged
