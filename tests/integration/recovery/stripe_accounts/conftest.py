"""A Stripe that speaks OAuth over HTTP, in good and bad times."""

import pytest

from connecting import Stripe
from local.stripe_world.server import serve
from local.stripe_world.simulation import Simulation
from rescue import stripe_at


@pytest.fixture
def stripe(rescue):
    simulation = Simulation()
    account = simulation.world.open_account(connected=False)
    with serve(simulation) as url, stripe_at(url):
        yield Stripe(simulation, account.id)
