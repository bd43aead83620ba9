"""Servers are reused and ended only while they are our own."""

import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.ports import LOOPBACK, emulator_port, free_port
from local.stack.processes import Server, ServerError, started_at

ANSWERS = """
import http.server, sys
http.server.test(http.server.SimpleHTTPRequestHandler, bind="127.0.0.1", port=int(sys.argv[1]))
"""
WITH_A_CHILD = (
    "import subprocess, sys\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
    "open('child', 'w').write(str(child.pid))\n"
) + ANSWERS
FAILS = "raise SystemExit('no such luck')"


def started(folder: Path, program: str = ANSWERS) -> Server:
    server, port = Server("example", folder, "/", 10), free_port()
    command = [sys.executable, "-c", program, str(port)]
    server.start(command, os.environ, f"http://{LOOPBACK}:{port}", folder)
    return server


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = started(tmp_path)
    yield running
    running.stop()


def test_a_server_is_found_again_by_its_record(server: Server, tmp_path: Path) -> None:
    url = server.wait_until_ready()
    assert Server("example", tmp_path, "/", 10).running_url() == url


def test_a_server_is_ended_once(server: Server) -> None:
    server.wait_until_ready()
    pid = json.loads(server.record.read_text())["pid"]
    assert server.stop()
    assert started_at(pid) is None
    assert not server.record.exists()
    assert not server.stop()


def test_what_a_server_started_ends_with_it(tmp_path: Path) -> None:
    server = started(tmp_path, WITH_A_CHILD)
    server.wait_until_ready()
    child = int((tmp_path / "child").read_text())
    assert started_at(child)
    assert server.stop()
    deadline = time.monotonic() + 10
    while started_at(child) and time.monotonic() < deadline:  # until init has taken note of its end
        time.sleep(0.01)
    assert started_at(child) is None


def test_a_server_of_other_code_is_ended(tmp_path: Path) -> None:
    source = tmp_path / "code.py"
    source.write_text("1")
    server, port = Server("example", tmp_path, "/", 10, (tmp_path,)), free_port()
    server.start(
        [sys.executable, "-c", ANSWERS, str(port)], os.environ, f"http://{LOOPBACK}:{port}", tmp_path
    )
    assert not server.stop_if_outdated()
    source.write_text("2")
    assert server.stop_if_outdated()
    assert server.running_url() is None
    assert not server.stop_if_outdated()


def test_another_process_of_the_same_number_is_left_alone(tmp_path: Path) -> None:
    server = Server("example", tmp_path, "/", 1)
    known = {"pid": os.getpid(), "started_at": "long ago", "url": "http://127.0.0.1:1"}
    server.record.write_text(json.dumps(known))
    assert server.running_url() is None
    assert not server.stop()
    assert not server.record.exists()


def test_a_server_that_ends_at_once_says_why(tmp_path: Path) -> None:
    with pytest.raises(ServerError, match="no such luck"):
        started(tmp_path, FAILS).wait_until_ready()


def test_there_is_no_process_of_a_number_that_is_not_in_use() -> None:
    assert started_at(2**22 + 1) is None
    assert started_at(os.getpid()) is not None


def test_the_emulators_port_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TROUPE_PORT", "4321")
    assert emulator_port() == 4321
    monkeypatch.delenv("TROUPE_PORT")
    assert emulator_port() > 1023
