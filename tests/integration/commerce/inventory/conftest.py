"""Stock that tests reserve by hand."""

import pytest

from support.commerce.table_snapshot import check, loaded
from support.dynamodb import stored_items
from support.faulty_client import OneAtATime
from troupe.security.credential import CREDENTIAL
from troupe.store import table as tables


@pytest.fixture(autouse=True)
def books(table):
    """In order after each test; but here there is no order behind what is reserved (I2)."""
    yield
    findings = check(stored_items(), [*loaded("commerce"), CREDENTIAL]).findings
    assert [each for each in findings if not each.startswith("I2:")] == []


@pytest.fixture
def shared(table):
    """One client for many threads."""
    one = OneAtATime(tables.client())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tables, "client", lambda: one)
        yield
