"""The stacks as sam builds them for an architecture: once a run, however many tests and workers ask."""

import fcntl
import os
import platform
import subprocess
import sys
from functools import cache
from pathlib import Path

from stacks import ROOT

BUILDS = ROOT / ".local/builds"
ARCHITECTURES = {"arm64": 0xB7, "x86_64": 0x3E}  # and the machine in the header of an ELF file
HERE = {"aarch64": "arm64", "amd64": "x86_64"}.get(platform.machine().lower(), platform.machine().lower())
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", str(os.getpid()))


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
    """The folder of the built template.yaml, with everything in it or with one resource of the root."""
    folder = BUILDS / f"{architecture}-{resource or 'all'}"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        if lock.read() != RUN:
            _sam(folder, architecture, resource)
            lock.truncate(0)
            lock.write(RUN)
    return folder / "build"
