"""A flow's wait that has begun follows the time scale when it is changed.

MiniStack fixes a wait's length when it begins, so a test cannot let thirty days pass that are being waited
for.
"""

import time

from ministack.services import stepfunctions

STEP = 0.25  # seconds


def sleep_scaled(seconds: float) -> None:
    left = float(seconds)
    while left > 0 and (scale := stepfunctions._SFN_WAIT_SCALE) > 0:
        step = min(left * scale, STEP)
        time.sleep(step)
        left -= step / scale


stepfunctions._scaled_sleep = sleep_scaled
