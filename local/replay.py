"""make replay: has the function Replay take what failed for good once more."""

import argparse
import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config
from rich.console import Console

from local.places import LocalError, state_folder
from local.resources import resources_of
from local.stack import Stack

FUNCTION = "Replay"
PATIENCE = Config(read_timeout=930, retries={"max_attempts": 0})  # the function may take 15 minutes


class ReplayError(LocalError):
    """There is no stack to replay in, or the function failed."""


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


def in_account(stack: str) -> tuple[Any, str]:
    """A client and the function's name, in the account of the caller's credentials."""
    stacks = boto3.client("cloudformation")
    named = {one.name: one.physical_id for one in resources_of(stacks, stack)}
    return boto3.client("lambda", config=PATIENCE), named[FUNCTION]


def on_local_stack() -> tuple[Any, str]:
    stack = Stack.read(state_folder())
    if stack is None:
        raise ReplayError("no local stack runs: start one with 'make up'")
    return stack.client("lambda"), stack.functions[FUNCTION]


def replay(functions: Any, name: str, event: Mapping[str, Any]) -> dict[str, int]:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise ReplayError(f"{name}: {said['errorType']}: {said['errorMessage']}")
    return said


def main(rest: list[str]) -> int:
    given = parser().parse_args(rest)
    functions, name = in_account(given.stack) if given.stack else on_local_stack()
    report = replay(functions, name, {"inbox": given.webhook} if given.webhook else {})
    console = Console()
    for what, count in report.items():
        console.print(f"{what}: {count}")
    return 1 if report.get("left") else 0
