"""A tenant to live in."""

from collections import Counter

import pytest

from tenancy import founded
from town import Town


@pytest.fixture
def town(table):
    """A tenant in good standing, with nobody in it yet."""
    place = Town()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from entrance import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.http.now", moved)
    return moved


@pytest.fixture
def compared(monkeypatch):
    """How many hashes were compared, under `n`."""
    import bcrypt

    counts, compare = Counter(), bcrypt.checkpw

    def counted(password, hashed):
        counts["n"] += 1
        return compare(password, hashed)

    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return counts


@pytest.fixture
def acme(table, monkeypatch):
    """A tenant on trial that was provisioned by the command, with its owner Ann."""
    return founded(monkeypatch)
