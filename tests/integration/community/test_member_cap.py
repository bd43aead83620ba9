"""A cap that many want the last place under: exactly as many come in as there is room for.

moto checks and writes without a lock, so its calls are let in one at a time, as DynamoDB does for each item.
"""

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from moto.dynamodb.responses import DynamoHandler

from support.community.communities import PRIVATE, approve, audit, crowd, found, update
from troupe.ids import new_id

CAP = 100


@pytest.fixture(autouse=True)
def one_call_at_a_time(monkeypatch):
    lock, call = threading.Lock(), DynamoHandler.call_action

    def alone(self):
        with lock:
            return call(self)

    monkeypatch.setattr(DynamoHandler, "call_action", alone)
    monkeypatch.setattr("troupe.store.commit.pause", lambda *_: None)
    monkeypatch.setattr("troupe.store.transact.pause", lambda *_: None)


def at_once(*calls):
    start = threading.Barrier(len(calls))

    def act(call):
        start.wait()
        reply = call()
        return reply.status, reply.body.get("code")

    with ThreadPoolExecutor(len(calls)) as threads:
        return Counter(threads.map(act, calls))


def test_s_37_one_place_for_twenty_who_join_and_five_who_are_approved(tenant):
    """S-37: cap 100, 99 members; exactly one more, and leaving and coming back keeps the count."""
    community = found(tenant, limits={"member_cap": CAP})
    members, waiting, coming = (crowd(tenant, size) for size in (1, 5, 20))
    members += [new_id() for _ in range(CAP - 3)]
    community.seat(members)
    community.by_leader(update, body=PRIVATE)
    assert {community.join(each).body["status"] for each in waiting} == {"pending"}
    community.by_leader(update, body={"visibility": "public"})
    assert community.members() == CAP - 1
    joins = [lambda each=each: community.join(each) for each in coming]
    approvals = [lambda each=each: community.by_leader(approve, each) for each in waiting]
    assert at_once(*joins, *approvals) == {(200, None): 1, (409, "community_full"): 24}
    assert community.members() == CAP
    community.leave(members[0])
    assert community.members() == CAP - 1
    assert community.join(members[0]).status == 200
    assert community.join(next(each for each in coming if community.status(each) is None)).status == 409
    audit(tenant)


def test_members_are_counted_without_a_cap(tenant):
    community, coming = found(tenant), crowd(tenant, 12)
    assert at_once(*(lambda each=each: community.join(each) for each in coming)) == {(200, None): 12}
    leaves = [lambda each=each: community.leave(each) for each in coming[:5]]
    assert at_once(*leaves, *leaves) == {(200, None): 10}
    assert community.members() == 8
    audit(tenant)
