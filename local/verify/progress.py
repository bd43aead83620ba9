"""How far a suite is, read from what pytest has printed so far."""

import re

COLLECTED = re.compile(r"^collected (\d+) items", re.MULTILINE)
DOTS = re.compile(r"^(?:\S+\.py )?([.FEsxX]+)(?: +\[ *\d+%\])?$", re.MULTILINE)


def progress(printed: str) -> str:
    """The tests that have run of those collected, and how many of them failed; empty before there are any."""
    collected = COLLECTED.search(printed)
    if not collected:
        return ""
    done = "".join(DOTS.findall(printed))
    failed = done.count("F") + done.count("E")
    return f"{len(done)} of {collected[1]} tests" + (f", {failed} failed" if failed else "")
