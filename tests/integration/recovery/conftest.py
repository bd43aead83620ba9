"""A tenant to win payments back in."""

import pytest

from support.recovery.tenant import RecoveryTenant


@pytest.fixture
def tenant(table):
    """A tenant in good standing, with no workspace yet."""
    place = RecoveryTenant()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from support.identity.sign_in import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.edge.endpoint.now", moved)
    return moved
