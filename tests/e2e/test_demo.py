"""The demo as a script runs it: each step says its outcome, and the stack stays up when it ends."""

import os
import re
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from demo.api import mails
from e2e.patience import STORY
from local.places import REPOSITORY
from local.stack.http_client import client
from local.stack.stack import Stack, status

OUTCOMES = (
    "locked after five wrong passwords: 403 account_locked",
    "9 users are the most, one more is refused: 409 quota_exceeded",
)
TITLES = ("User cards", "User lifecycle of the day", "Quotas")


def test_the_demo_ends_and_its_token_still_works(stack: Stack, folder: Path) -> None:
    """The shortest story; those of the shop and of recovery are played by their own tests."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo", "--story", "identity", "--people", "8"],
        cwd=REPOSITORY,
        env={**os.environ, "TROUPE_LOCAL_DIR": str(folder), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=STORY,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "nothing to build or deploy: no input has changed\n" in done.stdout
    steps = re.findall(r"^\[(\d+)/(\d+)\] .+?: (.+) \(\d+\.\d s\)$", done.stdout, re.MULTILINE)
    assert [(int(number), int(total)) for number, total, _ in steps] == [(n, 8) for n in range(1, 9)]
    assert set(OUTCOMES) <= {outcome for _, _, outcome in steps}
    assert set(TITLES) <= {line.strip() for line in done.stdout.splitlines()}
    assert all(status(folder).values())
    token = re.search(r"^export TOKEN=([^$]\S+)$", done.stdout, re.MULTILINE)
    assert token
    with client(stack.api_url, headers={"authorization": f"Bearer {token[1]}"}) as http:
        answer = http.get("/v1/identity/me")
    assert answer.status_code == 200
    assert answer.json()["profile"]["display_name"] == "Olive Owner"


@pytest.mark.usefixtures("played")
def test_the_link_of_a_mail_leads_to_a_page(stack: Stack) -> None:
    """It stands on the origin of the API that it calls."""
    for name in ("verify", "verify-supplier", "invitation", "reset-password", "confirm-email"):
        page = httpx.get(f"{stack.api_url}/{name}", timeout=60)
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert 'src="docs/link.js"' in page.text
    assert httpx.get(f"{stack.api_url}/docs/link.js", timeout=60).status_code == 200


@pytest.mark.usefixtures("played")
def test_the_mailbox_is_a_page(stack: Stack) -> None:
    page = httpx.get(stack.mailbox_page_url, timeout=60)
    assert page.status_code == 200
    link = f'<a href="{stack.api_url}/verify#token='
    assert page.text.count("<article>") == len(mails(stack)) > 0
    assert link in page.text
