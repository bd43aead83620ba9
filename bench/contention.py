"""Contention: commands that are offered at a steady rate and meet in one shared item, as DynamoDB conflicts.

Each is the transaction of such a command: an event of its own, and what it checks and counts of the shared
item. What conflicts is held in this process for as long as DynamoDB is reckoned to hold it.
"""

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib import import_module
from threading import Event
from typing import Any, NamedTuple

from botocore.exceptions import ClientError

from bench.counted import become
from bench.load import quantile
from bench.report import Section
from local.emulator.held_items import HeldItems, reasons
from local.stack.stack import Stack

RATE, SECONDS, HELD_SECONDS, AT_ONCE = 200, 5, 0.012, 96
ROOM = 10**9


class Conflicting:
    """The table's client, each of whose transactions holds its items before it is sent."""

    def __init__(self, client: Any) -> None:
        self._client, self._held = client, HeldItems()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def transact_write_items(self, **given: Any) -> Any:
        hold = self._held.hold([_item(each) for action in given["TransactItems"] for each in action.values()])
        if isinstance(hold, list):
            code = "TransactionCanceledException"
            why = {"Error": {"Code": code, "Message": code}, "CancellationReasons": reasons(hold)}
            raise ClientError(why, "TransactWriteItems")  # type: ignore[arg-type]
        with hold:
            Event().wait(HELD_SECONDS)
        return self._client.transact_write_items(**given)


def _item(given: dict[str, Any]) -> Hashable:
    key = given.get("Key") or given["Item"]
    return key["PK"]["S"], key["SK"]["S"]


class Case(NamedTuple):
    """What a command has of the shared items, and what is written before."""

    name: str
    shared: Callable[[], tuple[Any, ...]]
    opened: tuple[Any, ...]


class Outcome(NamedTuple):
    done: bool
    milliseconds: float  # from when it was offered


def measured(stack: Stack) -> Section:
    become(stack, "commerce")
    tables = import_module("troupe.store.table")
    client = Conflicting(tables.client())
    before, tables.client = tables.client, cache(lambda: client)
    try:
        with tables.confined(_tenant()):
            rows = [_row(case) for case in _cases()]
    finally:
        tables.client = before
    said = (
        f"{RATE} commands a second for {SECONDS} s that meet in one shared item; each transaction holds its "
        f"items for {HELD_SECONDS * 1000:.0f} ms, in this process against the stack's table. A late start "
        "counts as waiting; where fewer were answered a second than offered, the machine was the limit too. "
        "Aim: under 1 % refused."
    )
    columns = ("shared", "commands", "answers/s", "refused %", "p50 ms", "p99 ms")
    return Section(title="Contention for shared items", said=said, columns=columns, rows=rows)


@cache
def _tenant() -> str:
    return str(import_module("troupe.ids").new_id())


def _cases() -> tuple[Case, ...]:
    keys, copies = import_module("troupe.store.keys"), import_module("troupe.store.copies")
    buckets, decider = import_module("troupe.store.buckets"), import_module("troupe.domain.decider")
    full = decider.Rejected("full", "There is none left.")

    def total(name: str, count: int = buckets.BUCKETS) -> Any:
        return buckets.Sum(keys.counter(_tenant(), "contention", name), count)

    def standing(name: str) -> Any:
        return keys.part(_tenant(), "contention", name, "STATE")

    def checked(name: str) -> Any:
        return copies.check(standing(name), "version = :one", {"one": 1})

    def case(name: str, sums: Sequence[Any], checks: Sequence[str]) -> Case:
        written = [action for each in checks for action in copies.written(standing(each), {"version": 1})]
        opened = [action for each in sums for action in each.opened(ROOM)]

        def shared() -> tuple[Any, ...]:
            return (*(each.take(1, full) for each in sums), *map(checked, checks))

        return Case(name, shared, (*opened, *written))

    return (
        case("one item, as a comparison", [total("one", 1)], []),
        case("a promotion's budget", [total("budget")], ["supplier"]),
        case("a community's members", [total("members")], ["community"]),
        case("the seats of a tenant", [total("users")], ["tenant"]),
        case("a workspace", [], ["workspace", "account", "status"]),
    )


def _offered(case: Case) -> list[Outcome]:
    """Begin one each so many milliseconds, however many are under way."""
    commit, tables = import_module("troupe.store.commit").commit, import_module("troupe.store.table")
    commit(case.opened)
    begun = time.perf_counter()

    def one(number: int) -> Outcome:
        due = begun + number / RATE
        Event().wait(max(0.0, due - time.perf_counter()))
        try:
            with tables.confined(_tenant()):
                commit((_event(), *case.shared()))
        except tables.Unavailable:
            return Outcome(done=False, milliseconds=0)
        return Outcome(done=True, milliseconds=(time.perf_counter() - due) * 1000)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(one, range(RATE * SECONDS)))


def _event() -> Any:
    writes, keys = import_module("troupe.store.writes"), import_module("troupe.store.keys")
    new_id = import_module("troupe.ids").new_id()
    put = writes.put(keys.part(_tenant(), "contention", new_id, keys.event(1)), {"id": new_id}, absent=True)
    return writes.Action(kind=put.kind, parameters=put.parameters, event_id=new_id)


def _row(case: Case) -> tuple[object, ...]:
    begun = time.perf_counter()
    outcomes = _offered(case)
    seconds = time.perf_counter() - begun
    done = [each.milliseconds for each in outcomes if each.done]
    refused = 100 * (1 - len(done) / len(outcomes))
    return (
        case.name,
        len(outcomes),
        len(outcomes) / seconds,
        refused,
        quantile(done, 0.5),
        quantile(done, 0.99),
    )
