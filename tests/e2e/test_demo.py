"""The demo as a script runs it: without a terminal it ends by itself, and leaves a stack that ran before."""

import os
import re
import subprocess
import sys
from pathlib import Path

from e2e.patience import STORY
from local.demo.purchases import PURCHASES
from local.http_client import client
from local.places import REPOSITORY
from local.stack import Stack, status

TABLES = (  # of what was held against the book, so that they are shown when it agrees
    "What they ordered",
    "The communities' feeds",
    "The day's revenue by community",
    "The day's revenue by promotion",
)


def test_the_demo_ends_and_its_token_still_works(stack: Stack, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo", "--people", "8"],
        cwd=REPOSITORY,
        env={**os.environ, "TROUPE_LOCAL_DIR": str(folder), "COLUMNS": "200"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=STORY,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "quota_exceeded" in done.stdout
    assert set(TABLES) <= {line.strip() for line in done.stdout.splitlines()}
    assert all(of.told in " ".join(done.stdout.replace("│", " ").split()) for of in PURCHASES)
    assert all(status(folder).values())
    token = re.search(r"^export TOKEN=(\S+)$", done.stdout, re.MULTILINE)
    assert token
    with client(stack.api_url, headers={"authorization": f"Bearer {token[1]}"}) as http:
        answer = http.get("/v1/identity/me")
    assert answer.status_code == 200
    assert answer.json()["profile"]["display_name"] == "Olive Owner"
