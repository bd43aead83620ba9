"""Troupe's API and its mailbox, as a visitor uses them: over HTTP, with nothing but what the API gave."""

import re
import time
from collections.abc import Callable, Generator, Mapping
from copy import copy
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Self

import httpx

from local.stack.http_client import certificates, client
from local.stack.stack import Stack

TOKEN = re.compile(r"token=([A-Za-z0-9_.~-]+)")
PATIENCE = 300.0  # seconds until something counts as lost; on a slow machine much of it is needed


class StoryError(Exception):
    """The API answered other than the demo's story goes."""


@dataclass(slots=True)
class Account(httpx.Auth):
    """Whom a password signs in, once more whenever the token has expired."""

    address: str
    """Of the command that signs in."""
    body: Mapping[str, str]
    token: str

    requires_response_body = True

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response]:
        request.headers["authorization"] = f"Bearer {self.token}"
        answer = yield request
        if answer.status_code == HTTPStatus.UNAUTHORIZED and answer.json()["code"] == "token_expired":
            tokens = yield httpx.Request("POST", self.address, json=self.body)
            self.token = tokens.raise_for_status().json()["access_token"]
            request.headers["authorization"] = f"Bearer {self.token}"
            yield request


class Api:
    """One visitor of one context: the base address, and the token once there is one."""

    def __init__(self, base_url: str, token: str | None = None, context: str = "identity") -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        self.base_url, self.context = base_url, context
        self.account: Account | None = None
        self.http = client(base_url, headers=headers)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def call(self, method: str, path: str, body: Any = None, expect: int | None = None, **more: Any) -> Any:
        """The decoded answer; any status but the expected one (or any 2xx) ends the story."""
        answer = self.answer(method, path, body, **more)
        wanted = answer.is_success if expect is None else answer.status_code == expect
        if not wanted:
            raise StoryError(f"{method} {path}: {answer.status_code} {answer.text[:500]}")
        return answer.json()

    def answer(self, method: str, path: str, body: Any = None, **more: Any) -> httpx.Response:
        """The answer, with any status."""
        return self.http.request(method, f"/v1/{self.context}{path}", json=body, **more)

    def refused(self, path: str, body: Any) -> tuple[int, str]:
        """The status and the code with which a command is refused; one that is taken ends the story."""
        answer = self.answer("POST", path, body)
        if answer.is_success:
            raise StoryError(f"POST {path}: {answer.status_code}, and it should have been refused")
        return answer.status_code, str(answer.json()["code"])

    @property
    def token(self) -> str:
        """What the account is signed in with now."""
        assert self.account
        return self.account.token

    def fresh_token(self) -> str:
        """One to hand on: a whole quarter of an hour of it is left."""
        assert self.account
        self.account.token = self.post("/sessions", dict(self.account.body))["access_token"]
        return self.token

    def get(self, path: str, **parameters: Any) -> Any:
        return self.call("GET", path, params=parameters)

    def post(self, path: str, body: Any = None, expect: int | None = None) -> Any:
        return self.call("POST", path, {} if body is None else body, expect)

    def all(self, path: str, **parameters: Any) -> list[Mapping[str, Any]]:
        """Every item of a list, page by page."""
        items, cursor = [], None
        while True:
            page = self.get(path, limit=100, **parameters, **({"cursor": cursor} if cursor else {}))
            items += page["items"]
            cursor = page["cursor"]
            if cursor is None:
                return items

    def of(self, context: str) -> "Api":
        """The same visitor in another context."""
        other = copy(self)
        other.context = context
        return other

    def signed_in(self, email: str, password: str) -> "Api":
        body = {"email": email, "password": password}
        tokens = self.post("/sessions", body)
        api = Api(self.base_url)
        address = f"{self.base_url}/v1/{self.context}/sessions"
        api.account = api.http.auth = Account(address, body, tokens["access_token"])
        return api


def expect(what: str, found: object, wanted: object) -> None:
    if found != wanted:
        raise StoryError(f"{what}: {found}, not {wanted}")


def mails(stack: Stack) -> list[dict[str, Any]]:
    """Everything that was sent so far, oldest first."""
    accounts = httpx.get(stack.mailbox_url, timeout=30, verify=certificates()).json()["messages"]
    return [mail for account in accounts.values() for mail in account]


def tokens_by_address(stack: Stack, subject: str = "") -> dict[str, str]:
    """The newest token that each address got by mail."""
    found: dict[str, str] = {}
    for mail in mails(stack):
        link = TOKEN.search(mail["BodyText"])
        if link and subject.lower() in mail["Subject"].lower():
            found |= dict.fromkeys(map(str.lower, mail["To"]), link.group(1))
    return found


def wait_for[T](what: str, look: Callable[[], T | None], patience: float = PATIENCE) -> T:
    """Look until there is something; what comes out of the stream comes a little later."""
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.2)
    raise StoryError(f"{what} did not come within {patience:.0f} s")
