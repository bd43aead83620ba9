"""edit_post: by its author, and looked at again where posts are."""

import pytest

from community.post.commands import RequestGlobalDistribution
from community.post.transactions import post_ref
from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, found, update
from support.community.posts import POLL, STRICT, bucket, by, edit, hide, publish, send, wrote
from support.dynamodb import before_next_write, stored_events, stored_items
from troupe.ids import new_id
from troupe.store.transact import execute


def test_manners(tenant):
    post = wrote(found(tenant))
    CommandContract(edit, post.path, "post:edit", by(post.author)).check()
    content = post.state().content
    assert (content.text, content.title) == ("Eaten by noon.", None)


def test_twice_is_once(tenant):
    post = wrote(found(tenant))
    assert [post(edit).body["version"] for _ in range(2)] == [3, 3]
    assert len(stored_events("post.edited")) == 1


def test_a_published_post_waits_again_where_posts_are_looked_at(tenant):
    community = found(tenant, **STRICT)
    post = wrote(community, community.member())
    post.by_leader(publish)
    post(edit)
    assert post.status == "pending"
    of_leader = wrote(community)
    of_leader(edit)
    assert of_leader.status == "published"


def test_an_edited_post_needs_a_new_global_approval(tenant):
    post = wrote(found(tenant))
    execute(tenant.scope(), post_ref(post.id), RequestGlobalDistribution(private=False))
    post(edit)
    assert stored_events("post.global_withdrawn")
    assert post.state().distribution.status == "none"


def test_only_the_author_edits_a_post(tenant):
    community = found(tenant)
    post, stranger = wrote(community, community.member()), tenant.consumer()
    before = stored_items()
    for each in (community.leader, stranger):
        reply = post(edit, each)
        assert (reply.status, reply.body["code"]) == (403, "author_required")
    assert stored_items() == before


def test_former_and_banned_members_cannot_edit(tenant):
    community = found(tenant)
    left, banned = community.member(), community.member()
    posts = [wrote(community, left), wrote(community, banned)]
    community.leave(left)
    community.by_leader(ban, banned)
    assert [post(edit).body["code"] for post in posts] == ["member_required"] * 2


def test_who_was_let_post_before_does_not_where_the_leader_alone_posts(tenant):
    community = found(tenant)
    post = wrote(community, community.member())
    community.by_leader(update, body={"posting": "leader"})
    assert post(edit).body["code"] == "leader_required"


@pytest.mark.parametrize(
    "step", [lambda community, who: community.leave(who), lambda c, who: c.by_leader(ban, who)]
)
def test_who_is_sent_away_meanwhile_does_not_edit(tenant, step):
    community = found(tenant)
    emily = community.member()
    post = wrote(community, emily)
    with before_next_write(lambda: step(community, emily)):
        assert post(edit).body["code"] == "member_required"
    assert post.state().edited_at is None


def test_s_41_an_edit_while_it_is_hidden_leaves_it_hidden(tenant):
    """S-41: decided on what was, it is decided again on what is."""
    community = found(tenant)
    post = wrote(community, community.member())
    with before_next_write(lambda: post.by_leader(hide)):
        assert post(edit).status == 200
    assert post.status == "hidden"
    assert [each.type for each in stored_events("post.hidden", "post.edited")] == [
        "post.hidden",
        "post.edited",
    ]


def test_a_poll_stays_what_people_voted_on(tenant):
    post = wrote(found(tenant), **POLL)
    assert post(edit, body={"title": "Cake?"}).body["code"] == "poll_fixed"


def test_other_pictures(tenant, monkeypatch):
    with bucket(monkeypatch):
        community = found(tenant)
        first, second = (send(community, community.leader) for _ in range(2))
        post = wrote(community, kind="image", media=[first])
        post(edit, body={"media": [second]})
        assert [each.id for each in post.state().content.media] == [second]
        reply = post(edit, body={"media": [new_id()]})
        assert reply.body["errors"][0]["code"] == "media_missing"


def test_another_link(tenant):
    post = wrote(found(tenant), kind="link", link={"url": "https://a.example"})
    post(edit, body={"link": {"url": "https://b.example"}})
    assert post.state().content.link.url == "https://b.example"
    assert post(edit, body={"link": None}).body["errors"][0]["code"] == "part_missing"


def test_s_40_former_members_of_a_private_community_do_not_find_their_posts(tenant):
    """S-40."""
    community = found(tenant, **PRIVATE)
    emily = tenant.consumer()
    community.admit(emily)
    post = wrote(community, emily)
    community.leave(emily)
    assert post(edit).status == 404
