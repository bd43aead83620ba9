"""What the flow of a request for global distribution is told, at any time of the request's life."""

from dataclasses import replace
from datetime import timedelta

import pytest

from community.distribution.decide import Ask, Done, Remind, TurnDown, next_step
from community.person.values import PersonSnapshot
from community.post.content_rules import Content
from community.post.state import Deleted, Distribution, Hidden, Post
from support.spec import NOON

NOW, DAY = NOON.now, timedelta(days=1)
ASKED = Distribution(status="requested", requested_at=NOW, decide_by=NOW + 7 * DAY)
POST = Post(
    community_id="c",
    author=PersonSnapshot(id="e", display_name="Emily"),
    content=Content(kind="text", text="Bread."),
    created_at=NOW,
    cleared=True,
    distribution=ASKED,
)


def reminded(days):
    asked = replace(ASKED, reminded_at=NOW + days * DAY, reminders=1)
    return replace(POST, distribution=asked)


@pytest.mark.parametrize(
    "post, after, step",
    [
        (POST, timedelta(), Ask(seconds=86_400)),
        (POST, timedelta(hours=23, seconds=0.5), Ask(seconds=3_600)),
        (POST, DAY, Remind()),
        (reminded(1), DAY, Ask(seconds=86_400)),
        (reminded(1), 2 * DAY, Remind()),
        (reminded(6.5), 6.6 * DAY, Ask(seconds=34_560)),
        (POST, 7 * DAY, TurnDown()),
        (reminded(6), 8 * DAY, TurnDown()),
        (replace(POST, hidden=Hidden(reason="spam", at=NOW)), DAY, Remind()),
    ],
)
def test_comes_next(post, after, step):
    assert next_step(post, NOW, NOW + after) == step


@pytest.mark.parametrize(
    "post",
    [
        None,
        replace(POST, deleted=Deleted(by_author=True, at=NOW)),
        replace(POST, distribution=Distribution()),
        replace(POST, distribution=replace(ASKED, status="approved")),
        replace(POST, distribution=replace(ASKED, status="rejected")),
        replace(POST, distribution=replace(ASKED, requested_at=NOW + DAY)),
        replace(POST, distribution=replace(ASKED, decide_by=None)),
    ],
)
def test_is_over_when_it_is_decided_withdrawn_or_another_one(post):
    assert next_step(post, NOW, NOW) == Done()
