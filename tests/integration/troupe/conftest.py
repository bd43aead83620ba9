"""A box that stands in the table."""

import pytest

from edge import make
from spec import LAMBDA, TENANT


@pytest.fixture
def box(table):
    direct = {"tenant_id": TENANT, "body": {"word": "blue"}}
    return make(direct, LAMBDA)["id"]
