"""react_to_post and vote_in_poll: one for each person, changed as one likes, counted exactly."""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, crowd, found
from support.community.posts import POLL, STRICT, audit, by, done, hide, react, vote, wrote
from support.dynamodb import before_next_write, stored_items
from support.faulty_client import lost
from support.identity.sign_in import failing
from troupe.ids import new_id


@pytest.fixture
def without_pauses(monkeypatch):
    monkeypatch.setattr("troupe.store.commit.pause", lambda *_: None)
    monkeypatch.setattr("troupe.store.transact.pause", lambda *_: None)


def choosing(option_id):
    return {"body": {"option_id": option_id}}


def test_manners_of_reacting(tenant):
    post = wrote(found(tenant))
    CommandContract(react, post.path, "post:react", by(post.author), stale=False).check()
    assert post.counts() == {"reactions_like": 1}
    audit(post.community)


def test_manners_of_voting(tenant):
    post = wrote(found(tenant), **POLL)
    reply = CommandContract(vote, post.path, "post:vote", by(post.author), stale=False).check()
    assert reply.body == {"post_id": post.id, "option_id": "1"}
    assert post.counts() == {"votes_1": 1}
    audit(post.community)


def test_a_reaction_is_replaced_and_taken_back(tenant):
    community = found(tenant)
    post, emily = wrote(community), community.member()
    seen = []
    for reaction in ("like", "like", "love", None, None, "sad"):
        done(post(react, emily, body={"reaction": reaction}))
        seen.append(post.counts())
    love, sad, like = {"reactions_love": 1}, {"reactions_sad": 1}, {"reactions_like": 1}
    assert seen == [like, like, love, {}, {}, sad]
    audit(community)


def test_twice_writes_once(tenant):
    community = found(tenant)
    post, emily = wrote(community, **POLL), community.member()
    done(post(vote, emily))
    before = stored_items()
    done(post(vote, emily))
    assert stored_items() == before


@pytest.mark.parametrize("body", [{"reaction": "bread"}, {}, {"reaction": 1}])
def test_what_is_no_reaction(tenant, body):
    post = wrote(found(tenant))
    assert post(react, body=body).body["code"] == "invalid_request"


def test_what_is_no_option_and_what_is_no_poll(tenant):
    community = found(tenant)
    poll, words = wrote(community, **POLL), wrote(community)
    reply = poll(vote, **choosing("4"))
    assert (reply.status, reply.body["errors"][0]["code"]) == (422, "unknown_option")
    assert words(vote).body["code"] == "no_poll"


def test_a_closed_poll_counts_no_more(tenant, clock):
    community = found(tenant)
    ends = (clock() + timedelta(hours=1)).isoformat()
    post = wrote(community, **POLL | {"poll": {**POLL["poll"], "closes_at": ends}})
    done(post(vote))
    clock.forward(hours=1)
    reply = post(vote, **choosing("2"))
    assert (reply.status, reply.body["code"]) == (409, "poll_closed")
    assert post.counts() == {"votes_1": 1}


def test_only_members_take_part_and_only_in_what_is_published(tenant):
    community = found(tenant)
    post = wrote(community, **POLL)
    left, banned = community.member(), community.member()
    done(post(vote, left))
    community.leave(left)
    community.by_leader(ban, banned)
    for call in (react, vote):
        for who in (tenant.consumer(), left, banned):
            reply = post(call, who)
            assert (reply.status, reply.body["code"]) == (403, "member_required")
    post.by_leader(hide)
    assert post(react).body["code"] == "not_published"
    assert post(vote, community.member()).status == 404
    assert post.counts() == {"votes_1": 1}  # who leaves has voted all the same


def test_a_post_that_waits_is_nothing_to_others(tenant):
    community = found(tenant, **STRICT)
    post = wrote(community, community.member(), **POLL)
    assert post(vote, community.member()).status == 404
    assert post(vote).body["code"] == "not_published"


def test_s_40_others_cannot_take_part_in_a_private_community(tenant):
    """S-40."""
    community = found(tenant, **PRIVATE)
    post, stranger = wrote(community, **POLL), tenant.consumer()
    for call in (react, vote):
        here, nowhere = post(call, stranger), call({"post_id": f"{new_id()}.{new_id()}"}, **by(stranger))
        assert (here.status, here.body) == (nowhere.status, nowhere.body)
        assert here.status == 404


def test_who_is_banned_meanwhile_does_not_vote(tenant):
    community = found(tenant)
    post, emily = wrote(community, **POLL), community.member()
    with before_next_write(lambda: community.by_leader(ban, emily)):
        assert post(vote, emily).body["code"] == "member_required"
    assert post.counts() == {}


def test_two_votes_of_one_person_at_once(tenant):
    community = found(tenant)
    post, emily = wrote(community, **POLL), community.member()
    with before_next_write(lambda: post(vote, emily, **choosing("2"))):
        done(post(vote, emily))
    with before_next_write(lambda: post(vote, emily, **choosing("3"))):
        done(post(vote, emily, **choosing("2")))
    assert post.counts() == {"votes_2": 1}
    with before_next_write(lambda: post(react, emily, body={"reaction": None})):
        done(post(react, emily))
    assert post.counts() == {"votes_2": 1, "reactions_like": 1}
    audit(community)


def test_an_answer_that_was_lost_counts_once(tenant):
    community = found(tenant)
    post, emily = wrote(community, **POLL), community.member()
    for headers in ({}, {"idempotency-key": "k"}):
        with failing(lost):
            assert post(vote, emily, headers=headers).status == 200
    assert post.counts() == {"votes_1": 1}
    audit(community)


def test_a_hundred_votes_of_one_person_at_once_are_one(tenant, without_pauses):
    community = found(tenant)
    post, emily = wrote(community, **POLL), community.member()
    start = threading.Barrier(20)

    def act(number):
        if number < 20:
            start.wait()
        return post(vote, emily, **choosing(str(number % 3 + 1))).status

    with ThreadPoolExecutor(20) as threads:
        answers = Counter(threads.map(act, range(100)))
    assert answers.keys() <= {200, 409}
    assert answers[200] > 0
    assert sum(post.counts().values()) == 1
    audit(community)


def test_s_47_votes_repeated_and_changed(tenant):
    """S-47: tallies exact, one vote each, through the command; the thousand of it are in the unit tests."""
    community = found(tenant)
    post = wrote(community, **POLL)
    voters = crowd(tenant, 40)
    community.seat(voters)
    expected = {each: str(n % 3 + 1) for n, each in enumerate(voters)}
    for each, option in expected.items():
        done(post(vote, each, **choosing(option)))
    for each in voters[:4]:
        done(post(vote, each, **choosing(expected[each])))
    for each in voters[4:8]:
        expected[each] = "3"
        done(post(vote, each, **choosing("3")))
    assert post.counts() == {f"votes_{option}": n for option, n in Counter(expected.values()).items()}
    audit(community)
