"""A tenant whose suppliers' papers can be kept."""

import pytest

from support.commerce.suppliers import entrusted, sign_up


@pytest.fixture
def shop(shop, clock, monkeypatch):
    with entrusted(monkeypatch):
        yield shop


@pytest.fixture
def supplier(shop):
    return sign_up()


@pytest.fixture
def seller(supplier, shop, clock):
    """One that is verified."""
    supplier.advance(shop, clock())
    return supplier
