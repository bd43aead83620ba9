"""The deployed local stack, for the session; it is not the one that `make up` starts."""

import itertools
import os
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from demo.api import Api
from demo.people import Person, newcomers
from demo.shop import Shop, World
from demo.story import Played, Story
from e2e.documented import undocumented
from e2e.shop_client import Flows, Storefront
from e2e.stack_internals import Backstage
from local.places import REPOSITORY, state_folder
from local.stack.stack import Stack, down, up

CROWD = 12
RUNNING = os.environ.get("TROUPE_E2E") == "running"
STREAM_RETRIES = "TROUPE_EMULATOR_STREAM_RETRY_SECONDS"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "stack" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.stack)


@pytest.fixture(scope="session")
def folder() -> Path:
    """Where the stack keeps its state."""
    return state_folder() if RUNNING else REPOSITORY / ".local" / "e2e"


@pytest.fixture(scope="session")
def stack(folder: Path) -> Iterator[Stack]:
    """TROUPE_E2E=running takes the stack that runs (for work on the tests); else one is started and ended."""
    if RUNNING:
        yield up()
        return
    os.environ.setdefault(STREAM_RETRIES, "0.1")  # a poisoned record keeps the whole stream waiting
    try:
        yield up(folder=folder, say=lambda _: None)
    finally:
        down(folder)


@pytest.fixture(autouse=True, scope="session")
def every_problem_is_documented() -> Iterator[None]:
    """openapi.yaml names each status and code that any test gets to see."""
    send = httpx.Client.send

    def watched(client: httpx.Client, request: httpx.Request, **more: Any) -> httpx.Response:
        answer = send(client, request, **more)
        if not more.get("stream"):
            wrong = undocumented(answer)
            assert not wrong, wrong
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(httpx.Client, "send", watched)
        yield


@pytest.fixture(scope="session")
def begin(stack: Stack) -> Iterator[Callable[..., Story]]:
    """Begins a story; its connections end with the session."""
    with ExitStack() as connections:

        def leave(played: Played) -> None:
            if played.owner:
                played.owner.http.close()

        def begin(people: tuple[Person, ...] = (), slug: str | None = None) -> Story:
            story = Story(stack, people)
            story.played.slug = slug or story.played.slug
            connections.enter_context(story.visitor)
            connections.callback(leave, story.played)
            return story

        yield begin


@pytest.fixture(scope="session")
def played(begin: Callable[..., Story]) -> Played:
    """The demo's story with a few people: two tenants' worth of data come of it."""
    return begin(newcomers(CROWD)).play()


@pytest.fixture(scope="session")
def found(begin: Callable[..., Story]) -> Callable[[str], Played]:
    """Creates tenants on the plan pro with open sign-up, each with an owner and no other user."""
    numbers = itertools.count(time.time_ns())

    def found(name: str) -> Played:
        story = begin(slug=f"{name}-{next(numbers)}")
        story.provision()
        return story.played

    return found


@pytest.fixture(scope="session")
def others(found: Callable[[str], Played]) -> Played:
    """Another tenant, with an owner and no other user."""
    return found("rival")


@pytest.fixture(scope="session")
def backstage(stack: Stack) -> Backstage:
    return Backstage(stack)


@pytest.fixture(scope="session")
def operator(stack: Stack) -> Iterator[Api]:
    assert stack.operator
    with (
        Api(stack.api_url) as visitor,
        visitor.signed_in(stack.operator.email, stack.operator.password) as api,
    ):
        yield api


@pytest.fixture(scope="session")
def open_shop(stack: Stack, found: Callable[[str], Played]) -> Callable[..., Storefront]:
    """Opens shops, all of one tenant, each with a workspace and a connected account of its own."""
    owner = found("rescued").owner
    assert owner

    def open_shop(name: str, zone: str = "UTC", **account: Any) -> Storefront:
        shop = Shop(world=World(stack), api=owner.of("recovery"))
        shop.open(name, zone, **account)
        return Storefront(shop)

    return open_shop


@pytest.fixture(scope="session")
def flows(stack: Stack) -> Flows:
    return Flows(stack.client("stepfunctions"), stack.state_machines["Dunning"])


@pytest.fixture
def held(stack: Stack) -> Iterator[Callable[..., None]]:
    """Stripe sends nothing by itself; what it sends, it sends as it is told."""

    def settings(**given: Any) -> None:
        World(stack).tell("webhooks", **given)

    settings(mode="held")
    yield settings
    settings(mode="automatic", repeat=1, workers=1)
