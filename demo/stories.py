"""The stories that the demo can play; a context adds its own to the list."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from rich.table import Table

from demo.market import Market
from demo.market_report import Report
from demo.month import Month
from demo.steps import Step
from demo.story import Story

ALL = "all"
DEFAULT = "shop"


class Part(Protocol):
    """The part of one context: its steps, and what is shown once they are played.

    `requests` are paths, with their queries, that the tenant's owner may ask for.
    """

    def steps(self) -> Sequence[Step]: ...
    def tables(self) -> Sequence[Table]: ...
    def requests(self) -> Sequence[str]: ...


@dataclass(frozen=True, slots=True)
class Opening:
    """The part of identity where only the tenant and its owner are needed."""

    story: Story

    def steps(self) -> Sequence[Step]:
        return self.story.opening()

    def tables(self) -> Sequence[Table]:
        return []

    def requests(self) -> Sequence[str]:
        return ["/v1/identity/me"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Registered:
    """A story by its name. `part`: of the context that it is about, after that of identity."""

    name: str
    sentence: str
    people: bool
    """Whether people sign up first; else the tenant has its owner alone."""
    part: Callable[[Story], Part] | None = None


STORIES = (
    Registered(
        name="identity",
        sentence="People sign up and follow each other; one is locked out, one suspended, one too many.",
        people=True,
    ),
    Registered(
        name="shop",
        sentence="People sign up, suppliers sell, communities promote, and people order, pay and return.",
        people=True,
        part=lambda story: Report(Market(story)),
    ),
    Registered(
        name="recovery",
        sentence="Six renewals fail, and a month of mails and retries wins most of the money back.",
        people=False,
        part=Month,
    ),
)
NAMES = (*(one.name for one in STORIES), ALL)


def chosen(name: str) -> list[Registered]:
    return [one for one in STORIES if name in {one.name, ALL}]


def parts(name: str, story: Story) -> list[Part]:
    """Identity's, as far as it is needed, and then the chosen contexts'."""
    stories = chosen(name)
    first: Part = story if any(one.people for one in stories) else Opening(story)
    return [first, *(one.part(story) for one in stories if one.part)]
