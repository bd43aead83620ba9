"""A table that fails by script, and retries that do not wait."""

from concurrent.futures import ThreadPoolExecutor
from functools import cache
from threading import Barrier

import pytest

from support.conflicting_client import Conflicting
from support.faulty_client import Faulty, Remembering
from troupe.store import table as tables


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def faulty(table, quick, monkeypatch):
    def install(*script, operation="transact_write_items"):
        client = Faulty(Remembering(tables.client()), list(script), operation)
        monkeypatch.setattr(tables, "client", cache(lambda: client))
        return client

    return install


@pytest.fixture
def conflicting(table, monkeypatch):
    """The table's client, under which transactions conflict."""
    client = Conflicting(tables.client())
    monkeypatch.setattr(tables, "client", cache(lambda: client))
    return client


@pytest.fixture
def at_once(conflicting):
    """Run the same thing in threads that start together; what came of each."""

    def run(count, act):
        start = Barrier(count)

        def one(number):
            start.wait()
            return act(number)

        with ThreadPoolExecutor(count) as pool:
            return list(pool.map(one, range(count)))

    return run


@pytest.fixture
def calls(table):
    """The operations that the table was asked for."""
    made = []
    events = tables.client().meta.events
    events.register("before-call.dynamodb", lambda model, **_: made.append(model.name))
    return made
