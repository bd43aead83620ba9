"""Once a person is erased, community holds their identifier alone: in tables, read models and events."""

import json

import boto3
import pytest

from community import inbound
from community.rebuild import handler as rebuild
from community.refold import handler as refold
from support.community.communities import found
from support.community.posts import wrote
from support.community.tenant import Call
from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.tenant import Call as IdentityCall
from support.principals import acting
from support.stream_events import batch, failed, lambda_context
from troupe.store import keys, personal, reads, writes
from troupe.store.commit import commit
from troupe.store.envelope import Envelope

erase = IdentityCall("erase_user", "POST /users/{user_id}/erase")
ban = Call("ban_member", "POST /communities/{community_id}/members/{user_id}/ban", {"reason": "Planted ban"})
hide = Call("hide_post", "POST /posts/{post_id}/hide", {"reason": "Planted grounds"})
resolve = Call("resolve_report", "POST /reports/{report_id}/resolve")
edit = Call("edit_post", "PATCH /posts/{post_id}")


def deliver(events):
    for begin in range(0, len(events), 10):
        assert failed(inbound.handler(batch(*events[begin : begin + 10]), None)) == []


def planted() -> list[str]:
    return [item["PK"] for item in stored_items() if "planted" in str(item).lower()]


@pytest.fixture
def lived(tenant):
    """A person who joined, posted, commented, reported, was reported, hidden and banned."""
    who, other = tenant.consumer("Planted Name"), tenant.consumer("Bob")
    community = found(tenant)
    for each in (who, other):
        assert community.join(each).status == 200
    post = wrote(community, who, title="Planted title", text="Planted text")
    post(edit, who, body={"text": "Planted again"})
    theirs = wrote(community, other, text="Bread")
    theirs.comment(who, "Planted comment")
    theirs.report(who, detail="Planted detail")
    report = post.report(other, detail="No bread")
    body = {"resolution": "removed", "note": "Planted note"}
    resolve({"report_id": report}, **acting("leader", community.leader), body=body)
    community.by_leader(ban, who)
    deliver(stored_events())
    return who


class TestErasure:
    def test_leaves_nothing_in_plain(self, tenant, lived):
        assert planted()
        erase({"user_id": lived})
        deliver(stored_events("user.deleted", "user.personal_data_erased"))
        deliver([each for each in stored_events() if each.type.endswith("personal_data_erased")])
        assert planted() == []
        opened = personal.opened(stored_events())
        assert "planted" not in json.dumps([each.data for each in opened]).lower()
        at = keys.subject(tenant.tenant_id, f"user:{lived}").pk
        assert [item["SK"] for item in reads.between(at, keys.HELD, "I")] == []

    def test_twice_is_once(self, tenant, lived):
        erase({"user_id": lived})
        (event,) = stored_events("user.personal_data_erased")
        deliver([event])
        once = stored_items()
        deliver([event])
        assert [each["SK"] for each in stored_items()] == [each["SK"] for each in once]

    def test_what_others_said_stays(self, tenant, lived):
        erase({"user_id": lived})
        deliver(stored_events("user.personal_data_erased"))
        assert [each for each in stored_items() if "No bread" in str(each)]

    def test_a_rebuild_and_a_refold_equal_what_stands(self, tenant, lived):
        erase({"user_id": lived})
        deliver(stored_events("user.deleted", "user.personal_data_erased"))
        for kind in ("post", "comment", "membership", "report"):
            report = refold({"kind": kind, "start": True}, lambda_context())
            assert (report["written"], report["failed"]) == (0, 0)
        deliver([each for each in stored_events() if each.type.endswith("personal_data_erased")])
        rebuild({"view": "person", "start": True}, lambda_context())
        assert planted() == []


def test_writing_costs_no_round_trip_more(tenant):
    who = tenant.consumer("Emily")
    community = found(tenant)
    community.join(who)
    post = wrote(community, who)
    with round_trips() as made:
        post.comment(who, "How long?")
    assert made == ["BatchGetItem", "TransactWriteItems"]
    with round_trips() as made:
        post.by_leader(hide)
    assert made == ["BatchGetItem", "TransactWriteItems"]


class TestHowMuch:
    def test_what_is_much_is_shared_out(self, lived, monkeypatch):
        sqs = boto3.client("sqs")
        url = sqs.create_queue(QueueName="inbound")["QueueUrl"]
        monkeypatch.setenv("INBOUND_QUEUE_URL", url)
        monkeypatch.setattr("troupe.messaging.parts.MOST", 2)
        erase({"user_id": lived})
        deliver(stored_events("user.deleted", "user.personal_data_erased"))
        assert stored_events("post.personal_data_erased") == []
        sent = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10)["Messages"]
        deliver([Envelope.of(json.loads(each["Body"])["detail"]) for each in sent])
        deliver([each for each in stored_events() if each.type.endswith("personal_data_erased")])
        assert planted() == []

    def test_a_note_of_what_is_not_there_goes(self, tenant, lived):
        lost = keys.held(tenant.tenant_id, f"user:{lived}", "post", "c.lost")
        commit([writes.put(lost, {})])
        erase({"user_id": lived})
        deliver(stored_events("user.personal_data_erased"))
        assert reads.one(lost) is None
