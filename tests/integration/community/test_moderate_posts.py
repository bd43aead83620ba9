"""publish_post, hide_post, delete_post and restore_post: who may, in what order, and twice."""

import pytest

from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, delete, found
from support.community.posts import STRICT, by, hide, publish, restore, wrote
from support.community.posts import delete as delete_post
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id


@pytest.fixture
def community(tenant):
    return found(tenant, **STRICT)


@pytest.fixture
def waiting(community):
    return wrote(community, community.member())


@pytest.fixture
def post(waiting):
    waiting.by_leader(publish)
    return waiting


@pytest.mark.parametrize(
    "call, permission, status",
    [(publish, "post:publish", "published"), (hide, "post:hide", "hidden")],
)
def test_manners_of_a_moderator(community, waiting, call, permission, status):
    moderator = community.member(role="moderator")
    CommandContract(call, waiting.path, permission, by(moderator)).check()
    assert waiting.status == status


def test_manners_of_an_author(post):
    CommandContract(delete_post, post.path, "post:delete", by(post.author)).check()
    assert post.status == "deleted"


def test_manners_of_restoring(community, post):
    post.by_leader(hide)
    CommandContract(restore, post.path, "post:restore", by(community.member(role="moderator"))).check()
    assert post.status == "published"


def test_a_post_that_waits_is_turned_down_and_taken_back_in(waiting):
    waiting.by_leader(hide, body={"reason": "off topic"})
    assert (waiting.status, waiting.state().hidden.reason) == ("hidden", "off topic")
    assert waiting.by_leader(publish).body["code"] == "invalid_transition"
    waiting.by_leader(restore)
    assert waiting.status == "pending"
    waiting.by_leader(publish)
    assert waiting.status == "published"


def test_twice_is_once(post):
    for call, event in ((publish, "post.published"), (hide, "post.hidden"), (restore, "post.restored")):
        versions = {post.by_leader(call).body["version"] for _ in range(2)}
        assert len(versions) == len(stored_events(event)) == 1
    assert len({post(delete_post).body["version"] for _ in range(2)}) == 1


def test_members_moderate_nothing(community, waiting):
    emily = community.member()
    before = stored_items()
    for call in (publish, hide):
        for who in (waiting.author, emily):
            reply = waiting(call, who)
            assert (reply.status, reply.body["code"]) == (403, "moderator_required")
    assert waiting(delete_post, emily).status == 404  # it is not published: to others it is not there
    assert stored_items() == before


def test_a_published_post_is_deleted_by_its_author_or_a_moderator_alone(community, post):
    reply = post(delete_post, community.member())
    assert (reply.status, reply.body["code"]) == (403, "author_required")
    reply = post(restore, community.member())
    assert (reply.status, reply.body["code"]) == (403, "moderator_required")


def test_what_its_author_took_back_the_author_brings_back(community, post):
    post(delete_post)
    assert post.by_leader(restore).status == 404
    assert post(restore).status == 200
    assert post.status == "published"


def test_what_a_moderator_took_away_a_moderator_brings_back(post):
    post.by_leader(delete_post)
    assert stored_events("post.deleted")[0].data["by_author"] is False
    assert post(restore).status == 404
    post.by_leader(restore)
    assert post.status == "published"


def test_an_author_does_not_bring_back_what_was_hidden(post):
    post.by_leader(hide)
    assert post(restore).body["code"] == "moderator_required"
    post(delete_post)
    post(restore)
    assert post.status == "hidden"


def test_an_author_who_left_takes_back_and_does_not_bring_back(community, post):
    community.leave(post.author)
    assert post(delete_post).status == 200
    assert post(restore).body["code"] == "moderator_required"


def test_an_overseer_moderates_everywhere(tenant, waiting):
    reply = publish(waiting.path, **acting("admin", tenant.admin()))
    assert reply.status == 200


def test_two_moderators_at_once(community, waiting):
    """The second command decides on the state that the first has left."""
    moderator = community.member(role="moderator")
    with before_next_write(lambda: waiting(publish, moderator)):
        assert waiting.by_leader(hide).status == 200
    assert waiting.status == "hidden"
    other = wrote(community, waiting.author)
    with before_next_write(lambda: other(hide, moderator)):
        assert other.by_leader(publish).body["code"] == "invalid_transition"
    assert other.status == "hidden"
    third = wrote(community, waiting.author)
    with before_next_write(lambda: third(publish, moderator)):
        assert third.by_leader(publish).status == 200
    assert [each.aggregate_id for each in stored_events("post.published")].count(third.id) == 1


def test_a_moderator_who_is_banned_meanwhile_does_not_moderate(community, waiting):
    moderator = community.member(role="moderator")
    with before_next_write(lambda: community.by_leader(ban, moderator)):
        assert waiting(publish, moderator).body["code"] == "moderator_required"
    assert waiting.status == "pending"


def test_s_40_to_others_a_private_community_s_posts_are_not_there(tenant):
    """S-40: every command answers as for an unknown post."""
    community = found(tenant, **PRIVATE)
    post, stranger = wrote(community), tenant.consumer()
    never = f"{new_id()}.{new_id()}"
    for call in (publish, hide, delete_post, restore):
        here = post(call, stranger)
        for elsewhere in (never, f"{community.id}.{new_id()}", "bread"):
            nowhere = call({"post_id": elsewhere}, **by(stranger))
            assert (here.status, here.body) == (nowhere.status, nowhere.body)
        assert here.status == 404


def test_what_is_not_there_is_not_moderated(community):
    for call in (publish, hide, delete_post, restore):
        reply = call({"post_id": f"{community.id}.{new_id()}"}, **by(community.leader))
        assert reply.status == 404


def test_in_a_deleted_community_there_are_no_posts(community, post):
    community.by_leader(delete)
    for call in (publish, hide, delete_post, restore):
        assert post.by_leader(call).status == 404
