"""A tenant whose suppliers' papers can be kept."""

import pytest

from support.commerce.suppliers import entrusted, sign_up


@pytest.fixture
def shop(market, clock, monkeypatch):
    with entrusted(monkeypatch):
        yield market


@pytest.fixture
def bakery(shop):
    return sign_up()


@pytest.fixture
def seller(bakery, shop, clock):
    """One that is verified."""
    bakery.advance(shop, clock())
    return bakery
