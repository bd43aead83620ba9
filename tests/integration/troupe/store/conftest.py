"""A table that fails by script, and retries that do not wait."""

from functools import cache

import pytest

from support.faulty_client import Faulty
from troupe.store import table as tables


@pytest.fixture
def quick(monkeypatch):
    monkeypatch.setattr("time.sleep", lambda _seconds: None)


@pytest.fixture
def faulty(table, quick, monkeypatch):
    def install(*script, operation="transact_write_items"):
        client = Faulty(tables.client(), list(script), operation)
        monkeypatch.setattr(tables, "client", cache(lambda: client))
        return client

    return install
