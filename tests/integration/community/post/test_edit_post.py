"""edit_post: by its author, and looked at again where posts are."""

import pytest

from community.post.commands import RequestGlobalDistribution
from community.post.transactions import post_ref
from support.community.communities import PRIVATE, ban, found, update
from support.community.posts import POLL, STRICT, bucket, by, edit, hide, publish, send, wrote
from support.identity.tenant import Manners, happened, items, meanwhile
from troupe.ids import new_id
from troupe.store.transact import execute


def test_manners(plaza):
    post = wrote(found(plaza))
    Manners(edit, post.path, "post:edit", by(post.author)).check()
    content = post.state().content
    assert (content.text, content.title) == ("Eaten by noon.", None)


def test_twice_is_once(plaza):
    post = wrote(found(plaza))
    assert [post(edit).body["version"] for _ in range(2)] == [3, 3]
    assert len(happened("post.edited")) == 1


def test_a_published_post_waits_again_where_posts_are_looked_at(plaza):
    circle = found(plaza, **STRICT)
    post = wrote(circle, circle.member())
    post.by_leader(publish)
    post(edit)
    assert post.status == "pending"
    of_leader = wrote(circle)
    of_leader(edit)
    assert of_leader.status == "published"


def test_what_is_edited_is_asked_anew_whether_everybody_sees_it(plaza):
    post = wrote(found(plaza))
    execute(plaza.scope(), post_ref(post.id), RequestGlobalDistribution(private=False))
    post(edit)
    assert happened("post.global_withdrawn")
    assert post.state().distribution.status == "none"


def test_nobody_else_edits_it(plaza):
    circle = found(plaza)
    post, stranger = wrote(circle, circle.member()), plaza.consumer()
    before = items()
    for each in (circle.leader, stranger):
        reply = post(edit, each)
        assert (reply.status, reply.body["code"]) == (403, "author_required")
    assert items() == before


def test_whoever_left_or_is_banned_speaks_no_more(plaza):
    circle = found(plaza)
    left, banned = circle.member(), circle.member()
    posts = [wrote(circle, left), wrote(circle, banned)]
    circle.leave(left)
    circle.by_leader(ban, banned)
    assert [post(edit).body["code"] for post in posts] == ["member_required"] * 2


def test_who_was_let_post_before_does_not_where_the_leader_alone_posts(plaza):
    circle = found(plaza)
    post = wrote(circle, circle.member())
    circle.by_leader(update, body={"posting": "leader"})
    assert post(edit).body["code"] == "leader_required"


@pytest.mark.parametrize(
    "step", [lambda circle, who: circle.leave(who), lambda c, who: c.by_leader(ban, who)]
)
def test_who_is_sent_away_meanwhile_does_not_edit(plaza, step):
    circle = found(plaza)
    emily = circle.member()
    post = wrote(circle, emily)
    with meanwhile(lambda: step(circle, emily)):
        assert post(edit).body["code"] == "member_required"
    assert post.state().edited_at is None


def test_s_41_an_edit_while_it_is_hidden_leaves_it_hidden(plaza):
    """S-41: decided on what was, it is decided again on what is."""
    circle = found(plaza)
    post = wrote(circle, circle.member())
    with meanwhile(lambda: post.by_leader(hide)):
        assert post(edit).status == 200
    assert post.status == "hidden"
    assert [each.type for each in happened("post.hidden", "post.edited")] == ["post.hidden", "post.edited"]


def test_a_poll_stays_what_people_voted_on(plaza):
    post = wrote(found(plaza), **POLL)
    assert post(edit, body={"title": "Cake?"}).body["code"] == "poll_fixed"


def test_other_pictures(plaza, monkeypatch):
    with bucket(monkeypatch):
        circle = found(plaza)
        first, second = (send(circle, circle.leader) for _ in range(2))
        post = wrote(circle, kind="image", media=[first])
        post(edit, body={"media": [second]})
        assert [each.id for each in post.state().content.media] == [second]
        reply = post(edit, body={"media": [new_id()]})
        assert reply.body["errors"][0]["code"] == "media_missing"


def test_another_link(plaza):
    post = wrote(found(plaza), kind="link", link={"url": "https://a.example"})
    post(edit, body={"link": {"url": "https://b.example"}})
    assert post.state().content.link.url == "https://b.example"
    assert post(edit, body={"link": None}).body["errors"][0]["code"] == "part_missing"


def test_s_40_to_whoever_left_a_private_community_their_posts_are_not_there(plaza):
    """S-40."""
    circle = found(plaza, **PRIVATE)
    emily = plaza.consumer()
    circle.admit(emily)
    post = wrote(circle, emily)
    circle.leave(emily)
    assert post(edit).status == 404
