"""Pages of a list: one Query each, and a cursor that is opaque, signed, and good for one list alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from troupe.security.signing import Unsigned, sign, unsign
from troupe.store import keys, table
from troupe.store.attributes import pack, unpack

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

    `viewer` is who sees it, where not everybody sees the same: a cursor is good for that principal alone.
    """

    tenant_id: str
    pk: str
    index: Literal["GSI1", "GSI2"] | None = None
    prefix: str = ""
    ascending: bool = False
    viewer: str = ""

    def verify(self, cursor: str | None) -> None:
        """Refuse a cursor that is not one of this list, before anything is read."""
        if cursor:
            self._start(cursor)

    def page(self, limit: int, cursor: str | None = None) -> Page:
        """At most `limit` items (1 to 100) after the cursor.

        One more is read, to know whether there are more.
        """
        names = ("PK", "SK", *((f"{self.index}PK", f"{self.index}SK") if self.index else ()))
        condition, values = "#pk = :pk", {":pk": self.pk}
        if self.prefix:
            condition, values = (
                f"{condition} AND begins_with(#sk, :prefix)",
                values | {":prefix": self.prefix},
            )
        given: dict[str, Any] = {"IndexName": self.index} if self.index else {"ConsistentRead": True}
        if cursor:
            given["ExclusiveStartKey"] = pack(self._start(cursor))
        if self.prefix:
            given["ExpressionAttributeNames"] = {"#pk": names[-2], "#sk": names[-1]}
        else:
            given["ExpressionAttributeNames"] = {"#pk": names[-2]}
        found = table.client().query(
            TableName=table.name(),
            KeyConditionExpression=condition,
            ExpressionAttributeValues=pack(values),
            ScanIndexForward=self.ascending,
            Limit=min(limit, LARGEST) + 1,
            **given,
        )["Items"]
        items = [unpack(item) for item in found]
        shown = items[: min(limit, LARGEST)]
        more = len(items) > len(shown)
        return Page(items=tuple(shown), cursor=self._cursor(shown[-1], names) if more else None)

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
