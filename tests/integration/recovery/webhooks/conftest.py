"""An office that Stripe's webhooks come to."""

import pytest

from support.recovery.webhook_delivery import Office
from support.recovery.webhook_delivery import office as opened


@pytest.fixture
def shut(rescue, tmp_path):
    """Nothing is connected yet."""
    with opened(rescue, tmp_path) as place:
        yield place


@pytest.fixture
def office(shut) -> Office:
    return shut.open()
