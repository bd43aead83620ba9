"""What commands of the shop are reckoned to write."""

from local.bench.shop_costs import commands
from local.bench.shop_reckoning import RECKONED


def test_every_command_is_reckoned_and_none_that_is_not_there():
    assert RECKONED.keys() == commands("community") | commands("commerce")
