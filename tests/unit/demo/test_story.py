"""The outcomes that identity's story prints, on an API that answers from memory."""

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import httpx
import pytest

from demo.people import newcomers
from demo.steps import StepError, play
from demo.story import GUESSES, Story
from local.stack.http_client import client
from local.stack.seeding import Operator
from local.stack.stack import Stack

OPERATOR = Operator("op@example.com", "secret")
STACK = Stack(
    api_url="http://127.0.0.1:1",
    mailbox_url="http://127.0.0.1:1/mails",
    operator=OPERATOR,
    aws_endpoint_url="",
    region="",
    stripe_url="",
    stack_name="troupe",
    table_name=None,
    event_bus_name=None,
    state_machines={},
    functions={},
)


@dataclass
class Identity:
    """Accounts and what became of them; `limit` is the most that may sign up."""

    passwords: dict[str, str] = field(default_factory=lambda: {OPERATOR.email: OPERATOR.password})
    pending: set[str] = field(default_factory=set)
    guesses: Counter[str] = field(default_factory=Counter)
    suspended: set[str] = field(default_factory=set)
    limit: int = 100
    guesses_allowed: int = GUESSES

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/v1/identity")
        body: dict[str, Any] = json.loads(request.content or b"{}")
        answer: dict[str, Any] = {}
        match request.method, path.split("/")[1:]:
            case "POST", ["tenants"]:
                return self.sign_up(body["owner"])
            case "POST", ["tenants", _, "users"]:
                return self.sign_up(body)
            case "POST", ["users", "verify"]:
                return self.verify(body["token"].removeprefix("token of "), body["password"])
            case "POST", ["sessions"]:
                return self.sign_in(body["email"], body["password"])
            case "POST", ["users", user, "suspend"]:
                self.suspended.add(user)
            case "PUT", ["tenants", _, "quotas"]:
                self.limit = body["max_users"]
            case "GET", ["users", _, "card"]:
                answer = {"display_name": "Ada", "stats": {"followers": 1, "following": 2}}
            case "GET", ["tenants", _, "usage"]:
                quota = {"quota": "users", "used": 9, "limit": 9, "available": 0}
                answer = {"quotas": [quota]}
            case "GET", ["analytics", "user-lifecycle"]:
                people = len(self.passwords) - 1
                totals = {"registrations": people, "verifications": people, "suspensions": 1}
                answer = {"totals": totals}
            case _:
                assert path.endswith(("/plan", "/settings", "/follow"))
        return httpx.Response(200, json=answer)

    def sign_up(self, body: dict[str, str]) -> httpx.Response:
        self.pending.add(body["email"])
        return httpx.Response(201, json={"id": body["email"]})

    def verify(self, email: str, password: str) -> httpx.Response:
        if len(self.passwords) > self.limit:
            return httpx.Response(409, json={"code": "quota_exceeded"})
        self.passwords[email] = password
        return httpx.Response(200, json={"id": email})

    def sign_in(self, email: str, password: str) -> httpx.Response:
        if self.guesses[email] >= self.guesses_allowed:
            return httpx.Response(403, json={"code": "account_locked"})
        if self.passwords[email] != password:
            self.guesses[email] += 1
            return httpx.Response(401, json={"code": "sign_in_failed"})
        if email in self.suspended:
            return httpx.Response(403, json={"code": "account_suspended"})
        return httpx.Response(201, json={"access_token": "token"})

    def tokens(self, *_: object) -> dict[str, str]:
        """That everyone who signed up has got by mail."""
        return {email: f"token of {email}" for email in self.pending}


@pytest.fixture
def identity(monkeypatch: pytest.MonkeyPatch) -> Identity:
    identity = Identity()
    monkeypatch.setattr("demo.api.client", partial(client, transport=httpx.MockTransport(identity)))
    monkeypatch.setattr("demo.story.tokens_by_address", identity.tokens)
    return identity


@pytest.fixture
def played(identity: Identity) -> Callable[[], tuple[Story, str]]:
    """Plays the story with eight people; the story, and what it printed."""

    def played() -> tuple[Story, str]:
        texts: list[str] = []
        story = Story(STACK, newcomers(8))
        play(story.steps(), texts.append)
        return story, "".join(texts)

    return played


def test_each_step_says_what_came_of_it(played: Callable[[], tuple[Story, str]]) -> None:
    story, printed = played()
    lines = [line.rpartition(" (")[0] for line in printed.splitlines()]
    assert lines[0].startswith(f"[1/8] open a tenant: {story.played.slug}, plan pro; owner@")
    assert lines[1:3] == [
        "[2/8] sign up 8 people: 8 accounts, not verified yet",
        "[3/8] verify their addresses from the mailbox: 8 mails, all links are good",
    ]
    name = story.people[-2].display_name
    assert lines[4:] == [
        "[5/8] guess a password: locked after five wrong passwords: 403 account_locked",
        f"[6/8] suspend a user: {name} cannot sign in: 403 account_suspended",
        "[7/8] exceed a quota: 9 users are the most, one more is refused: 409 quota_exceeded",
        "[8/8] read what the events were projected to: 9 registrations, 9 verifications, 1 suspensions",
    ]


def test_what_was_refused_is_kept_and_shown(played: Callable[[], tuple[Story, str]]) -> None:
    story, _ = played()
    assert story.played.refusals == {
        "locked": (403, "account_locked"),
        "suspended": (403, "account_suspended"),
        "quota": (409, "quota_exceeded"),
    }
    assert [(each.title, each.row_count) for each in story.tables()] == [
        ("User cards", 8),
        ("User lifecycle of the day", 3),
        ("Quotas", 1),
    ]


def test_an_account_that_is_not_locked_ends_the_story(
    identity: Identity, played: Callable[[], tuple[Story, str]]
) -> None:
    identity.guesses_allowed = GUESSES + 1
    with pytest.raises(
        StepError, match=r"step 5 of 8 failed \(guess a password\): .* should have been refused"
    ):
        played()


def test_an_account_that_is_locked_too_soon_ends_the_story(
    identity: Identity, played: Callable[[], tuple[Story, str]]
) -> None:
    identity.guesses_allowed = GUESSES - 1
    with pytest.raises(StepError, match=r"step 5 of 8 failed \(guess a password\): wrong passwords: "):
        played()
