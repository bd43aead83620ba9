"""Who follows whom, and where it is listed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from identity.follow.decider import (
    FOLLOW,
    Following,
    FollowUser,
    NotFollowing,
    PersonSnapshot,
    UnfollowUser,
    UserFollowed,
    UserUnfollowed,
    pair,
)
from support.spec import NOON, Given, assert_folds_as_stored

ANN, BOB = (
    PersonSnapshot(id="a", display_name="Ann", avatar_url="https://img.example/a.png"),
    PersonSnapshot(id="b", display_name="Bob"),
)
BEGIN, END = FollowUser(follower=ANN, followee=BOB), UnfollowUser()
follow = Given(FOLLOW)
followed = UserFollowed(follower=ANN, followee=BOB, followed_at=NOON.now)
unfollowed = UserUnfollowed(follower_id="a", followee_id="b", unfollowed_at=NOON.now)


def test_it_begins_once():
    follow().when(BEGIN).then(followed)
    follow(followed).when(BEGIN).then_nothing()


def test_it_ends_once():
    follow(followed).when(END).then(unfollowed)
    follow(followed, unfollowed).when(END).then_nothing()
    follow().when(END).then_nothing()


def test_it_may_begin_again_at_another_time():
    later = NOON.now + timedelta(days=1)
    again = UserFollowed(follower=ANN, followee=BOB, followed_at=later)
    follow(followed, unfollowed).at(later).when(BEGIN).then(again)
    assert follow(followed, unfollowed, again).state.followed_at == later


def test_a_user_cannot_follow_themselves():
    follow().when(FollowUser(follower=ANN, followee=ANN)).then_rejected("cannot_follow_self")


def test_it_is_listed_on_both_sides_by_its_time():
    listing = FOLLOW.listed(follow(followed).state, pair("a", "b"))
    assert listing.collection == ("FOLLOWERS#b", "2026-01-31T12:00:00.000000Z#a")
    assert listing.queue == ("FOLLOWING#a", "2026-01-31T12:00:00.000000Z#b")
    assert listing.summary["followee"] == {"id": "b", "display_name": "Bob", "avatar_url": None}
    assert FOLLOW.listed(NotFollowing(), "a:b").collection is None


@given(st.lists(st.sampled_from([BEGIN, END])))
def test_invariants_hold_after_any_commands(commands):
    history, state = (), None
    for command in commands:
        events = FOLLOW.answer(command, state, NOON)
        history, state = (*history, *events), FOLLOW.fold(events, state)
        assert isinstance(state, Following) == (command == BEGIN)
        assert FOLLOW.answer(command, state, NOON) == ()
    assert_folds_as_stored(FOLLOW, history)
    kinds = [type(event) for event in history]
    assert kinds == [(UserFollowed, UserUnfollowed)[n % 2] for n in range(len(kinds))]
