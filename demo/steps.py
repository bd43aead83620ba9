"""The steps of a story: one is played after the other, and each says in a line what came of it."""

import os
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

AT_ONCE = os.cpu_count() or 1  # visitors at a time: more would only wait for a core to hash their passwords


@dataclass(frozen=True, slots=True)
class Step:
    """`play` returns the outcome, a line without its end."""

    name: str
    play: Callable[[], str]


class StepError(Exception):
    """A step failed; the message says which of how many, and why."""

    def __init__(self, number: int, total: int, name: str, cause: Exception) -> None:
        ours = type(cause).__module__.startswith(("demo.", "local."))
        why = str(cause) if ours else f"{type(cause).__name__}: {cause}"
        super().__init__(f"step {number} of {total} failed ({name}): {why}")
        self.number, self.total, self.name = number, total, name


def silent(_: str) -> None:
    """Shows nothing of a story."""


def shown(text: str) -> None:
    """At once, whether standard output is a terminal, a pipe or a file."""
    print(text, end="", flush=True)


def play(steps: Sequence[Step], show: Callable[[str], None] = silent) -> None:
    """Shows each step as it begins, and its outcome as it ends; the first that fails ends the story."""
    total = len(steps)
    for number, step in enumerate(steps, 1):
        show(f"[{number:>{len(str(total))}}/{total}] {step.name}: ")
        begun = time.monotonic()
        try:
            outcome = step.play()
        except Exception as error:
            show("failed\n")
            raise StepError(number, total, step.name, error) from error
        show(f"{outcome} ({time.monotonic() - begun:.1f} s)\n")


def each[T, R](items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """The same act on many things, a few at a time; what came of each, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(act, items))
