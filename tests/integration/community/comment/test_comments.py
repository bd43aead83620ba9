"""comment_on_post and delete_comment: by members, counted exactly, and gone when they are deleted."""

import pytest

from community.comment.decider import COMMENT
from community.external.readers import Allowances
from community.person.person import Person
from community.post import values
from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, found
from support.community.posts import STRICT, audit, by, comment, delete_comment, done, hide, wrote
from support.dynamodb import before_next_write, stored_events, stored_items
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.principals import acting
from troupe.ids import new_id
from troupe.store.transact import load


def test_manners_of_commenting(tenant):
    post = wrote(found(tenant))
    given = by(post.author)
    reply = CommandContract(comment, post.path, "comment:create", given, stale=False).check()
    assert values.is_comment(reply.body["id"])
    assert post.counts() == {"comments": 1}
    (told,) = stored_events("comment.created")
    assert (told.data["post_id"], told.data["author_id"]) == (post.id, post.author)
    audit(post.community)


def test_manners_of_deleting(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    path = {"comment_id": post.comment(emily)}
    CommandContract(delete_comment, path, "comment:delete", by(emily)).check()
    assert post.counts() == {}
    assert stored_events("comment.deleted")[0].data["by_author"] is True
    audit(community)


def test_twice_deleted_is_once(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    comment_id = post.comment(emily)
    path = {"comment_id": comment_id}
    replies = [
        delete_comment(path, **by(emily)),
        delete_comment(path, **by(community.leader)),
        delete_comment(path, **by(emily)),
    ]
    assert [each.body["version"] for each in replies] == [2, 2, 2]
    assert post.counts() == {}


def test_two_who_delete_at_once_count_once(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    path = {"comment_id": post.comment(emily)}
    with before_next_write(lambda: delete_comment(path, **by(community.leader))):
        assert delete_comment(path, **by(emily)).body["version"] == 2
    assert len(stored_events("comment.deleted")) == 1
    audit(community)


def test_only_a_moderator_deletes(tenant):
    community = found(tenant)
    post, emily = wrote(community, community.member()), community.member()
    path = {"comment_id": post.comment(emily)}
    reply = delete_comment(path, **by(post.author))  # whose post it is does not matter
    assert (reply.status, reply.body["code"]) == (403, "author_required")
    done(delete_comment(path, **by(community.member(role="moderator"))))
    assert stored_events("comment.deleted")[0].data["by_author"] is False


def test_only_members_comment_and_only_on_what_is_published(tenant):
    community = found(tenant, **STRICT)
    waiting, post = wrote(community, community.member()), wrote(community)
    left, banned = community.member(), community.member()
    community.leave(left)
    community.by_leader(ban, banned)
    for who in (tenant.consumer(), left, banned):
        assert post(comment, who).body["code"] == "member_required"
    assert waiting(comment).body["code"] == "not_published"
    assert post.counts() == {}
    assert not [each for each in stored_items() if "#COMMENT#" in each["PK"]]


def test_whose_profile_does_not_allow_it_does_not_comment(tenant, monkeypatch):
    post = wrote(found(tenant))
    muted = Person(
        display_name="Lea", kind="leader", status="active", allowances=Allowances(can_comment=False)
    )
    monkeypatch.setattr("community.person.person.find", lambda *_: muted)
    assert post(comment).body["code"] == "may_not_comment"


def test_who_is_banned_meanwhile_does_not_comment(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    with before_next_write(lambda: community.by_leader(ban, emily)):
        assert post(comment, emily).body["code"] == "member_required"
    audit(community)


def test_comments_do_not_stand_in_each_other_s_way(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    with before_next_write(lambda: done(post(comment))):
        done(post(comment, emily))
    assert post.counts() == {"comments": 2}


def test_s_40_in_private_there_is_nothing_to_comment_on(tenant):
    """S-40: and no comment to delete."""
    community = found(tenant, **PRIVATE)
    post, stranger = wrote(community), tenant.consumer()
    of_leader = post.comment(community.leader)
    here, nowhere = post(comment, stranger), comment({"post_id": f"{new_id()}.{new_id()}"}, **by(stranger))
    assert (here.status, here.body) == (nowhere.status, nowhere.body)
    for comment_id in (of_leader, f"{post.id}.{new_id()}", post.id, "bread"):
        assert delete_comment({"comment_id": comment_id}, **by(stranger)).body == nowhere.body
    assert load(tenant.tenant_id, COMMENT, of_leader).version == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_what_is_no_comment(tenant, text):
    assert wrote(found(tenant))(comment, body={"text": text}).body["code"] == "invalid_request"


def test_an_overseer_deletes_and_does_not_comment(tenant):
    community, admin = found(tenant), tenant.admin()
    post = wrote(community)
    comment_id = post.comment(community.leader)
    assert comment(post.path, **acting("admin", admin)).body["code"] == "member_required"
    done(delete_comment({"comment_id": comment_id}, **acting("admin", admin)))


def test_on_a_hidden_post_one_says_no_more(tenant):
    post = wrote(found(tenant))
    post(hide)
    assert post(comment).body["code"] == "not_published"


def test_an_answer_that_was_lost_is_one_comment(tenant):
    post = wrote(found(tenant))
    for headers in ({}, {"idempotency-key": "k"}):
        with failing(lost):
            assert post(comment, headers=headers).status == 201
    assert post.counts() == {"comments": 2}
    audit(post.community)
