"""Folds a kind of aggregate again from its events, after a deploy."""

import argparse
from collections import Counter

from rich.console import Console

from local.ops.invocations import function, invoke

BECAME = ("unchanged", "written", "newer", "failed")


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m local refold", description="Folds a kind of aggregate again."
    )
    made.add_argument("kind", help="such as user or order")
    made.add_argument("--function", default="Identity/Refold", help="the context's function that folds")
    made.add_argument("--stack", help="a stack in the AWS account of your credentials; else the local stack")
    return made


def main(rest: list[str]) -> int:
    """1 if an aggregate could not be folded; the function's log names it."""
    given, console = parser().parse_args(rest), Console()
    target = function(given.function, given.stack)
    report = invoke(*target, {"kind": given.kind, "start": True})
    sums = Counter({name: report[name] for name in BECAME})
    while not report["done"]:
        report = invoke(*target, {"kind": given.kind})
        sums.update({name: report[name] for name in BECAME})
    console.print(f"{given.kind}: " + ", ".join(f"{sums[name]} {name}" for name in BECAME))
    return 1 if sums["failed"] else 0
