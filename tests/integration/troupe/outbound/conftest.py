"""Servers that may be called, and no long waits between attempts."""

import pytest

from support.faulty_servers import allow, serving
from troupe.http_client import client


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(client, "BASE_SECONDS", 0.001)


@pytest.fixture
def serve(monkeypatch):
    """Starts a server that may be called, and gives its address and what it sees."""
    opened = []

    def start(*script):
        context = serving(*script)
        server = context.__enter__()
        opened.append(context)
        allow(monkeypatch, f"127.0.0.1:{server.server_port}")
        return f"http://127.0.0.1:{server.server_port}", server.seen

    yield start
    for context in opened:
        context.__exit__(None, None, None)
