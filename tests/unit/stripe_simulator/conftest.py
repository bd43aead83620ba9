import pytest

from local.stripe_world.server import serve
from local.stripe_world.simulation import Simulation
from stripe_world_client import Served
from stripe_world_shop import Shop, opened


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
