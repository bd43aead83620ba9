"""The shop's Stripe: localstripe, GPL-3, in a process and an environment of its own, on loopback."""

import json
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.places import REPOSITORY, interpreter
from local.stack import travel
from local.stack.processes import Server

SECONDS_TO_START = 300.0  # of a process that lives and does not answer yet, on a busy machine
SECONDS_TO_ANSWER = 300.0
WEBHOOK_SECRET = "whsec_shop"
SECRET: Mapping[str, Any] = {"platform_webhook_secrets": [WEBHOOK_SECRET]}
"""What the stack knows of it; it takes any API key, so also that of recovery's Stripe."""
SOURCES = (REPOSITORY / "local" / "localstripe", REPOSITORY / "requirements" / "localstripe.txt")
MENDED = ("-m", "local.localstripe")
STOCK_PROGRAM = """
import sys
from aiohttp import web
from localstripe.server import app
web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None)
"""
STOCK = ("-c", STOCK_PROGRAM)


def url_of(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def server(folder: Path) -> Server:
    return Server("localstripe", folder, "/", SECONDS_TO_START, SOURCES)


def start(outside: Mapping[str, str], folder: Path, port: int, program: tuple[str, ...] = MENDED) -> Server:
    """Starts it without waiting; its time is the stack's."""
    started = server(folder)
    command: list[str | Path] = [interpreter("localstripe"), *program, str(port)]
    environment = {**outside, "CLOCK_FILE": str(travel.clock_file(folder).absolute())}
    started.start(command, environment, url_of(port), REPOSITORY)
    return started


def introduce(url: str, api_url: str) -> None:
    """Tell it where to send its events, and how to sign them."""
    webhook = {"url": f"{api_url}/v1/commerce/webhooks/stripe", "secret": WEBHOOK_SECRET}
    request = urllib.request.Request(
        f"{url}/_config/webhooks/troupe",
        data=json.dumps(webhook).encode(),
        headers={"content-type": "application/json"},
        method="POST",
    )
    with urllib.request.urlopen(request, timeout=SECONDS_TO_ANSWER):
        return
