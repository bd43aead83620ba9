"""A tenant to live in."""

from collections import Counter

import pytest

from support.identity.provisioned_tenant import founded
from support.identity.tenant import Tenant


@pytest.fixture
def tenant(table):
    """An active tenant without users."""
    place = Tenant()
    place.found()
    return place


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand."""
    from support.identity.sign_in import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.edge.endpoint.now", moved)
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
def hashed(monkeypatch):
    """How many hashes were made, under `n`."""
    from troupe.security import passwords

    counts, make = Counter(), passwords.hash

    def counted(password):
        counts["n"] += 1
        return make(password)

    monkeypatch.setattr(passwords, "hash", counted)
    return counts


@pytest.fixture
def acme(table, monkeypatch):
    """A tenant on trial that was provisioned by the command, with its owner Ann."""
    return founded(monkeypatch)
