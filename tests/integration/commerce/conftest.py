"""A tenant with a shop in it."""

import pytest

from market import Market


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
