"""The stories that can be played, and what they are made of."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from demo.people import newcomers
from demo.stories import ALL, DEFAULT, NAMES, STORIES, chosen, parts
from demo.story import Story
from local.stack.stack import Stack

COUNT = 8


@pytest.fixture
def story(tmp_path: Path) -> Story:
    stack = Stack(
        api_url="http://127.0.0.1:1",
        aws_endpoint_url="http://localhost:1",
        region="us-east-1",
        stack_name="troupe",
        table_name=None,
        event_bus_name=None,
        state_machines={},
        functions={},
        stripe_url="",
        clock_file=str(tmp_path / "clock"),
        mailbox_url="",
        operator=None,
    )
    return Story(stack, newcomers(COUNT))


@pytest.fixture
def names(story: Story) -> Callable[[str], list[str]]:
    return lambda name: [step.name for part in parts(name, story) for step in part.steps()]


def test_stories_have_names_of_their_own_and_a_sentence_each() -> None:
    assert len(set(NAMES)) == len(NAMES)
    assert {DEFAULT, ALL} <= set(NAMES)
    assert all(one.sentence.endswith(".") for one in STORIES)


@pytest.mark.parametrize("name", NAMES)
def test_every_story_begins_with_a_tenant(name: str, names: Callable[[str], list[str]]) -> None:
    assert names(name)[0] == "open a tenant"
    assert len(set(names(name))) == len(names(name))


def test_people_sign_up_where_the_story_is_about_them(names: Callable[[str], list[str]]) -> None:
    signs_up = f"sign up {COUNT} people"
    assert [name for name in NAMES if signs_up in names(name)] == ["identity", "shop", ALL]


def test_all_is_every_story_with_one_tenant(names: Callable[[str], list[str]]) -> None:
    played = names(ALL)
    assert all(set(names(one.name)) <= set(played) for one in STORIES)
    assert played.count("open a tenant") == 1
    assert [one.name for one in chosen(ALL)] == [one.name for one in STORIES]


def test_what_can_be_asked_afterwards_has_a_path(story: Story) -> None:
    (opening, *_) = parts("recovery", story)
    assert opening.requests() == ["/v1/identity/me"]
    assert opening.tables() == []
    assert cast("Story", parts("shop", story)[0]) is story
