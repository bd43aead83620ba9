"""A tenant with room for talents."""

import pytest

from support.talent.roster import opened


@pytest.fixture
def roster(table):
    opened()
