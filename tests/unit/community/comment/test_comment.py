"""A comment: written once, deleted once."""

from datetime import timedelta

from community.comment.decider import COMMENT, CommentCreated, CommentDeleted, CommentOnPost, DeleteComment
from community.person.values import PersonSnapshot
from support.spec import NOON, Given, assert_folds_as_stored

EMILY = PersonSnapshot(id="e", display_name="Emily")
WHERE = {"community_id": "c", "post_id": "c.p"}
SAY = CommentOnPost(**WHERE, author=EMILY, text="Bread!")
created = CommentCreated(**WHERE, author_id="e", author=EMILY, text="Bread!", created_at=NOON.now)
deleted = CommentDeleted(**WHERE, author_id="e", by_author=True, deleted_at=NOON.now)
comment = Given(COMMENT)


def test_every_command_in_every_state():
    comment().when(SAY).then(created)
    comment(created).when(DeleteComment(by_author=True)).then(deleted)
    later = comment(created, deleted).at(NOON.now + timedelta(hours=1))
    later.when(DeleteComment(by_author=False)).then_nothing()


def test_folds_as_stored():
    assert_folds_as_stored(COMMENT, (created, deleted))


def test_stands_with_its_post_until_it_is_deleted():
    listing = COMMENT.listed(comment(created).state, "c.p.k")
    assert listing.collection == ("COMMENTS#c.p", "2026-01-31T12:00:00.000000Z#c.p.k")
    assert listing.summary["text"] == "Bread!"
    assert COMMENT.listed(comment(created, deleted).state, "c.p.k").collection is None


def test_tells_when_it_was_deleted():
    assert COMMENT.deleted_at(comment(created, deleted).state) == NOON.now
    assert COMMENT.deleted_at(comment(created).state) is None
