"""A box that stands in the table."""

import pytest

from support.kernel.box_endpoint import make
from support.spec import LAMBDA, TENANT


@pytest.fixture
def box(table):
    direct = {"tenant_id": TENANT, "body": {"word": "blue"}}
    return make(direct, LAMBDA)["id"]
