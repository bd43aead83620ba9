"""The items that transactions hold at this moment, as DynamoDB holds them until a transaction ends."""

from collections.abc import Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from threading import Lock
from types import TracebackType
from typing import Self

CODE = "TransactionConflict"


class HeldItems:
    def __init__(self) -> None:
        self._held, self._lock = set[Hashable](), Lock()

    def conflicts(self, items: Iterable[Hashable]) -> list[bool]:
        """Of each item whether another transaction holds it."""
        with self._lock:
            return [item in self._held for item in items]

    def hold(self, items: Sequence[Hashable]) -> "Hold | list[bool]":
        """Hold all of them, or tell which are held by others."""
        with self._lock:
            taken = [item in self._held for item in items]
            if any(taken):
                return taken
            self._held.update(items)
        return Hold(self, items)

    def free(self, items: Iterable[Hashable]) -> None:
        with self._lock:
            self._held.difference_update(items)


class Hold(AbstractContextManager["Hold", None]):
    """Ends with the transaction."""

    def __init__(self, held: HeldItems, items: Sequence[Hashable]) -> None:
        self._held, self._items = held, items

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, raised: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.free(self._items)


def reasons(taken: Iterable[bool]) -> list[dict[str, str]]:
    """Why a transaction is cancelled, for each of its actions."""
    busy = {"Code": CODE, "Message": "Transaction is ongoing for the item"}
    return [busy if held else {"Code": "None"} for held in taken]
