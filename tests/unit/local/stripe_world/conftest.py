import pytest

from stripe_world_shop import Shop, opened


@pytest.fixture
def shop() -> Shop:
    return opened()
