"""A tenant with a shop in it."""

import pytest

from books import check, loaded
from market import Market
from town import items
from troupe.credential import CREDENTIAL


@pytest.fixture
def market(table):
    """A tenant in good standing, with nothing for sale yet."""
    place = Market()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from entrance import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.http.now", moved)
    return moved


@pytest.fixture(autouse=True)
def books(request):
    """Whatever a test has done, the books are in order after it (research, commerce 3.6)."""
    if "table" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("table")  # so that it is still there when the test is over
    yield
    assert check(items(), [*loaded("commerce"), CREDENTIAL]).findings == ()
