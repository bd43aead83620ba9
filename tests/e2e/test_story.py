"""The demo's story with a few people: every number that comes out of the stream is the one that went in."""

import json
import time

import pytest

from demo.api import Api, wait_for
from local.stack.http_client import client

CROWD = 12


@pytest.fixture(scope="module")
def http(stack):
    with client(stack.api_url) as stranger:
        yield stranger


def test_the_numbers_are_right(played):
    totals = played.analytics["totals"]
    assert totals["registrations"] == CROWD + 2
    assert totals["verifications"] == CROWD + 1
    assert totals["suspensions"] == 1
    assert totals["deletions"] == 0
    assert totals["failures"] == 5


def test_cards_agree_with_the_follows(played):
    ids = list(played.ids.values())
    cards = {user_id: played.owner.get(f"/users/{user_id}/card") for user_id in ids[:8]}
    for user_id, card in cards.items():
        assert card["stats"]["followers"] == len(played.owner.all(f"/users/{user_id}/followers"))
        assert card["stats"]["following"] == len(played.owner.all(f"/users/{user_id}/following"))
    assert sum(card["stats"]["followers"] for card in cards.values()) > 0


def test_unauthorized_requests_are_refused(played, stack):
    assert played.refusals == {
        "locked": (403, "account_locked"),
        "suspended": (403, "account_suspended"),
        "quota": (409, "quota_exceeded"),
    }
    person = played.suspended
    with Api(stack.api_url) as visitor:
        answer = visitor.http.post(
            "/v1/identity/sessions", json={"email": person.email, "password": person.password}
        )
    assert 400 <= answer.status_code < 500


def test_who_is_one_too_many_stays_unconfirmed(played):
    found = {
        status: played.owner.all("/users", status=status) for status in ("pending", "active", "suspended")
    }
    assert [user["display_name"] for user in found["pending"]] == ["Late"]
    assert len(found["active"]) + len(found["suspended"]) == CROWD + 1


def test_a_users_history_is_whole_and_says_nothing_secret(played):
    person = next(iter(played.ids.values()))
    history = played.owner.all(f"/history/user/{person}")
    assert [event["version"] for event in history] == list(range(len(history), 0, -1))
    assert [event["type"] for event in history][-2:] == ["user.verified", "user.created"]
    assert "$2b$" not in json.dumps(history)


def test_the_documents_are_served(http):
    openapi = http.get("/openapi.json").json()
    assert openapi["openapi"].startswith("3.1")
    assert http.get("/asyncapi.json").json()["asyncapi"].startswith("3.0")
    assert http.get("/health").json()["status"] == "ok"
    page = http.get("/docs", follow_redirects=True)
    assert (page.status_code, "text/html" in page.headers["content-type"]) == (200, True)


def test_an_idempotent_create_over_http(played):
    headers = {"idempotency-key": f"k-{time.time_ns()}"}
    send = [
        played.owner.http.post("/v1/identity/organizations", json={"name": "Once"}, headers=headers)
        for _ in range(2)
    ]
    assert [answer.status_code for answer in send] == [201, 201]
    assert send[0].json() == send[1].json()
    assert send[1].headers["idempotent-replayed"] == "true"


def test_a_card_follows_the_profile(played, stack):
    person = played.people[1]
    with Api(stack.api_url) as visitor, visitor.signed_in(person.email, person.password) as api:
        me = api.http.get("/v1/identity/me")
        changed = api.http.patch(
            "/v1/identity/me/profile",
            json={"display_name": "Renamed"},
            headers={"if-match": me.headers["etag"]},
        )
        assert changed.status_code == 200
        stale = api.http.patch(
            "/v1/identity/me/profile", json={"bio": "x"}, headers={"if-match": me.headers["etag"]}
        )
        assert stale.status_code == 412
        user_id = played.ids[person.email]
        wait_for(
            "the renamed card", lambda: api.get(f"/users/{user_id}/card")["display_name"] == "Renamed" or None
        )


@pytest.mark.parametrize("path", ["/v1/identity/nothing", "/v1/nothing"])
def test_an_unknown_route_is_the_gateways_own_404(http, path):
    assert http.get(path).status_code == 404
