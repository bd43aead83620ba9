"""Users that the queries are about."""

import pytest


@pytest.fixture
def ann(tenant):
    return tenant.person("Ann")
