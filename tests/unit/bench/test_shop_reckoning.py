"""What commands of the shop are reckoned to write."""

from commerce import suppliers
from local.bench.shop_costs import commands
from local.bench.shop_reckoning import COPIES, RECKONED


def test_every_command_is_reckoned_and_none_that_is_not_there():
    assert RECKONED.keys() == commands("community") | commands("commerce")


def test_a_standing_has_as_many_copies_as_are_reckoned():
    assert COPIES == suppliers.COPIES
