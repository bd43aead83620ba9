"""Each step of a story prints its outcome in a line as it happens, and the one that fails is named."""

import re

import pytest

from demo.api import StoryError
from demo.steps import Step, StepError, each, play, shown


def outcomes(text: str) -> str:
    """Without how long it took."""
    return re.sub(r"\(\d+\.\d s\)", "(0.0 s)", text)


def test_every_step_has_a_line_with_its_place_and_outcome() -> None:
    texts: list[str] = []
    play([Step("open", lambda: "opened"), Step("lock", lambda: "locked: 403 account_locked")], texts.append)
    lines = outcomes("".join(texts)).splitlines()
    assert lines == ["[1/2] open: opened (0.0 s)", "[2/2] lock: locked: 403 account_locked (0.0 s)"]


def test_a_step_is_named_before_it_is_played() -> None:
    texts: list[str] = []

    def act() -> str:
        assert texts == ["[1/1] wait: "]
        return "done"

    play([Step("wait", act)], texts.append)
    assert len(texts) == 2


def test_the_step_that_fails_ends_the_story() -> None:
    texts: list[str] = []

    def fails() -> str:
        raise StoryError("POST /orders: 502")

    steps = [Step("open", lambda: "opened"), Step("buy", fails), Step("never", lambda: "played")]
    with pytest.raises(StepError, match=r"^step 2 of 3 failed \(buy\): POST /orders: 502$") as found:
        play(steps, texts.append)
    assert (found.value.number, found.value.total, found.value.name) == (2, 3, "buy")
    assert outcomes("".join(texts)).splitlines()[1:] == ["[2/3] buy: failed"]


def test_an_error_of_no_story_is_told_with_its_kind() -> None:
    def fails() -> str:
        answer: dict[str, str] = {}
        return answer["id"]

    with pytest.raises(StepError, match=r"^step 1 of 1 failed \(read\): KeyError: 'id'$"):
        play([Step("read", fails)])


def test_nothing_is_held_back(monkeypatch: pytest.MonkeyPatch) -> None:
    class Output:
        flushed = ""
        waiting = ""

        def write(self, text: str) -> int:
            self.waiting += text
            return len(text)

        def flush(self) -> None:
            self.flushed, self.waiting = self.flushed + self.waiting, ""

    output = Output()
    monkeypatch.setattr("sys.stdout", output)
    shown("[1/2] sign up: ")
    assert output.flushed == "[1/2] sign up: "


def test_many_things_keep_their_order() -> None:
    assert each(range(9), lambda number: number * number) == [number * number for number in range(9)]
