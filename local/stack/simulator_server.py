"""Stripe: stripe_simulator as a server on loopback, and how it and the stack come to meet."""

import json
import sys
import urllib.request
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from local.places import REPOSITORY
from local.stack import travel
from local.stack.processes import Server

SECONDS_TO_START = 300.0  # of a process that lives and does not answer yet, on a busy machine
SECONDS_TO_ANSWER = 300.0
SOURCES = (REPOSITORY / "stripe_simulator",)
WEBHOOK_SECRET = "whsec_world"
PLATFORM_SECRET, ACCOUNTS_SECRET = "whsec_platform", "whsec_accounts"
SECRET = {
    "api_key": "sk_test_world",
    "client_id": "ca_world",
    "connect_webhook_secrets": [WEBHOOK_SECRET],
    "platform_webhook_secrets": [PLATFORM_SECRET, ACCOUNTS_SECRET],
}
"""What the stack knows of this Stripe, as the secret StripeSecret has it."""


def url_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def server(folder: Path) -> Server:
    return Server("stripe_world", folder, "/_world/health", SECONDS_TO_START, SOURCES)


def start(outside: Mapping[str, str], folder: Path, port: int) -> Server:
    """Starts it without waiting, at the stack's own time, which runs."""
    started = server(folder)
    program: list[str | Path] = [sys.executable, "-m", "stripe_simulator"]
    clock = travel.clock_file(folder).absolute()
    options: list[str | Path] = ["--port", str(port), "--now", travel.now(folder).isoformat(), "--runs"]
    options += ["--clock-file", clock]
    started.start([*program, *options], outside, url_of(port), REPOSITORY)
    return started


def introduce(url: str, api_url: str) -> None:
    """Tell it where to send its events: the endpoints of docs/deployment.md."""
    webhook, shop = (f"{api_url}/v1/{context}/webhooks/stripe" for context in ("recovery", "commerce"))
    platform = {"url": shop, "secrets": [PLATFORM_SECRET]}
    accounts = {"url": shop, "secrets": [ACCOUNTS_SECRET], "connect": True, "types": ["account.updated"]}
    settings = {"url": webhook, "secrets": [WEBHOOK_SECRET], "mode": "automatic"}
    tell(url, "webhooks", {**settings, "endpoints": [platform, accounts]})


def set_clock(url: str, now: datetime) -> None:
    """After the stack's clock has travelled; what falls due on the way happens."""
    tell(url, "clock", {"to": now.isoformat()})


def tell(url: str, control: str, asked: Mapping[str, Any]) -> Any:
    """One of the world's controls (stripe_simulator/README.md); what it answers."""
    request = urllib.request.Request(
        f"{url}/_world/{control}",
        data=json.dumps(asked).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER) as answer:
        return json.load(answer)
