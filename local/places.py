"""Where the local stack finds and keeps things."""

import os
from pathlib import Path


class LocalError(Exception):
    """Something went wrong that the message explains; a command says it and ends."""


REPOSITORY = Path(__file__).resolve().parent.parent
ENVIRONMENTS = REPOSITORY / ".local" / "env"


def state_folder() -> Path:
    """Everything a running stack leaves on disk; TROUPE_LOCAL_DIR lets several run side by side."""
    chosen = os.environ.get("TROUPE_LOCAL_DIR")
    return Path(chosen).resolve() if chosen else REPOSITORY / ".local"


def interpreter(environment: str) -> Path:
    """The Python of one of the locked environments that make sets up."""
    python = ENVIRONMENTS / environment / "bin" / "python"
    if not python.exists():
        raise LocalError(f"the environment {environment} is missing: run 'make setup'")
    return python
