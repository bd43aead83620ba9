"""What a post may say, by its kind; and what one may vote for."""

from dataclasses import replace
from datetime import timedelta

import pytest

from community.person.values import PersonSnapshot
from community.post.commands import CreatePost, EditPost
from community.post.content_rules import Content, Link, Media, Option, Poll, check, check_poll, check_vote
from community.post.decider import POST
from support.spec import NOON, Given
from troupe.domain.decider import Invalid, Rejected

PNG = Media(id="m", version="v", content_type="image/png", size_bytes=1)
JPEG = replace(PNG, id="n", content_type="image/jpeg")
MP4 = replace(PNG, content_type="video/mp4")
PAGE = Link(url="https://x.example")
YES_NO = Poll(options=(Option(id="1", text="Yes"), Option(id="2", text="No")))
GOOD = {
    "text": Content(kind="text", text="Baked."),
    "image": Content(kind="image", media=(PNG, JPEG)),
    "video": Content(kind="video", media=(MP4,)),
    "link": Content(kind="link", link=PAGE),
    "poll": Content(kind="poll", title="Bread?", poll=YES_NO),
}
BAD = {
    "no words": (replace(GOOD["text"], text=""), "part_missing", "text"),
    "words with a picture": (replace(GOOD["text"], media=(PNG,)), "wrong_kind", "media"),
    "words with a link": (replace(GOOD["text"], link=PAGE), "wrong_kind", "link"),
    "no picture": (replace(GOOD["image"], media=()), "part_missing", "media"),
    "a picture with a poll": (replace(GOOD["image"], poll=YES_NO), "wrong_kind", "poll"),
    "a video as a picture": (replace(GOOD["image"], media=(MP4,)), "wrong_kind", "media"),
    "a drawing that runs": (
        replace(GOOD["image"], media=(replace(PNG, content_type="image/svg+xml"),)),
        "wrong_kind",
        "media",
    ),
    "a picture as a video": (replace(GOOD["video"], media=(PNG,)), "wrong_kind", "media"),
    "two videos": (replace(GOOD["video"], media=(MP4, replace(MP4, id="o"))), "too_many_files", "media"),
    "eleven pictures": (
        replace(GOOD["image"], media=tuple(replace(PNG, id=str(n)) for n in range(11))),
        "too_many_files",
        "media",
    ),
    "one picture twice": (replace(GOOD["image"], media=(PNG, PNG)), "duplicate_items", "media"),
    "no link": (replace(GOOD["link"], link=None), "part_missing", "link"),
    "no options": (replace(GOOD["poll"], poll=None), "part_missing", "poll"),
    "no question": (replace(GOOD["poll"], title=None), "part_missing", "title"),
}


@pytest.mark.parametrize("kind", GOOD)
def test_each_kind_has_its_part(kind):
    check(GOOD[kind])


@pytest.mark.parametrize("what", BAD)
def test_and_none_that_is_another_s(what):
    content, code, field = BAD[what]
    with pytest.raises(Invalid) as invalid:
        check(content)
    assert (invalid.value.code, invalid.value.field) == (code, field)


def test_a_post_is_checked_when_it_is_written():
    emily = PersonSnapshot(id="e", display_name="Emily")
    for content, code, _ in BAD.values():
        write = CreatePost(community_id="c", author=emily, content=content, moderated=False)
        Given(POST)().when(write).then_rejected(code)


def test_options_differ_and_a_poll_closes_later():
    check_poll(None, NOON.now)
    check_poll(YES_NO, NOON.now)
    check_poll(replace(YES_NO, closes_at=NOON.now + timedelta(seconds=1)), NOON.now)
    for poll, code in (
        (
            replace(YES_NO, options=(Option(id="1", text="Yes"), Option(id="2", text="Yes"))),
            "duplicate_items",
        ),
        (replace(YES_NO, closes_at=NOON.now), "in_the_past"),
    ):
        with pytest.raises(Invalid) as invalid:
            check_poll(poll, NOON.now)
        assert invalid.value.code == code


def test_what_people_vote_on_does_not_change():
    emily = PersonSnapshot(id="e", display_name="Emily")
    write = CreatePost(community_id="c", author=emily, content=GOOD["poll"], moderated=False)
    asked = Given(POST)(*POST.answer(write, None, NOON))
    asked.when(EditPost(changes={"title": "Cake?"}, moderated=False)).then_rejected("poll_fixed")


def test_one_votes_for_an_option_of_an_open_poll():
    closing = replace(YES_NO, closes_at=NOON.now + timedelta(hours=1))
    check_vote(YES_NO, "1", NOON.now)
    check_vote(closing, "2", NOON.now)
    for poll, option, at, code in (
        (None, "1", NOON.now, "no_poll"),
        (YES_NO, "3", NOON.now, "unknown_option"),
        (closing, "1", NOON.now + timedelta(hours=1), "poll_closed"),
    ):
        with pytest.raises(Rejected) as rejected:
            check_vote(poll, option, at)
        assert rejected.value.code == code
