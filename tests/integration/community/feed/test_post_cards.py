"""Posts in the feeds: in their community's, and in the global one if approved and the community is public."""

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
from support.dynamodb import stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id

HIDE = HidePost(reason="spam")
ASK, GRANT = RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)


def shared(feeds, community, author):
    post = feeds.post(community, author)
    for each in (ASK, GRANT):
        feeds.on_post(post, each, author)
    return post


def test_its_card_shows_it_and_who_wrote_it(feeds, tenant):
    community = feeds.community()
    emily = tenant.consumer("Emily")
    post = feeds.post(community, emily, "Mix, wait, bake.\n\nEat.", title="Rye")
    feeds.hears()
    (shown,) = feed(emily, community).body["items"]
    assert shown == {
        "kind": "post",
        "id": post,
        "community_id": community.id,
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


def test_it_is_shown_once_it_is_published_and_follows_what_becomes_of_it(feeds, tenant):
    community, emily = feeds.community(), tenant.consumer()
    post = feeds.post(community, emily, moderated=True)
    seen = []
    for command in (PublishPost(), HIDE, RestorePost(), DeletePost(by_author=True), RestorePost()):
        feeds.hears()
        seen.append(ids(feed(emily, community)))
        feeds.on_post(post, command)
    feeds.hears()
    assert seen == [[], [post], [], [post], []]
    feeds.on_post(post, EditPost(changes={"text": "Rolls."}, moderated=False))
    feeds.hears()
    assert [each["excerpt"] for each in feed(emily, community).body["items"]] == ["Rolls."]


def test_s_41_hiding_beats_an_older_event_that_comes_late(feeds, tenant):
    """S-41: hidden, and then an older edit is delivered: it stays hidden."""
    community, emily = feeds.community(), tenant.consumer()
    post = feeds.post(community, emily)
    feeds.on_post(post, EditPost(changes={"text": "Spam!"}, moderated=False))
    feeds.on_post(post, HIDE)
    deliver(stored_events("post.hidden"))
    deliver(stored_events("post.edited"))
    deliver(stored_events("post.created", "post.published"))
    assert ids(feed(emily, community)) == []


def test_the_global_feed_shows_an_approved_post_until_it_is_edited(feeds, tenant):
    community, emily = feeds.community(), tenant.consumer()
    post = shared(feeds, community, emily)
    feeds.hears()
    stranger = profiled(tenant)
    assert ids(feed(stranger)) == ids(feed(emily, community)) == [post]
    feeds.on_post(post, EditPost(changes={"text": "Buy!"}, moderated=False))
    feeds.hears()
    assert (ids(feed(stranger)), ids(feed(emily, community))) == ([], [post])


def test_s_40_the_global_feed_drops_a_community_that_becomes_private(feeds, tenant):
    """S-40: nor of one that is deleted; it comes back with the community."""
    community = feeds.community()
    emily = community.member()
    post = shared(feeds, community, emily)
    feeds.hears()
    seen = []
    for call, body in (
        (update, PRIVATE),
        (update, {"visibility": "public"}),
        (delete, None),
        (restore, None),
    ):
        assert community.by_leader(call, body=body).status == 200
        deliver(stored_events())
        seen.append(ids(feed(profiled(tenant))))
    assert seen == [[], [post], [], [post]]


def test_s_40_a_private_community_s_feed_is_its_members_alone(feeds, tenant):
    """S-40: a user who is no member finds neither the community nor its feed."""
    community = feeds.community(**PRIVATE)
    emily, asks, stranger = community.member(), profiled(tenant), profiled(tenant)
    community.join(asks)
    post = feeds.post(community, emily)
    feeds.hears()
    assert ids(feed(emily, community)) == [post]
    nothing = feed(stranger, type(community)(tenant, new_id(), ""))
    for who in (asks, stranger):
        reply = feed(who, community)
        assert (reply.status, reply.body) == (nothing.status, nothing.body) == (404, nothing.body)
        assert ids(feed(who)) == []


def test_publishing_writes_once_for_the_community_and_never_for_a_member(feeds, tenant):
    community = feeds.community()
    emily = tenant.consumer()
    writes = []
    for members in (0, 30):
        community.seat([new_id() for _ in range(members)])
        feeds.hears()
        before = len(stored_items())
        post = feeds.post(community, emily)
        deliver(each for each in stored_events() if each.aggregate_id == post)
        writes.append(len(stored_items()) - before)
    # The state, two events and where it is about the author; the piece, its card, its place with the author; once a month, the month.
    assert writes == [8, 7]


def test_its_first_image_says_where_it_is_read(feeds, tenant, monkeypatch):
    monkeypatch.setenv("MEDIA_BUCKET", "media")
    community, emily = feeds.community(), tenant.consumer()
    first, second = (
        Media(id=new_id(), version=version, content_type="image/png", size_bytes=5)
        for version in ("v1", "v2")
    )
    feeds.post(community, emily, "", kind="image", media=(first, second))
    feeds.hears()
    (shown,) = feed(emily, community).body["items"]
    place = f"/{tenant.tenant_id}/{community.id}/{emily}/{first.id}?"
    assert place in shown["thumbnail_url"]
    assert "versionId=v1" in shown["thumbnail_url"]


def test_needs_the_permission(feeds):
    community = feeds.community()
    for where in (None, community):
        assert feed(community.leader, where, "supplier").status == 403
    assert acting("supplier", community.leader)["kind"] == "supplier"
