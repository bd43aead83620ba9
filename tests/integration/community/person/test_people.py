"""The people whom the context hears of, from identity's own commands, in any order and after a rebuild."""

import random

import pytest

from community import inbound
from community.person import person
from community.person.person import VIEW, Person
from community.rebuild import handler as rebuild
from support.community.communities import BODY, create, found, leave
from support.dynamodb import round_trips, stored_events
from support.identity.tenant import Call
from support.principals import acting
from support.spec import TENANT
from support.stream_events import batch, failed, lambda_context
from troupe.clock import now
from troupe.edge.request import scope_of
from troupe.projection import generations
from troupe.store import reads
from troupe.store.transact import Snapshot

rename = Call("update_profile", "PATCH /me/profile", {"display_name": "Emily B.", "country": "AT"})
remove = Call("delete_user", "DELETE /users/{user_id}")
restore = Call("restore_user", "POST /users/{user_id}/restore")


def known(user_id: str) -> Person | None:
    scope = scope_of(now=now(), tenant_id=TENANT, actor="x", correlation_id="x")
    return person.find(Snapshot(scope=scope, items=reads.batch(person.key_to_read(TENANT, user_id))), user_id)


def deliver(events):
    for begin in range(0, len(events), 10):
        assert failed(inbound.handler(batch(*events[begin : begin + 10]), None)) == []


def test_they_are_what_identity_tells(tenant):
    emily, lea = tenant.consumer("Emily"), tenant.leader("Lea")
    rename(principal=emily)
    deliver(stored_events("user.profile_updated"))
    assert known(emily) == Person(display_name="Emily B.", kind="consumer", status="active", country="AT")
    assert (known(lea).leads, known(lea).allowances.max_communities) == (True, 5)
    remove({"user_id": emily})
    deliver(stored_events("user.deleted"))
    assert known(emily) is None
    restore({"user_id": emily})
    deliver(stored_events("user.restored"))
    assert known(emily).display_name == "Emily B."


@pytest.mark.parametrize("seed", range(3))
def test_in_any_order_and_any_number(tenant, seed):
    emily = tenant.people.consumer("Emily")
    rename(principal=emily)
    told = [event for event in stored_events() if event.aggregate == "user"] * 2
    random.Random(seed).shuffle(told)
    deliver(told)
    assert known(emily) == Person(display_name="Emily B.", kind="consumer", status="active", country="AT")


def test_a_rebuild_finds_the_same_people(tenant, monkeypatch):
    lea = tenant.leader("Lea")
    before = known(lea)
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    monkeypatch.setattr("troupe.projection.rebuild.REST_SECONDS", 0)
    answer = rebuild({"view": VIEW, "start": True, "segments": 1}, lambda_context())
    for _ in range(10):
        if generations.of(VIEW).phase == "settled" and generations.of(VIEW).live > 1:
            break
        answer = rebuild({"view": VIEW}, lambda_context())
    assert generations.of(VIEW).live == 2, answer
    assert known(lea) == before
    monkeypatch.setitem(person._live, "generation", 1)
    assert create(body=BODY, **acting("leader", lea)).status == 201


def test_a_command_makes_two_round_trips_before_and_after_a_rebuild(tenant):
    community = found(tenant)
    emily = community.member()
    with round_trips() as made:
        leave(community.path(), **acting("consumer", emily))
        community.join(emily)
    assert made == ["BatchGetItem", "TransactWriteItems"] * 2
