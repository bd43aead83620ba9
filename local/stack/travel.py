"""The local stack's clock, as recovery and its flows have it: how far it is ahead, and how to move it on.

Functions and the emulator's waits read the file, so waits that end before the new time end within a quarter
of a second, as if the time had passed.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path


def clock_file(folder: Path) -> Path:
    """The file of a state folder that says how many seconds the clock is ahead."""
    return folder / "clock"


def ahead(folder: Path) -> timedelta:
    try:
        text = clock_file(folder).read_text(encoding="ascii")
    except FileNotFoundError:
        return timedelta()
    return timedelta(seconds=float(text))


def now(folder: Path) -> datetime:
    """What recovery takes for now."""
    return datetime.now(UTC) + ahead(folder)


def travel(by: timedelta, folder: Path) -> datetime:
    """Move the clock forward for all processes, and return the new time. It never goes back."""
    if by < timedelta():
        raise ValueError("the clock does not go back")
    _write(clock_file(folder), ahead(folder) + by)
    return now(folder)


def travel_to(instant: datetime, folder: Path) -> datetime:
    """Move the clock on to an instant; nothing if it has passed."""
    return travel(max(instant - now(folder), timedelta()), folder)


def reset(folder: Path) -> None:
    """Back to the true time: for a stack in which nothing has happened yet."""
    clock_file(folder).unlink(missing_ok=True)


def _write(file: Path, ahead: timedelta) -> None:
    """Whole or not at all: a reader finds the old number or the new one."""
    part = file.with_name(f"{file.name}.{os.getpid()}.part")
    part.write_text(f"{ahead.total_seconds():.6f}", encoding="ascii")
    part.replace(file)
