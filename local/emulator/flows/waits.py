"""A flow's wait that has begun follows the time scale and the clock when they are changed.

MiniStack fixes a wait's length when it begins, so a test cannot let thirty days pass that are being waited
for. The clock is the one that functions have (troupe.clock): the file TROUPE_EMULATOR_CLOCK_FILE says how
many seconds it is ahead.
"""

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from ministack.services import stepfunctions

STEP = 0.25  # seconds


def ahead() -> float:
    """How many seconds the clock is ahead."""
    try:
        return float(Path(os.environ.get("TROUPE_EMULATOR_CLOCK_FILE", "")).read_text(encoding="ascii"))
    except OSError:  # no name, or the clock was not moved yet
        return 0.0


def sleep_while(left: Callable[[], float]) -> None:
    """Sleeps until no seconds are left by the clock; each is as long as the scale says."""
    slept = 0.0
    while (rest := left() - slept) > 0 and (scale := stepfunctions._SFN_WAIT_SCALE) > 0:
        step = min(rest * scale, STEP)
        time.sleep(step)
        slept += step / scale


def sleep_scaled(seconds: float) -> None:
    began = ahead()
    sleep_while(lambda: float(seconds) - (ahead() - began))


def sleep_until(instant: str) -> None:
    target = datetime.fromisoformat(instant).timestamp()
    began = datetime.now(UTC).timestamp()
    sleep_while(lambda: target - began - ahead())


stepfunctions._scaled_sleep = sleep_scaled
stepfunctions._sleep_until = sleep_until
