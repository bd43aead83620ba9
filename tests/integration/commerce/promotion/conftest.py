"""A shop whose flowing_promotions are approved by a flow."""

import pytest

from support.commerce.approval_flow import APRIL
from support.commerce.promotions import Promotions, community


@pytest.fixture
def flowing_promotions(flow, monkeypatch):
    monkeypatch.setattr("commerce.promotion.flow.sweep_promotions.now", flow.clock)
    return Promotions()


@pytest.fixture
def asked(flowing_promotions, flow):
    """A promotion that waits for the admin and two leaders, and where it is to be shown."""
    a, b = community(flowing_promotions.leader_id), community(flowing_promotions.leader_id)
    path = flowing_promotions.submitted(
        flowing_promotions.goods(), visibility="both", communities=[a, b], ends_at=APRIL
    )
    flow.settle()
    return path, a, b
