"""Cards are updated when their author changes: few in one message, many in parts."""

import json
from types import SimpleNamespace

import boto3
import pytest

from community import inbound
from community.feed import propagate, update
from support.community.feeds import deliver, feed
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.stream_events import batch, failed
from troupe.aws import clients
from troupe.messaging import parts
from troupe.store.envelope import Envelope

rename = Call("update_profile", "PATCH /me/profile")
remove = Call("delete_user", "DELETE /users/{user_id}")
bring_back = Call("restore_user", "POST /users/{user_id}/restore")
POSTS = 5


@pytest.fixture
def community(feeds):
    return feeds.community()


@pytest.fixture
def emily(feeds, tenant, community):
    emily = tenant.consumer("Emily")
    for _ in range(POSTS):
        feeds.post(community, emily)
    feeds.hears()
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


def test_a_name_and_a_picture_follow_the_profile(community, emily):
    rename(principal=emily, body={"display_name": "Em", "avatar_url": "https://x.example/e.png"})
    deliver(stored_events("user.profile_updated"))
    shown = feed(emily, community).body["items"]
    assert [each["author"] for each in shown] == [
        {"id": emily, "display_name": "Em", "avatar_url": "https://x.example/e.png"}
    ] * POSTS


def test_of_a_person_who_is_deleted_the_name_is_gone(community, emily):
    assert remove({"user_id": emily}).status == 200
    deliver(stored_events("user.deleted"))
    assert names(feed(community.leader, community)) == [None] * POSTS
    assert bring_back({"user_id": emily}).status == 200
    deliver(stored_events("user.restored"))
    assert names(feed(community.leader, community)) == ["Emily"] * POSTS


def test_many_cards_are_shared_out_at_once(community, emily, queue, monkeypatch):
    """No part sends another: however many there are, the chain of messages has two links."""
    monkeypatch.setattr(parts, "MOST", 2)
    rename(principal=emily, body={"display_name": "Em"})
    deliver(stored_events("user.profile_updated"))
    sent = queue()
    assert (len(sent), names(feed(emily, community))) == (3, ["Emily"] * POSTS)
    for each in (*reversed(sent), sent[0]):
        deliver([each])
    assert names(feed(emily, community)) == ["Em"] * POSTS
    deliver(stored_events("user.profile_updated"))
    assert queue() == []


def test_a_part_that_fails_comes_again_by_itself(community, emily, queue, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 2)
    rename(principal=emily, body={"display_name": "Em"})
    (told,) = stored_events("user.profile_updated")
    deliver([told])
    first, *others = queue()
    with monkeypatch.context() as broken:
        broken.setattr(propagate, "recompose", lambda *_: 1 / 0)
        assert failed(inbound.handler(batch(first), None)) == [f"user-{first.version}-0"]
    deliver(others)
    assert names(feed(emily, community)).count("Em") == POSTS - 2
    deliver([first])
    assert names(feed(emily, community)) == ["Em"] * POSTS


def test_parts_that_the_queue_does_not_take_are_sent_again(community, emily, queue, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 2)
    rename(principal=emily, body={"display_name": "Em"})
    told = stored_events("user.profile_updated")
    refused = {"Failed": [{"Id": "1", "SenderFault": False, "Code": "InternalError"}]}
    hooks, busy = clients.sqs().meta.events, lambda **_: (SimpleNamespace(status_code=200), refused)
    hooks.register_first("before-call.sqs.SendMessageBatch", busy)
    assert len(failed(inbound.handler(batch(*told), None))) == 1
    hooks.unregister("before-call.sqs.SendMessageBatch", busy)
    deliver(told)
    deliver(queue())
    assert names(feed(emily, community)) == ["Em"] * POSTS


def test_a_newer_name_overtakes_an_older_pass(community, emily, queue, monkeypatch):
    """The pass of the first name is under way when the second comes: all end with the second."""
    monkeypatch.setattr(parts, "MOST", 2)
    rename(principal=emily, body={"display_name": "First"})
    deliver(stored_events("user.profile_updated"))
    older = queue()
    rename(principal=emily, body={"display_name": "Second"})
    first, second = stored_events("user.profile_updated")
    deliver([second])
    deliver(queue())
    deliver([*older, first])
    assert queue() == []
    assert names(feed(emily, community)) == ["Second"] * POSTS


def test_a_change_that_no_card_shows_touches_none(community, emily, monkeypatch):
    monkeypatch.setattr(propagate, "recompose", lambda *_: 1 / 0)
    rename(principal=emily, body={"bio": "Bakes."})
    deliver(stored_events("user.profile_updated"))
    assert names(feed(emily, community)) == ["Emily"] * POSTS


def test_an_author_change_during_a_card_write_is_applied(feeds, tenant, community, monkeypatch):
    """The name changes between the reading of it and the writing of the card, which is made anew then."""
    ben = tenant.consumer("Ben")
    feeds.hears()
    feeds.post(community, ben)
    rename(principal=ben, body={"display_name": "Benjamin"})
    (renamed,) = stored_events("user.profile_updated")
    commit = update.commit
    struck = []

    def late(actions):
        if not struck:
            struck.append(True)
            deliver([renamed])
        commit(actions)

    monkeypatch.setattr(update, "commit", late)
    deliver(stored_events("post.created", "post.published"))
    assert (struck, names(feed(ben, community))) == ([True], ["Benjamin"])
