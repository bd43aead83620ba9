"""Refresh tokens over HTTP: each is good for one use, a lost answer is forgiven for half a minute, theft is not."""

import time
from base64 import urlsafe_b64decode

import pytest

from demo.api import Api
from demo.story import OWNER_PASSWORD
from troupe.store import keys

FORGIVEN = 30  # seconds


@pytest.fixture(scope="module")
def town(found):
    return found("sessions")


@pytest.fixture
def visitor(stack):
    with Api(stack.api_url) as api:
        yield api


@pytest.fixture
def first(town, visitor):
    """The refresh token of a new session."""
    owner = {"email": f"owner@{town.slug}.example.com", "password": OWNER_PASSWORD}
    return visitor.post("/sessions", owner)["refresh_token"]


def refreshed(visitor, token):
    """The next pair; the access token in it is good."""
    pair = visitor.post("/sessions/refresh", {"refresh_token": token}, 200)
    with Api(visitor.base_url, pair["access_token"]) as api:
        assert api.get("/me")["status"] == "active"
    return pair["refresh_token"]


def refused(visitor, token):
    answer = visitor.http.post("/v1/identity/sessions/refresh", json={"refresh_token": token})
    assert (answer.status_code, answer.json()["code"]) == (401, "session_ended"), answer.text
    assert answer.headers["www-authenticate"] == "Bearer"


def session_of(token):
    tenant_id, _, session_id, _ = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode().split("|")
    return keys.session(tenant_id, session_id)


def test_each_is_good_for_one_use_and_the_late_use_of_an_old_one_ends_the_session(visitor, first, backstage):
    second = refreshed(visitor, first)
    third = refreshed(visitor, second)
    assert len({first, second, third}) == 3
    backstage.change(session_of(third), recent=[])
    refused(visitor, first)
    refused(visitor, third)


def test_a_lost_answer_is_given_again_for_half_a_minute(visitor, first, backstage):
    lost = refreshed(visitor, first)
    assert refreshed(visitor, first) == lost
    third = refreshed(visitor, lost)
    assert refreshed(visitor, lost) == third
    backstage.change(session_of(third), recent=[])
    refused(visitor, lost)
    refused(visitor, third)


def test_to_leave_ends_the_session_and_says_nothing_of_what_it_was(visitor, first):
    assert visitor.post("/sessions/log-out", {"refresh_token": first}, 200) == {"status": "signed_out"}
    assert visitor.post("/sessions/log-out", {"refresh_token": "x" * 40}, 200) == {"status": "signed_out"}
    refused(visitor, first)


def test_one_that_expired_is_good_for_nothing(visitor, first, backstage):
    backstage.change(session_of(first), expires_at=int(time.time()) - 1)
    refused(visitor, first)


@pytest.mark.parametrize("token", ["", "x", "ey.no.jwt", "é" * 20, "A" * 1024])
def test_what_never_was_one_is_no_surprise(visitor, token):
    refused(visitor, token)


def test_a_changed_password_ends_every_session(visitor, first, town):
    other = refreshed(visitor, first)
    changed = {"current_password": OWNER_PASSWORD, "new_password": "another long password"}
    answer = town.owner.http.post("/v1/identity/me/password", json=changed)
    assert answer.status_code == 200, answer.text
    refused(visitor, other)
