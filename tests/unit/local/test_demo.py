"""The demo serves on only where somebody can end it, and knows how many people its story needs."""

import io
import sys

import pytest

from local.demo import FEWEST, at_a_terminal, parser
from local.demo.people import COUNT


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stdin", "stdout", "expected"),
    [
        (Terminal(), Terminal(), True),
        (io.StringIO(), Terminal(), False),
        (Terminal(), io.StringIO(), False),
        (None, Terminal(), False),
        (Terminal(), None, False),
    ],
    ids=["terminal", "input redirected", "output redirected", "input closed", "output closed"],
)
def test_a_terminal_is_one_at_both_ends(
    monkeypatch: pytest.MonkeyPatch, stdin: object, stdout: object, *, expected: bool
) -> None:
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert at_a_terminal() is expected


def test_all_people_come_unless_fewer_are_asked_for() -> None:
    assert parser().parse_args([]).people == COUNT
    assert parser().parse_args(["--people", str(FEWEST)]).people == FEWEST


@pytest.mark.parametrize("people", [FEWEST - 1, COUNT + 1])
def test_fewer_or_more_than_there_are_is_refused(people: int) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--people", str(people)])
