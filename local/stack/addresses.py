"""What a running stack tells of itself: its addresses, how to sign in, and requests to try."""

import json
import shlex
from collections.abc import Iterable

from local.places import state_folder
from local.stack.http_client import client
from local.stack.stack import Stack

TOKEN_MINUTES = 15
OPERATORS_REQUESTS = ("/v1/identity/me", "/v1/identity/feature-flags")
OWNERS_REQUESTS = ("/v1/commerce/products", "/v1/community/feed", "/v1/recovery/workspaces")


def addresses(stack: Stack) -> list[str]:
    found = [
        f"API       {stack.api_url}",
        f"API page  {stack.docs_url}",
        f"Mailbox   {stack.mailbox_page_url} (as JSON: {stack.mailbox_url})",
        f"Details   {state_folder() / 'stack.json'}",
    ]
    if stack.operator:
        found.append(f"Operator  {stack.operator.email}, password {stack.operator.password}")
    return found


def sign_in(stack: Stack, token: str, email: str, password: str) -> list[str]:
    """A token in the shell, and the line that puts the next one there."""
    body = shlex.quote(json.dumps({"email": email, "password": password}))
    call = f"curl -s -H 'Content-Type: application/json' -d {body} {stack.api_url}/v1/identity/sessions"
    taken = """sed -E 's/.*"access_token": *"([^"]+)".*/\\1/'"""
    return [
        f"A token of {email}, valid for {TOKEN_MINUTES} minutes:",
        f"export TOKEN={token}",
        "The next one:",
        f"export TOKEN=$({call} | {taken})",
    ]


def tries(stack: Stack, whose: str, requests: Iterable[str]) -> list[str]:
    lines = [f'curl -H "Authorization: Bearer $TOKEN" "{stack.api_url}{each}"' for each in requests]
    return [f"Try with the token of {whose}:", *lines]


def token_of(stack: Stack, email: str, password: str) -> str:
    with client(stack.api_url) as http:
        answer = http.post("/v1/identity/sessions", json={"email": email, "password": password})
        return str(answer.raise_for_status().json()["access_token"])
