"""An office that Stripe's webhooks come to."""

import pytest

from webhook_post import Office
from webhook_post import office as opened


@pytest.fixture
def shut(rescue, tmp_path):
    """Nothing is connected yet."""
    with opened(rescue, tmp_path) as place:
        yield place


@pytest.fixture
def office(shut) -> Office:
    return shut.open()
