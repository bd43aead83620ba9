"""The demo goes on serving only in a terminal, and leaves the stack running when it fails."""

import io
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import demo
from demo import CROWD, FEWEST, at_a_terminal, main, parser
from demo.api import StoryError
from demo.people import COUNT
from demo.steps import Step
from demo.stories import Opening, Part
from demo.story import Story
from local.stack.deployment import Say
from local.stack.seeding import Operator
from local.stack.stack import Stack

STACK = Stack(
    api_url="http://127.0.0.1:4566",
    docs_url="http://127.0.0.1:4566/docs",
    mailbox_page_url="http://127.0.0.1:1",
    mailbox_url="http://localhost:4566/mails",
    operator=Operator("op@example.com", "secret"),
    aws_endpoint_url="http://localhost:4566",
    region="us-east-1",
    stripe_url="",
    stack_name="troupe",
    table_name=None,
    event_bus_name=None,
    state_machines={},
    functions={"Identity/LogIn": "log-in"},
)


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


def test_a_small_crowd_comes_unless_more_are_asked_for() -> None:
    assert parser().parse_args([]).people == CROWD < COUNT
    assert parser().parse_args(["--people", str(FEWEST)]).people == FEWEST


@pytest.mark.parametrize("people", [FEWEST - 1, COUNT + 1])
def test_fewer_or_more_than_there_are_is_refused(people: int) -> None:
    with pytest.raises(SystemExit):
        parser().parse_args(["--people", str(people)])


def test_an_unknown_story_is_refused() -> None:
    assert parser().parse_args(["--story", "recovery"]).story == "recovery"
    with pytest.raises(SystemExit):
        parser().parse_args(["--story", "unheard-of"])


@pytest.fixture
def playing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Callable[[], str]], int]:
    """Plays a recovery story whose second step is given, on a stack whose emulator has written a log."""
    monkeypatch.setenv("TROUPE_LOCAL_DIR", str(tmp_path))
    (tmp_path / "ministack.log").write_text("".join(f"line {number}\n" for number in range(99)))

    def never() -> None:
        raise AssertionError("the stack was ended")

    def up(say: Say) -> Stack:
        say("starting")
        return STACK

    monkeypatch.setattr(demo, "up", up)
    monkeypatch.setattr(demo, "down", never)

    def playing(act: Callable[[], str]) -> int:
        steps = [Step("open a tenant", lambda: "opened"), Step("connect", act), Step("look", lambda: "seen")]

        def shortened(_: str, story: Story) -> list[Part]:
            monkeypatch.setattr(story, "opening", lambda: steps)
            return [Opening(story)]

        monkeypatch.setattr(demo, "parts", shortened)
        return main(["--story", "recovery"])

    return playing


def test_a_failure_says_where_it_was_where_the_log_is_and_how_to_go_on(
    playing: Callable[[Callable[[], str]], int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def fails() -> str:
        raise StoryError("POST /x: 500")

    assert playing(fails) == 1
    shown = capsys.readouterr().out
    assert "[2/3] connect: failed\nstep 2 of 3 failed (connect): POST /x: 500\n" in shown
    assert f"The emulator's log is {tmp_path}/ministack.log" in shown
    assert "line 98" in shown
    assert "line 1\n" not in shown
    assert f"The stack still runs, so that you can look: {STACK.api_url}" in shown
    assert "make demo STORY=recovery  plays the story from its start" in shown
    assert "make down  ends the stack" in shown
    assert "[3/3]" not in shown


def test_who_interrupts_keeps_the_stack(
    playing: Callable[[Callable[[], str]], int], capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted() -> str:
        raise KeyboardInterrupt

    assert playing(interrupted) == 130
    shown = capsys.readouterr().out
    assert "interrupted" in shown
    assert "The emulator's log" not in shown
    assert "make down  ends the stack" in shown


def test_what_one_needs_first_stands_first_in_the_file(tmp_path: Path) -> None:
    STACK.write(tmp_path)
    names = list(json.loads((tmp_path / "stack.json").read_text()))
    assert names[:5] == ["api_url", "docs_url", "mailbox_page_url", "mailbox_url", "operator"]
    assert names[-1] == "functions"
    assert Stack.read(tmp_path) == STACK


def test_a_stack_without_an_operator_is_read_again(tmp_path: Path) -> None:
    nobody = replace(STACK, operator=None)
    nobody.write(tmp_path)
    assert Stack.read(tmp_path) == nobody
