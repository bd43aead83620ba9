"""Cards follow whoever they are by: a few in one message, the rest with another."""

import json

import boto3
import pytest

from community import inbound
from community.feed import propagate, update
from support.community.feeds import deliver, feed
from support.identity.tenant import Call, happened
from support.stream_events import batch, failed
from troupe.store.envelope import Envelope

rename = Call("update_profile", "PATCH /me/profile")
remove = Call("delete_user", "DELETE /users/{user_id}")
bring_back = Call("restore_user", "POST /users/{user_id}/restore")
POSTS = 5


@pytest.fixture
def circle(gazette):
    return gazette.circle()


@pytest.fixture
def emily(gazette, plaza, circle):
    emily = plaza.consumer("Emily")
    for _ in range(POSTS):
        gazette.post(circle, emily)
    gazette.hears()
    return emily


@pytest.fixture
def queue(table, monkeypatch):
    """The context's queue; what was sent there."""
    sqs = boto3.client("sqs")
    url = sqs.create_queue(QueueName="inbound")["QueueUrl"]
    monkeypatch.setenv("INBOUND_QUEUE_URL", url)

    def sent() -> list[Envelope]:
        found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        for each in found:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return [Envelope.of(json.loads(each["Body"])["detail"]) for each in found]

    return sent


def names(reply):
    return [each["author"]["display_name"] for each in reply.body["items"]]


def test_a_name_and_a_picture_follow_the_profile(circle, emily):
    rename(principal=emily, body={"display_name": "Em", "avatar_url": "https://x.example/e.png"})
    deliver(happened("user.profile_updated"))
    shown = feed(emily, circle).body["items"]
    assert [each["author"] for each in shown] == [
        {"id": emily, "display_name": "Em", "avatar_url": "https://x.example/e.png"}
    ] * POSTS


def test_of_a_person_who_is_deleted_the_name_is_gone(circle, emily):
    assert remove({"user_id": emily}).status == 200
    deliver(happened("user.deleted"))
    assert names(feed(circle.leader, circle)) == [None] * POSTS
    assert bring_back({"user_id": emily}).status == 200
    deliver(happened("user.restored"))
    assert names(feed(circle.leader, circle)) == ["Emily"] * POSTS


def test_a_message_sees_to_a_few_and_leaves_the_rest_to_the_next(circle, emily, queue, monkeypatch):
    monkeypatch.setattr(propagate, "MOST", 2)
    rename(principal=emily, body={"display_name": "Em"})
    deliver(happened("user.profile_updated"))
    seen = [names(feed(emily, circle)).count("Em")]
    while rest := queue():
        deliver(rest)
        seen.append(names(feed(emily, circle)).count("Em"))
    assert seen == [2, 4, 5]
    deliver(happened("user.profile_updated"))
    assert queue() == []


def test_a_pass_that_fails_halfway_is_taken_up_where_it_was(circle, emily, queue, monkeypatch):
    monkeypatch.setattr(propagate, "MOST", 2)
    rename(principal=emily, body={"display_name": "Em"})
    (told,) = happened("user.profile_updated")
    deliver([told])
    (rest,) = queue()
    with monkeypatch.context() as broken:
        broken.setattr(propagate, "recompose", lambda *_: 1 / 0)
        assert failed(inbound.handler(batch(rest), None)) == [f"user-{rest.version}-0"]
    assert names(feed(emily, circle)).count("Em") == 2
    deliver([rest, *queue()])
    deliver(queue())
    assert names(feed(emily, circle)) == ["Em"] * POSTS


def test_a_newer_name_overtakes_an_older_pass(circle, emily, queue, monkeypatch):
    """The pass of the first name is under way when the second comes: all end with the second."""
    monkeypatch.setattr(propagate, "MOST", 2)
    rename(principal=emily, body={"display_name": "First"})
    deliver(happened("user.profile_updated"))
    rename(principal=emily, body={"display_name": "Second"})
    first, second = happened("user.profile_updated")
    deliver([second])
    while rest := queue():
        deliver(rest)
    deliver([first])
    assert queue() == []
    assert names(feed(emily, circle)) == ["Second"] * POSTS


def test_a_change_that_no_card_shows_touches_none(circle, emily, monkeypatch):
    monkeypatch.setattr(propagate, "recompose", lambda *_: 1 / 0)
    rename(principal=emily, body={"bio": "Bakes."})
    deliver(happened("user.profile_updated"))
    assert names(feed(emily, circle)) == ["Emily"] * POSTS


def test_whoever_changes_while_a_card_is_made_is_not_missed(gazette, plaza, circle, monkeypatch):
    """The name changes between the reading of it and the writing of the card, which is made anew then."""
    ben = plaza.consumer("Ben")
    gazette.hears()
    gazette.post(circle, ben)
    rename(principal=ben, body={"display_name": "Benjamin"})
    (renamed,) = happened("user.profile_updated")
    commit = update.commit
    struck = []

    def late(actions):
        if not struck:
            struck.append(True)
            deliver([renamed])
        commit(actions)

    monkeypatch.setattr(update, "commit", late)
    deliver(happened("post.created", "post.published"))
    assert (struck, names(feed(ben, circle))) == ([True], ["Benjamin"])
