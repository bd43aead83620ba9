"""A case of which a mail is due, at the simulated Stripe over HTTP and moto's SES."""

import pytest

from support.recovery.dunning_flow import dunning, failed


@pytest.fixture
def place(tenant, tmp_path):
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    """A case whose first mail is due."""
    return failed(place)
