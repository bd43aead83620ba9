"""The context's queue: events in any order and any number leave the same cards and figures."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from identity import inbound
from identity.rebuild import handler as rebuild
from identity.user.card_key import key_of
from identity.user.cards import PERSON, USER_CARDS
from identity.user.lifecycle import USER_LIFECYCLE
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.spec import LAMBDA
from support.stream_events import batch, failed, lambda_context, rows
from troupe.clock import now
from troupe.ids import new_id
from troupe.projection import generations
from troupe.projection.projection import part
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

follow = Call("follow_user", "PUT /users/{user_id}/follow")
unfollow = Call("unfollow_user", "DELETE /users/{user_id}/follow")
suspend = Call("suspend_user", "POST /users/{user_id}/suspend", {"reason": "spam"})
delete = Call("delete_user", "DELETE /users/{user_id}")
restore = Call("restore_user", "POST /users/{user_id}/restore")
rename = Call("update_profile", "PATCH /me/profile", {"display_name": "Ann B."})
VIEWS = (USER_CARDS.name, USER_LIFECYCLE.name)


def live(tenant):
    """People come, follow each other, change, go and come back."""
    ann, bob, cid = tenant.person("Ann"), tenant.person("Bob"), tenant.person("Cid")
    for follower, followee in ((ann, bob), (bob, ann), (cid, ann), (ann, cid)):
        follow({"user_id": followee}, principal=follower)
    unfollow({"user_id": cid}, principal=ann)
    rename(principal=ann)
    suspend({"user_id": bob})
    delete({"user_id": cid})
    delete({"user_id": ann})
    restore({"user_id": ann})
    return ann, bob, cid


def deliver(envelopes, size=10):
    for start in range(0, len(envelopes), size):
        assert failed(inbound.handler(batch(*envelopes[start : start + size]), LAMBDA)) == []


def card(tenant, who):
    row = reads.one(key_of(tenant.tenant_id, who))
    return part(PERSON, row), row


def test_cards_and_figures_follow_what_happened(tenant):
    ann, bob, cid = live(tenant)
    deliver(stored_events())
    (of_ann, row), (of_bob, _), (of_cid, gone) = (card(tenant, who) for who in (ann, bob, cid))
    assert (of_ann.display_name, of_ann.status) == ("Ann B.", "active")
    assert (row["followers"], row["following"]) == (2, 1)
    assert of_bob.status == "suspended"
    assert (of_cid, gone["followers"], gone["following"], gone["user_version"]) == (None, 0, 1, 3)
    today = now().date().isoformat()
    pk = generations.partition(tenant.tenant_id, USER_LIFECYCLE.name, today[:7])
    (day,) = reads.between(pk, today, today)
    assert {name: day[name] for name in ("registrations", "verifications", "suspensions", "deletions")} == {
        "registrations": 3,
        "verifications": 3,
        "suspensions": 1,
        "deletions": 2,
    }


@pytest.mark.parametrize("seed", range(2))
def test_any_order_and_any_number_end_the_same_and_as_a_rebuild_does(tenant, seed, monkeypatch):
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    live(tenant)
    dice, envelopes = random.Random(seed), stored_events()
    shuffled = dice.sample(envelopes, len(envelopes)) + dice.choices(envelopes, k=15)
    deliver(shuffled, size=dice.randint(1, 10))
    for view in VIEWS:
        report = rebuild({"view": view, "start": True, "segments": 1}, lambda_context())
        assert (report["phase"], report["live"]) == ("swapped", 2)
        assert rows(view=f"{view}~2") == rows(view=view) != {}


def test_an_event_that_was_never_received_is_caught_up_with(tenant):
    ann = tenant.person("Ann")
    rename(principal=ann)
    suspend({"user_id": ann})
    deliver(stored_events("user.suspended"))
    of_ann, row = card(tenant, ann)
    assert (of_ann.display_name, of_ann.status, row["user_version"]) == ("Ann B.", "suspended", 4)


def test_neighbours_count_too(tenant):
    ann = tenant.person("Ann")
    (created,) = stored_events("user.created")
    total = {"amount_cents": 1999, "currency": "EUR"}
    order = replace(
        created,
        id=new_id(),
        type="order.confirmed",
        aggregate="order",
        aggregate_id=new_id(),
        data={"customer_id": ann, "total": total},
    )
    joined = replace(order, id=new_id(), type="community.member_joined", data={"user_id": ann})
    deliver([order, joined, order])  # before the person's own
    deliver([created])
    of_ann, row = card(tenant, ann)
    assert (of_ann.display_name, row["orders"], row["spent_EUR"], row["communities"]) == ("Ann", 1, 1999, 1)


def test_one_that_cannot_be_taken_in_does_not_keep_the_others(tenant):
    ann = tenant.person("Ann")
    (created,) = stored_events("user.created")
    poison = replace(
        created, id=new_id(), type="order.confirmed", aggregate="order", data={"customer_id": ann}
    )
    answer = inbound.handler(batch(poison, created), LAMBDA)
    assert failed(answer) == ["order-1-0"]
    assert card(tenant, ann)[0].display_name == "Ann"


def test_a_reaction_that_fails_brings_the_message_back(tenant, monkeypatch):
    tenant.person("Ann")
    (created,) = stored_events("user.created")
    seen = []

    def fails(envelope):
        seen.append(envelope)
        raise OSError

    monkeypatch.setitem(inbound.REACTIONS, "user.created", (fails,))
    answer = inbound.handler(batch(created, replace(created, id=new_id(), type="x.y", aggregate="x")), LAMBDA)
    assert (failed(answer), seen) == (["user-1-0"], [created])


def test_days_are_the_tenant_s(tenant):
    commit(
        [
            writes.update(
                keys.standing(tenant.tenant_id),
                "SET #z = :z",
                {"z": "Pacific/Kiritimati"},
                names={"#z": "zone"},
            )
        ]
    )
    tenant.person("Ann")
    (created,) = stored_events("user.created")
    deliver([replace(created, occurred_at=f"{now().date().isoformat()}T10:00:00.000000Z")])
    tomorrow = (now().date() + timedelta(days=1)).isoformat()  # fourteen hours ahead of UTC
    assert list(rows(view=USER_LIFECYCLE.name)) == [(tomorrow[:7], tomorrow)]
