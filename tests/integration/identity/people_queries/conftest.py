"""Somebody to ask about."""

import pytest


@pytest.fixture
def ann(tenant):
    return tenant.person("Ann")
