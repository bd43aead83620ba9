"""Static checks that passed on the very files that are here now, and so need not run again."""

import hashlib
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

from local.places import REPOSITORY
from local.verify.checks import Check


def fingerprint(check: Check, repository: Path = REPOSITORY) -> str | None:
    """A digest of the command and of each file that the check reads; None for a check that always runs.

    The files are those of the working tree that git does not ignore. The tools are as the locks say.
    """
    listing = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(listing, cwd=repository, capture_output=True, text=True, check=False)
    names = sorted(
        name
        for name in set(listed.stdout.split("\0"))
        if any(fnmatch(name, pattern) for pattern in check.reads) and (repository / name).is_file()
    )
    if not names:
        return None
    digest = hashlib.sha256(repr((sys.version, [*map(str, check.command)])).encode())
    for name in names:
        digest.update(f"{name}\0".encode() + hashlib.sha256((repository / name).read_bytes()).digest())
    return digest.hexdigest()


def stamp_of(log: Path) -> Path:
    """Holds the fingerprint with which the check passed whose output the log is."""
    return log.with_suffix(".passed")


def unchanged(log: Path, fingerprint: str | None) -> bool:
    stamp = stamp_of(log)
    return log.exists() and stamp.exists() and stamp.read_text(encoding="utf-8") == fingerprint


def forget(log: Path) -> None:
    stamp_of(log).unlink(missing_ok=True)


def remember(log: Path, fingerprint: str) -> None:
    stamp_of(log).write_text(fingerprint, encoding="utf-8")
