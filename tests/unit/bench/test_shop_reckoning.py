"""What commands of the shop are reckoned to write."""

from bench.shop.costs import commands
from bench.shop.reckoning import COPIES, RECKONED
from troupe.domain import decider


def test_every_command_is_reckoned_and_none_that_is_not_there():
    assert RECKONED.keys() == commands("community") | commands("commerce")


def test_there_are_as_many_copies_as_are_reckoned():
    assert COPIES == decider.COPIES
