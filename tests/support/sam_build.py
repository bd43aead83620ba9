"""The stacks as sam builds them for an architecture: once a run, however many tests and workers ask."""

import atexit
import fcntl
import os
import platform
import subprocess
import sys
import time
from contextlib import ExitStack
from functools import cache
from pathlib import Path

from support.templates import ROOT

BUILDS = ROOT / ".local/builds"
ARCHITECTURES = {"arm64": 0xB7, "x86_64": 0x3E}  # and the machine in the header of an ELF file
HERE = {"aarch64": "arm64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
_LOCKS = ExitStack()
atexit.register(_LOCKS.close)
RUN = os.environ.get("TROUPE_TEST_RUN") or os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))


def _sam(folder: Path, architecture: str, resource: str | None) -> None:
    command = [Path(sys.executable).with_name("sam"), "build", *([resource] if resource else [])]
    options = ["--cached", "--parallel", "--build-dir", folder / "build", "--cache-dir", folder / "cache"]
    parameters = ["--parameter-overrides", f"Architecture={architecture}"]
    environment = os.environ | {
        "AWS_DEFAULT_REGION": "eu-west-1",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",  # the Makefiles call python3.13
        "SAM_CLI_TELEMETRY": "0",
    }
    done = subprocess.run(
        [*map(str, [*command, *options, *parameters])],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


@cache
def built(architecture: str = HERE, resource: str | None = None) -> Path:
    """The folder of the built template.yaml, with everything in it or with one resource of the root.

    It is not rebuilt while a process uses it: each user keeps a shared lock to the end of the process.
    """
    folder = BUILDS / f"{architecture}-{resource or 'all'}"
    folder.mkdir(parents=True, exist_ok=True)
    lock = _LOCKS.enter_context((folder / "lock").open("a+"))
    while True:
        fcntl.flock(lock, fcntl.LOCK_SH)
        if (folder / "run").exists() and (folder / "run").read_text() == RUN:
            return folder / "build"
        fcntl.flock(lock, fcntl.LOCK_UN)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.5)  # a build, or tests of another run
            continue
        if not (folder / "run").exists() or (folder / "run").read_text() != RUN:
            _sam(folder, architecture, resource)
            (folder / "run").write_text(RUN)
        fcntl.flock(lock, fcntl.LOCK_UN)
