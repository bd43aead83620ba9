"""make replay: has the function Replay take what failed for good once more."""

import argparse

from rich.console import Console

from local.ops.invocations import function, invoke


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(
        prog="python -m local replay",
        description="Publishes the events that the publisher gave up on, and redrives dead letters.",
    )
    made.add_argument("--stack", help="a stack in the AWS account of your credentials; else the local stack")
    made.add_argument(
        "--webhook",
        nargs=2,
        action="append",
        metavar=("SOURCE", "EVENT_ID"),
        help="process this webhook again, and do nothing else; may be repeated",
    )
    return made


def main(rest: list[str]) -> int:
    given = parser().parse_args(rest)
    report = invoke(*function("Replay", given.stack), {"inbox": given.webhook} if given.webhook else {})
    console = Console()
    for what, count in report.items():
        console.print(f"{what}: {count}")
    return 1 if report.get("left") else 0
