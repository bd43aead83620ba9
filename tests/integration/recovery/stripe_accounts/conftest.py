"""A Stripe that speaks OAuth over HTTP, in good and bad times."""

import pytest

from stripe_simulator.api.server import serve
from stripe_simulator.simulation import Simulation
from support.recovery.stripe_accounts import Stripe
from support.recovery.tenant import stripe_at


@pytest.fixture
def stripe(tenant):
    simulation = Simulation()
    account = simulation.world.open_account(connected=False)
    with serve(simulation) as url, stripe_at(url):
        yield Stripe(simulation, account.id)
