"""Background servers, known again by process id and start time: only our own are reused or ended."""

import hashlib
import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.places import LocalError

GRACE = 10.0  # seconds between asking a server to end and ending it
POLL = 0.05  # seconds

children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Servers this very process started: only their parent can collect them when they have ended."""


class ServerError(LocalError):
    """A server ended before it was ready, or never became ready."""


def started_at(pid: int) -> str | None:
    """When the process began, in the system's own words; None if there is no such process."""
    try:  # Linux: field 22 counts clock ticks since boot; the name in field 2 may hold spaces and brackets
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):  # it may end between the opening and the reading
        return None if Path("/proc/self/stat").exists() else asked_of_ps(pid)
    return None if stat[0] == "Z" else stat[19]


def asked_of_ps(pid: int) -> str | None:
    answer = subprocess.run(
        ["ps", "-o", "lstart=", "-p", str(pid)], capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or None


@dataclass(frozen=True, slots=True)
class Server:
    """A server of one state folder: `name`.json says which process it is, `name`.log what it printed."""

    name: str
    folder: Path
    health: str
    seconds_to_start: float
    sources: tuple[Path, ...] = ()

    @property
    def record(self) -> Path:
        return self.folder / f"{self.name}.json"

    @property
    def log(self) -> Path:
        return self.folder / f"{self.name}.log"

    def known(self) -> dict[str, Any] | None:
        """The recorded process, if it is still the one we started."""
        try:
            known: dict[str, Any] = json.loads(self.record.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return None
        return known if started_at(known["pid"]) == known["started_at"] else None

    def running_url(self) -> str | None:
        """Where it listens."""
        known = self.known()
        return known["url"] if known else None

    def stop_if_outdated(self) -> bool:
        """Ends it if it runs other code than is here now."""
        known = self.known()
        return bool(known and known.get("code") != self.code()) and self.stop()

    def code(self) -> str:
        """A digest of what it runs."""
        files = sorted(
            file for path in self.sources for file in ([path] if path.is_file() else path.rglob("*.py"))
        )
        return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()

    def start(
        self, command: Sequence[str | Path], environment: Mapping[str, str], url: str, cwd: Path
    ) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        with self.log.open("wb") as output:
            process = subprocess.Popen(
                command,
                cwd=cwd,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,  # Ctrl-C in the terminal is for the caller, not for its servers
            )
        children[process.pid] = process
        known = {
            "pid": process.pid,
            "started_at": started_at(process.pid),
            "url": url,
            "code": self.code(),
        }
        self.record.write_text(json.dumps(known), encoding="utf-8")

    def wait_until_ready(self) -> str:
        """Where it listens, once it answers."""
        deadline = time.monotonic() + self.seconds_to_start
        while (url := self.running_url()) is not None and time.monotonic() < deadline:
            if answers(url + self.health):
                return url
            time.sleep(POLL)
        raise ServerError(f"{self.name} did not start: {self.last_lines()}")

    def last_lines(self) -> str:
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-15:])

    def stop(self) -> bool:
        """Ends the server and all it started; False if it was not running."""
        known = self.known()
        if known:
            end(known["pid"], known["started_at"])
        self.record.unlink(missing_ok=True)
        return known is not None


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def end(pid: int, began: str) -> None:
    """Asks the process to end, and ends it if it does not; then ends all that it started.

    The emulator's workers would end by themselves, but a hundred of them take minutes of CPU for that.
    """
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE
    while started_at(pid) == began and time.monotonic() < deadline:
        time.sleep(POLL)
    with suppress(ProcessLookupError, PermissionError):  # none is left; macOS says so by the second
        os.killpg(pid, signal.SIGKILL)
    if child := children.pop(pid, None):
        child.wait()
