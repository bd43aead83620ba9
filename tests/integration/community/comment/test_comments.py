"""comment_on_post and delete_comment: by members, counted exactly, and gone when they are deleted."""

import pytest

from community.comment.decider import COMMENT
from community.external.readers import Allowances
from community.person.person import Person
from community.post import values
from support.community.communities import PRIVATE, ban, found
from support.community.posts import STRICT, audit, by, comment, delete_comment, done, hide, wrote
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.identity.tenant import Manners, happened, items, meanwhile
from support.principals import acting
from troupe.ids import new_id
from troupe.store.transact import load


def test_manners_of_commenting(plaza):
    post = wrote(found(plaza))
    given = by(post.author)
    reply = Manners(comment, post.path, "comment:create", given, stale=False).check()
    assert values.is_comment(reply.body["id"])
    assert post.counts() == {"comments": 1}
    (told,) = happened("comment.created")
    assert (told.data["post_id"], told.data["author_id"]) == (post.id, post.author)
    audit(post.circle)


def test_manners_of_deleting(plaza):
    circle = found(plaza)
    post, emily = wrote(circle), circle.member()
    path = {"comment_id": post.comment(emily)}
    Manners(delete_comment, path, "comment:delete", by(emily)).check()
    assert post.counts() == {}
    assert happened("comment.deleted")[0].data["by_author"] is True
    audit(circle)


def test_twice_deleted_is_once(plaza):
    circle = found(plaza)
    post, emily = wrote(circle), circle.member()
    comment_id = post.comment(emily)
    path = {"comment_id": comment_id}
    replies = [
        delete_comment(path, **by(emily)),
        delete_comment(path, **by(circle.leader)),
        delete_comment(path, **by(emily)),
    ]
    assert [each.body["version"] for each in replies] == [2, 2, 2]
    assert post.counts() == {}


def test_two_who_delete_at_once_count_once(plaza):
    circle = found(plaza)
    post, emily = wrote(circle), circle.member()
    path = {"comment_id": post.comment(emily)}
    with meanwhile(lambda: delete_comment(path, **by(circle.leader))):
        assert delete_comment(path, **by(emily)).body["version"] == 2
    assert len(happened("comment.deleted")) == 1
    audit(circle)


def test_a_moderator_deletes_and_nobody_else(plaza):
    circle = found(plaza)
    post, emily = wrote(circle, circle.member()), circle.member()
    path = {"comment_id": post.comment(emily)}
    reply = delete_comment(path, **by(post.author))  # whose post it is does not matter
    assert (reply.status, reply.body["code"]) == (403, "author_required")
    done(delete_comment(path, **by(circle.member(role="moderator"))))
    assert happened("comment.deleted")[0].data["by_author"] is False


def test_only_members_comment_and_only_on_what_is_published(plaza):
    circle = found(plaza, **STRICT)
    waiting, post = wrote(circle, circle.member()), wrote(circle)
    left, banned = circle.member(), circle.member()
    circle.leave(left)
    circle.by_leader(ban, banned)
    for who in (plaza.consumer(), left, banned):
        assert post(comment, who).body["code"] == "member_required"
    assert waiting(comment).body["code"] == "not_published"
    assert post.counts() == {}
    assert not [each for each in items() if "#COMMENT#" in each["PK"]]


def test_whose_profile_does_not_allow_it_does_not_comment(plaza, monkeypatch):
    post = wrote(found(plaza))
    muted = Person(
        display_name="Lea", kind="leader", status="active", allowances=Allowances(can_comment=False)
    )
    monkeypatch.setattr("community.person.person.find", lambda *_: muted)
    assert post(comment).body["code"] == "may_not_comment"


def test_who_is_banned_meanwhile_does_not_comment(plaza):
    circle = found(plaza)
    post, emily = wrote(circle), circle.member()
    with meanwhile(lambda: circle.by_leader(ban, emily)):
        assert post(comment, emily).body["code"] == "member_required"
    audit(circle)


def test_comments_do_not_stand_in_each_other_s_way(plaza):
    circle = found(plaza)
    post, emily = wrote(circle), circle.member()
    with meanwhile(lambda: done(post(comment))):
        done(post(comment, emily))
    assert post.counts() == {"comments": 2}


def test_s_40_in_private_there_is_nothing_to_comment_on(plaza):
    """S-40: and no comment to delete."""
    circle = found(plaza, **PRIVATE)
    post, stranger = wrote(circle), plaza.consumer()
    of_leader = post.comment(circle.leader)
    here, nowhere = post(comment, stranger), comment({"post_id": f"{new_id()}.{new_id()}"}, **by(stranger))
    assert (here.status, here.body) == (nowhere.status, nowhere.body)
    for comment_id in (of_leader, f"{post.id}.{new_id()}", post.id, "bread"):
        assert delete_comment({"comment_id": comment_id}, **by(stranger)).body == nowhere.body
    assert load(plaza.tenant_id, COMMENT, of_leader).version == 1


@pytest.mark.parametrize("text", ["", "   ", "x" * 2001])
def test_what_is_no_comment(plaza, text):
    assert wrote(found(plaza))(comment, body={"text": text}).body["code"] == "invalid_request"


def test_an_overseer_deletes_and_does_not_comment(plaza):
    circle, admin = found(plaza), plaza.admin()
    post = wrote(circle)
    comment_id = post.comment(circle.leader)
    assert comment(post.path, **acting("admin", admin)).body["code"] == "member_required"
    done(delete_comment({"comment_id": comment_id}, **acting("admin", admin)))


def test_on_a_hidden_post_one_says_no_more(plaza):
    post = wrote(found(plaza))
    post(hide)
    assert post(comment).body["code"] == "not_published"


def test_an_answer_that_was_lost_is_one_comment(plaza):
    post = wrote(found(plaza))
    for headers in ({}, {"idempotency-key": "k"}):
        with failing(lost):
            assert post(comment, headers=headers).status == 201
    assert post.counts() == {"comments": 2}
    audit(post.circle)
