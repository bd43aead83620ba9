"""A tenant with communities."""

import pytest

from support.commerce.table_snapshot import check, loaded
from support.community.tenant import CommunityTenant
from support.dynamodb import stored_items
from troupe.security.credential import CREDENTIAL


@pytest.fixture
def tenant(table):
    """A tenant in good standing, with no community yet."""
    place = CommunityTenant()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from support.identity.sign_in import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.edge.endpoint.now", moved)
    return moved


@pytest.fixture(autouse=True)
def books(request):
    """After each test the books are in order (research, commerce 3.6)."""
    if "table" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("table")  # so that it is still there when the test is over
    yield
    assert check(stored_items(), [*loaded("community"), CREDENTIAL]).findings == ()
