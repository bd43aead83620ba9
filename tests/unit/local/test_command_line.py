"""What up and status print: the addresses, how to sign in, and that nothing runs where nothing runs."""

import argparse
import ast
import os
import subprocess
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest

from local import command_line
from local.command_line import run_status
from local.stack.addresses import TOKEN_MINUTES, addresses, sign_in, tries
from local.stack.seeding import Operator
from local.stack.stack import Stack
from troupe.security.tokens import ACCESS_LASTS

STACK = Stack(
    api_url="http://127.0.0.1:4566",
    docs_url="http://127.0.0.1:4566/docs",
    mailbox_page_url="http://127.0.0.1:1",
    mailbox_url="http://localhost:4566/mails",
    operator=Operator("op@example.com", "it's secret"),
    aws_endpoint_url="http://localhost:4566",
    region="us-east-1",
    stripe_url="",
    stack_name="troupe",
    table_name=None,
    event_bus_name=None,
    state_machines={},
    functions={"Identity/LogIn": "log-in"},
)
ANSWER = '{"access_token": "a.b-c_d", "token_type": "Bearer", "expires_in": 900}'


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("TROUPE_LOCAL_DIR", str(tmp_path))
    return tmp_path


def test_that_nothing_runs_is_an_answer(capsys: pytest.CaptureFixture[str]) -> None:
    assert run_status(argparse.Namespace()) == 0
    assert capsys.readouterr().out.startswith("not running: make up starts")


def test_what_runs_is_named_with_its_addresses(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], folder: Path
) -> None:
    STACK.write(folder)
    monkeypatch.setattr(
        command_line, "status", lambda: {"ministack": "http://localhost:4566", "mailbox": None}
    )
    assert run_status(argparse.Namespace()) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["ministack: http://localhost:4566", "mailbox: not running: make up starts it"]
    assert shown[2:] == addresses(STACK)


def test_all_addresses_that_one_wants_are_there() -> None:
    said = "\n".join(addresses(STACK))
    wanted = (
        STACK.api_url,
        STACK.docs_url,
        STACK.mailbox_page_url,
        STACK.mailbox_url,
        "op@example.com, password it's secret",
    )
    assert [each for each in wanted if each not in said] == []


def test_the_line_for_the_next_token_works_in_a_shell(tmp_path: Path) -> None:
    """With any password; curl is one here that answers as POST /sessions does, and notes what it was asked."""
    curl = tmp_path / "curl"
    curl.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$@\" > {tmp_path}/asked\nprintf '%s' '{ANSWER}'\n")
    curl.chmod(0o755)
    *_, line = sign_in(STACK, "token", "op@example.com", "it's secret")
    done = subprocess.run(
        ["sh", "-c", f'{line}; printf "%s" "$TOKEN"'],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "a.b-c_d"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert '{"email": "op@example.com", "password": "it\'s secret"}' in asked
    assert asked[-1] == f"{STACK.api_url}/v1/identity/sessions"


def test_how_long_a_token_lasts_is_said() -> None:
    assert timedelta(minutes=TOKEN_MINUTES) == ACCESS_LASTS
    assert sign_in(STACK, "t", "op@example.com", "p")[:2] == [
        "A token of op@example.com, valid for 15 minutes:",
        "export TOKEN=t",
    ]


def test_requests_to_try_are_whole_lines() -> None:
    assert tries(STACK, "the owner", ["/v1/identity/me"]) == [
        "Try with the token of the owner:",
        'curl -H "Authorization: Bearer $TOKEN" "http://127.0.0.1:4566/v1/identity/me"',
    ]


@pytest.mark.parametrize("name", command_line.MODULES)
def test_every_command_of_a_module_of_its_own_has_that_module(name: str) -> None:
    found = find_spec(command_line.MODULES[name][1])
    assert found
    assert found.origin
    tree = ast.parse(Path(found.origin).read_text(encoding="utf-8"))
    assert "main" in {each.name for each in tree.body if isinstance(each, ast.FunctionDef)}
