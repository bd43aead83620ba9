"""The measurements: what a command costs, what a cold start imports, how fast the local stack is.

`make bench` prints them and writes docs/benchmarks.md. They are reported, never asserted: a number is only
as good as the machine it was taken on, which the report names.
"""

import sys
from collections.abc import Callable

from rich.console import Console

from bench import aws_calls, costs, imports, load, northwind, sizes
from bench.recovery import events, policy, webhook, year
from bench.report import Section, machine, write
from bench.shop import costs as shop_costs
from bench.shop import feeds, flash_sale, orders
from local.stack.stack import Stack, down, status, up

console = Console()

MEASUREMENTS: dict[str, Callable[[Stack], Section]] = {
    "load": load.measured,
    "imports": imports.measured,
    "sizes": sizes.measured,
    "aws_calls": aws_calls.measured,
    "recovery_policy": policy.measured,
    "recovery_year": year.measured,
    "recovery_events": events.measured,
    "northwind": northwind.measured,
    "shop_orders": orders.measured,  # from here on they make this process one of the functions
    "flash_sale": flash_sale.measured,
    "feeds": feeds.measured,
    "shop_costs": shop_costs.measured,
    "recovery_webhook": webhook.measured,
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
