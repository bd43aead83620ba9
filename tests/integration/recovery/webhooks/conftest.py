"""An office that Stripe's webhooks come to."""

import pytest

from support.recovery.webhook_delivery import WebhookDelivery
from support.recovery.webhook_delivery import connected_delivery as opened


@pytest.fixture
def shut(tenant, tmp_path):
    """Nothing is connected yet."""
    with opened(tenant, tmp_path) as place:
        yield place


@pytest.fixture
def delivery(shut) -> WebhookDelivery:
    return shut.open()
