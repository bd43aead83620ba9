"""Rebuilds a read model from the events into a new generation, which is then swapped in."""

import argparse
import time

from rich.console import Console

from local.ops.invocations import function, invoke

PAUSE_SECONDS = 2.0  # readers hold a generation for half a minute; there is nothing to hurry


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m local rebuild", description="Rebuilds a read model.")
    made.add_argument("view", help="such as user_card or user_lifecycle")
    made.add_argument("--function", default="Identity/Rebuild", help="the context's function that rebuilds")
    made.add_argument("--stack", help="a stack in the AWS account of your credentials; else the local stack")
    return made


def main(rest: list[str]) -> int:
    given, console = parser().parse_args(rest), Console()
    target = function(given.function, given.stack)
    report = invoke(*target, {"view": given.view, "start": True})
    phase = None
    while report["phase"] != "settled":
        if report["phase"] != phase:
            console.print(f"{report['view']}: {report['phase']}")
        phase = report["phase"]
        time.sleep(PAUSE_SECONDS)
        report = invoke(*target, {"view": given.view})
    console.print(f"{report['view']}: generation {report['live']} is read")
    return 0
