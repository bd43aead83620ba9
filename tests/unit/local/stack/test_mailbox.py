"""The mailbox as a page: the newest mail first, what came from outside escaped, and links that can be followed."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest

from local.stack.mailbox import Mailbox, linked, newest_first, page
from local.stack.ports import LOOPBACK

OLD = {
    "To": ["ann@example.com"],
    "Subject": "Confirm",
    "BodyText": "Open http://127.0.0.1:1/verify#token=a.b-c.",
    "Timestamp": 1_700_000_000.0,
}
NEW = {
    "To": ["<i>bob</i>@example.com"],
    "Subject": "<script>alert(1)</script>",
    "BodyText": '<img src=x onerror="alert(1)"> javascript:alert(1)',
    "Timestamp": 1_700_000_060.0,
}
MESSAGES = {"000000000000": [OLD], "111111111111": [NEW]}


class Emulator(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"messages": MESSAGES}).encode())

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the name in http.server
        """Nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    emulator = ThreadingHTTPServer((LOOPBACK, 0), Emulator)
    mailbox = Mailbox(0, f"http://{LOOPBACK}:{emulator.server_address[1]}")
    running = (emulator, mailbox)
    threads = [threading.Thread(target=one.serve_forever) for one in running]
    for thread in threads:
        thread.start()
    yield f"http://{LOOPBACK}:{mailbox.server_address[1]}"
    for one, thread in zip(running, threads, strict=True):
        one.shutdown()
        thread.join()
        one.server_close()


def test_the_newest_mail_comes_first() -> None:
    assert newest_first(MESSAGES) == [NEW, OLD]


def test_who_got_what_and_when_can_be_read() -> None:
    shown = page([OLD], "http://localhost:1/messages?a=1&b=2")
    assert "<h2>Confirm</h2>" in shown
    assert "to ann@example.com, 2023-11-14 22:13:20 UTC" in shown
    assert 'href="http://localhost:1/messages?a=1&amp;b=2"' in shown


def test_what_came_from_outside_is_text() -> None:
    shown = page([NEW], "http://localhost:1")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in shown
    assert "&lt;i&gt;bob&lt;/i&gt;@example.com" in shown
    assert not any(tag in shown for tag in ("<script", "<img", "<i>"))
    assert 'href="javascript' not in shown


def test_a_link_ends_before_the_sentences_full_stop() -> None:
    assert linked("See http://127.0.0.1:1/verify#token=a.b-c. <b>") == (
        'See <a href="http://127.0.0.1:1/verify#token=a.b-c">http://127.0.0.1:1/verify#token=a.b-c</a>. &lt;b&gt;'
    )
    assert linked('http://a.example/?x=1&y="') == (
        '<a href="http://a.example/?x=1&amp;y=">http://a.example/?x=1&amp;y=</a>&quot;'
    )


def test_the_page_is_served_with_a_policy_that_runs_nothing(url: str) -> None:
    answer = httpx.get(url)
    assert answer.status_code == 200
    assert answer.text.index("&lt;script&gt;") < answer.text.index("<h2>Confirm</h2>")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert httpx.get(f"{url}/health").text == "ok"
    assert httpx.get(f"{url}/anything").status_code == 404
