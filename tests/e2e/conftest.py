"""The deployed local stack, for the session; it is not the one that `make up` starts."""

import itertools
import os
from collections.abc import Iterator

import pytest
from rich.console import Console
from rich.progress import Progress

from local.demo.people import people
from local.demo.story import Played, Story
from local.places import REPOSITORY
from local.stack import Stack, down, up

CROWD = 12


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def stack() -> Iterator[Stack]:
    """TROUPE_E2E=running takes the stack that runs (for work on the tests); else one is started and ended."""
    if os.environ.get("TROUPE_E2E") == "running":
        yield up()
        return
    folder = REPOSITORY / ".local" / "e2e"
    try:
        yield up(folder=folder, say=lambda _: None)
    finally:
        down(folder)


@pytest.fixture(scope="session")
def played(stack: Stack) -> Played:
    """The demo's story with a few people: two tenants' worth of data come of it."""
    with Progress(console=Console(quiet=True)) as progress:
        return Story(stack, people()[:CROWD], progress).play()


@pytest.fixture(scope="session")
def others(stack: Stack, played: Played) -> Played:
    """Another tenant, with an owner and nobody else."""
    with Progress(console=Console(quiet=True)) as progress:
        story = Story(stack, (), progress)
        story.played.slug = f"rival-{next(itertools.count())}-{played.slug}"
        story.provision()
        return story.played
