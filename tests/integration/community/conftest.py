"""A tenant with communities."""

import pytest

from plaza import Plaza


@pytest.fixture
def plaza(table):
    """A tenant in good standing, with no community yet."""
    place = Plaza()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from entrance import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.http.now", moved)
    return moved
