"""Posts in the feeds: of their community's, and of everybody's where that is granted and the community is open."""

from community.post.commands import (
    ApproveGlobalDistribution,
    DeletePost,
    EditPost,
    HidePost,
    PublishPost,
    RequestGlobalDistribution,
    RestorePost,
)
from community.post.content_rules import Media
from support.community.communities import PRIVATE, delete, profiled, restore, update
from support.community.feeds import deliver, feed, ids
from support.identity.tenant import happened, items
from support.principals import acting
from troupe.ids import new_id

HIDE = HidePost(reason="spam")
ASK, GRANT = RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)


def shared(gazette, circle, author):
    post = gazette.post(circle, author)
    for each in (ASK, GRANT):
        gazette.on_post(post, each, author)
    return post


def test_its_card_shows_it_and_who_wrote_it(gazette, plaza):
    circle = gazette.circle()
    emily = plaza.consumer("Emily")
    post = gazette.post(circle, emily, "Mix, wait, bake.\n\nEat.", title="Rye")
    gazette.hears()
    (shown,) = feed(emily, circle).body["items"]
    assert shown == {
        "kind": "post",
        "id": post,
        "community_id": circle.id,
        "author": {"id": emily, "display_name": "Emily", "avatar_url": None},
        "format": "text",
        "title": "Rye",
        "excerpt": "Mix, wait, bake. Eat.",
        "thumbnail_url": None,
        "offers": [],
        "at": shown["at"],
        "ends_at": None,
    }
    assert feed(emily).body == {"items": [], "cursor": None}


def test_it_is_shown_once_it_is_published_and_follows_what_becomes_of_it(gazette, plaza):
    circle, emily = gazette.circle(), plaza.consumer()
    post = gazette.post(circle, emily, moderated=True)
    seen = []
    for command in (PublishPost(), HIDE, RestorePost(), DeletePost(by_author=True), RestorePost()):
        gazette.hears()
        seen.append(ids(feed(emily, circle)))
        gazette.on_post(post, command)
    gazette.hears()
    assert seen == [[], [post], [], [post], []]
    gazette.on_post(post, EditPost(changes={"text": "Rolls."}, moderated=False))
    gazette.hears()
    assert [each["excerpt"] for each in feed(emily, circle).body["items"]] == ["Rolls."]


def test_s_41_hiding_beats_an_older_event_that_comes_late(gazette, plaza):
    """S-41: hidden, and then an older edit is delivered: it stays hidden."""
    circle, emily = gazette.circle(), plaza.consumer()
    post = gazette.post(circle, emily)
    gazette.on_post(post, EditPost(changes={"text": "Spam!"}, moderated=False))
    gazette.on_post(post, HIDE)
    deliver(happened("post.hidden"))
    deliver(happened("post.edited"))
    deliver(happened("post.created", "post.published"))
    assert ids(feed(emily, circle)) == []


def test_everybody_sees_it_when_that_is_granted_until_it_says_something_else(gazette, plaza):
    circle, emily = gazette.circle(), plaza.consumer()
    post = shared(gazette, circle, emily)
    gazette.hears()
    stranger = profiled(plaza)
    assert ids(feed(stranger)) == ids(feed(emily, circle)) == [post]
    gazette.on_post(post, EditPost(changes={"text": "Buy!"}, moderated=False))
    gazette.hears()
    assert (ids(feed(stranger)), ids(feed(emily, circle))) == ([], [post])


def test_s_40_everybody_sees_nothing_of_a_community_that_has_become_private(gazette, plaza):
    """S-40: nor of one that is deleted; it comes back with the community."""
    circle = gazette.circle()
    emily = circle.member()
    post = shared(gazette, circle, emily)
    gazette.hears()
    seen = []
    for call, body in (
        (update, PRIVATE),
        (update, {"visibility": "public"}),
        (delete, None),
        (restore, None),
    ):
        assert circle.by_leader(call, body=body).status == 200
        deliver(happened())
        seen.append(ids(feed(profiled(plaza))))
    assert seen == [[], [post], [], [post]]


def test_s_40_a_private_community_s_feed_is_its_members_alone(gazette, plaza):
    """S-40: for whoever is none there is no such community, nor a feed of it."""
    circle = gazette.circle(**PRIVATE)
    emily, asks, stranger = circle.member(), profiled(plaza), profiled(plaza)
    circle.join(asks)
    post = gazette.post(circle, emily)
    gazette.hears()
    assert ids(feed(emily, circle)) == [post]
    nothing = feed(stranger, type(circle)(plaza, new_id(), ""))
    for who in (asks, stranger):
        reply = feed(who, circle)
        assert (reply.status, reply.body) == (nothing.status, nothing.body) == (404, nothing.body)
        assert ids(feed(who)) == []


def test_publishing_writes_once_for_the_community_and_never_for_a_member(gazette, plaza):
    circle = gazette.circle()
    emily = plaza.consumer()
    writes = []
    for members in (0, 30):
        circle.seat([new_id() for _ in range(members)])
        gazette.hears()
        before = len(items())
        post = gazette.post(circle, emily)
        deliver(each for each in happened() if each.aggregate_id == post)
        writes.append(len(items()) - before)
    # The state and two events; the piece, its card, its place with the author; once a month, the month.
    assert writes == [7, 6]


def test_its_first_image_says_where_it_is_read(gazette, plaza, monkeypatch):
    monkeypatch.setenv("MEDIA_BUCKET", "media")
    circle, emily = gazette.circle(), plaza.consumer()
    first, second = (
        Media(id=new_id(), version=version, content_type="image/png", size_bytes=5)
        for version in ("v1", "v2")
    )
    gazette.post(circle, emily, "", kind="image", media=(first, second))
    gazette.hears()
    (shown,) = feed(emily, circle).body["items"]
    place = f"/{plaza.tenant_id}/{circle.id}/{emily}/{first.id}?"
    assert place in shown["thumbnail_url"]
    assert "versionId=v1" in shown["thumbnail_url"]


def test_needs_the_permission(gazette):
    circle = gazette.circle()
    for where in (None, circle):
        assert feed(circle.leader, where, "supplier").status == 403
    assert acting("supplier", circle.leader)["kind"] == "supplier"
