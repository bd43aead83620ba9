"""The measurements: what a command costs, what a cold start imports, how fast the local stack is.

`make bench` prints them and writes docs/benchmarks.md. They are reported, never asserted: a number is only
as good as the machine it was taken on, which the report names.
"""

import sys
from collections.abc import Callable

from rich.console import Console

from local.bench import costs, imports, load, recovery_policy, recovery_webhook, recovery_year, sizes
from local.bench.report import Section, machine, write
from local.stack import Stack, down, status, up

console = Console()

MEASUREMENTS: dict[str, Callable[[Stack], Section]] = {
    "load": load.measured,
    "imports": imports.measured,
    "sizes": sizes.measured,
    "recovery_policy": recovery_policy.measured,
    "recovery_year": recovery_year.measured,
    "recovery_webhook": recovery_webhook.measured,  # and this: they make the process one of the functions
    "costs": costs.measured,  # last: it makes this process one of the functions, with their logs
}


def main(rest: list[str]) -> int:
    """All of them, or those that are named (which are printed and not written)."""
    chosen = rest or list(MEASUREMENTS)
    if unknown := set(chosen) - MEASUREMENTS.keys():
        console.print(f"there is no measurement {', '.join(sorted(unknown))}")
        return 2
    ran_before = all(status().values())
    try:
        with console.status("starting the local stack") as shown:
            stack = up(say=lambda step: shown.update(f"{step} ..."))
        sections = [_taken(name, stack) for name in chosen]
    finally:
        if not ran_before:
            down()
    if not rest:
        write([machine(), *sections])
        console.print("written to docs/benchmarks.md")
    return 0


def _taken(name: str, stack: Stack) -> Section:
    with console.status(f"measuring {name}"):
        section = MEASUREMENTS[name](stack)
    console.print(section.table())
    console.print(section.said, style="dim")
    sys.stdout.flush()
    return section
