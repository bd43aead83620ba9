"""Somebody to ask about."""

import pytest


@pytest.fixture
def ann(town):
    return town.person("Ann")
