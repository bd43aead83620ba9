"""A case of which a retry is due, at the simulated Stripe over HTTP."""

import pytest

from support.recovery.dunning_flow import dunning, failed


@pytest.fixture
def place(tenant, tmp_path):
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    """A case whose first mail is sent, and whose retry is due now."""
    case = failed(place)
    case.run()
    case.to_the_retry()
    return case
