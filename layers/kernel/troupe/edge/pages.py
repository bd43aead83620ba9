"""Pages of a list: one Query each, and a cursor that is opaque, signed, and good for one list alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from troupe.security.signing import Unsigned, sign, unsign
from troupe.store import keys, reads
from troupe.store.attributes import pack

LARGEST = 100


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
        names = ("PK", "SK", *((f"{self.index}PK", f"{self.index}SK") if self.index else ()))
        condition, named, values = "#pk = :pk", {"#pk": names[-2]}, {":pk": self.pk}
        if self.prefix:
            condition += " AND begins_with(#sk, :prefix)"
            named, values = named | {"#sk": names[-1]}, values | {":prefix": self.prefix}
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
        return Page(items=tuple(shown[:most]), cursor=self._cursor(last[0], names) if more else None)

    def _cursor(self, last: Mapping[str, Any], names: tuple[str, ...]) -> str:
        return sign({"l": self._name, "k": {name: last[name] for name in names}}, purpose="cursor")

    @property
    def _name(self) -> str:
        return f"{keys.tenant(self.tenant_id)}|{self.index}|{self.pk}|{self.prefix}|{self.viewer}"

    def _start(self, cursor: str) -> Mapping[str, Any]:
        try:
            given = unsign(cursor, purpose="cursor")
        except Unsigned as forged:
            raise ForeignCursor from forged
        if given.get("l") != self._name:
            raise ForeignCursor
        start: Mapping[str, Any] = given["k"]
        return start
