"""The mailbox of the local stack as a page: what was sent, the newest first, on loopback."""

import argparse
import html
import json
import os
import re
import sys
import urllib.request
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from local.places import REPOSITORY
from local.stack.ports import LOOPBACK
from local.stack.processes import Server

SECONDS_TO_START = 20.0
SOURCES = (REPOSITORY / "local" / "mailbox.py",)
LINK = re.compile(r"https?://[^\s\"'<>]+")
TRAILING = ".,;:!?)"  # of the sentence around a link, not of the link
POLICY = "default-src 'none'; style-src 'unsafe-inline'"
STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; color: #222 }
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem }
article { border: 1px solid #ccc; border-radius: 6px; padding: 0.75rem 1rem; margin: 1rem 0 }
h2 { font-size: 1.1rem; margin: 0 } .about { color: #666; font-size: 0.9rem }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.5rem 0 0 }
"""

type Mail = Mapping[str, Any]


def url_of(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"


def server(folder: Path) -> Server:
    return Server("mailbox", folder, "/health", SECONDS_TO_START, SOURCES)


def start(folder: Path, port: int, messages_url: str) -> Server:
    """Starts it without waiting; `messages_url` is the emulator's, which has the mails as JSON."""
    started = server(folder)
    program: list[str | Path] = [sys.executable, "-m", "local.stack.mailbox", "--port", str(port)]
    started.start([*program, "--messages", messages_url], os.environ, url_of(port), REPOSITORY)
    return started


def newest_first(messages: Mapping[str, Iterable[Mail]]) -> list[Mail]:
    """The emulator's mails, of all its accounts."""
    found = [mail for account in messages.values() for mail in account]
    return sorted(found, key=lambda mail: float(mail.get("Timestamp", 0)), reverse=True)


def page(mails: Iterable[Mail], raw_url: str) -> str:
    """HTML in which all that came from outside is escaped."""
    shown = [_article(mail) for mail in mails]
    raw = html.escape(raw_url)
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Mailbox</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style><h1>Mailbox</h1>"
        f'<p class="about">{len(shown)} mails that the local stack sent, the newest first. '
        f'Nothing leaves this machine. <a href="{raw}">As JSON</a>. Reload to see new ones.</p>'
        '<p class="about">Links with #token= lead to the pages that the stack serves.</p>'
        f"{''.join(shown)}</html>"
    )


def _article(mail: Mail) -> str:
    sent = datetime.fromtimestamp(float(mail.get("Timestamp", 0)), UTC)
    to = html.escape(", ".join(mail.get("To", [])))
    return (
        f"<article><h2>{html.escape(mail.get('Subject', ''))}</h2>"
        f'<div class="about">to {to}, {sent:%Y-%m-%d %H:%M:%S} UTC</div>'
        f"<pre>{linked(mail.get('BodyText', ''))}</pre></article>"
    )


def linked(text: str) -> str:
    """Escaped, with links that can be followed."""
    parts: list[str] = []
    end = 0
    for found in LINK.finditer(text):
        address = found[0].rstrip(TRAILING)
        shown = html.escape(address)
        parts += [html.escape(text[end : found.start()]), f'<a href="{shown}">{shown}</a>']
        end = found.start() + len(address)
    return "".join([*parts, html.escape(text[end:])])


class Mailbox(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, port: int, messages_url: str) -> None:
        super().__init__((LOOPBACK, port), Reader)
        self.messages_url = messages_url

    def page(self) -> str:
        with urllib.request.urlopen(self.messages_url, timeout=30) as answer:
            messages: Mapping[str, Any] = json.load(answer)["messages"]
        return page(newest_first(messages), self.messages_url)


class Reader(BaseHTTPRequestHandler):
    """GET / is the page."""

    server: Mailbox

    def do_GET(self) -> None:
        match self.path:
            case "/":
                self._answer(HTTPStatus.OK, self.server.page())
            case "/health":
                self._answer(HTTPStatus.OK, "ok")
            case _:
                self._answer(HTTPStatus.NOT_FOUND, "not found")

    def _answer(self, status: HTTPStatus, text: str) -> None:
        body = text.encode()
        self.send_response(status)
        headers = {
            "content-type": "text/html; charset=utf-8",
            "content-length": str(len(body)),
            "content-security-policy": POLICY,
            "cache-control": "no-store",
            "referrer-policy": "no-referrer",
        }
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 -- http.server's name
        """Nothing: tokens are in what is read here."""


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m local.stack.mailbox", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--messages", required=True, help="where the mails are, as JSON")
    given = parser.parse_args()
    Mailbox(given.port, given.messages).serve_forever()


if __name__ == "__main__":
    main()
