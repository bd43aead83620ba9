import pytest

from stripe_simulator.api.server import serve
from stripe_simulator.simulation import Simulation
from support.stripe_simulator.client import Served
from support.stripe_simulator.shop import Shop, opened


@pytest.fixture
def shop() -> Shop:
    return opened()


@pytest.fixture
def served():
    """A shop that is served over loopback."""
    shop = opened()
    simulation = Simulation(shop.world)
    with serve(simulation) as url:
        yield Served(simulation, shop, url)
