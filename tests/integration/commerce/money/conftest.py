"""Suppliers that can be paid, and what they have sold."""

import pytest

from support.commerce.refunds_and_payouts import payable, sold_by


@pytest.fixture(autouse=True)
def resumed(monkeypatch, clock):
    monkeypatch.setattr("commerce.payout.resume.now", clock)


@pytest.fixture
def catalogue(checkout):
    return payable(checkout)


@pytest.fixture
def sold(checkout, catalogue):
    """Two pieces that were delivered just now."""
    return sold_by(checkout, catalogue, checkout.goods(10, catalogue), 2)
