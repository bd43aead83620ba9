"""One shard of what falls due: a sweep asks each of them, and there is little here. And what can be paid."""

import pytest

from support.commerce.refunds_and_payouts import payable, sold_by
from troupe.store import keys


@pytest.fixture(autouse=True)
def quickly(monkeypatch, clock):
    monkeypatch.setattr(keys, "DUE_SHARDS", 1)
    monkeypatch.setattr("commerce.payout.resume.now", clock)


@pytest.fixture
def stall(checkout):
    return payable(checkout)


@pytest.fixture
def sold(checkout, stall):
    """Two pieces that were delivered just now."""
    return sold_by(checkout, stall, checkout.goods(10, stall), 2)
