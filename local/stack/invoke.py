"""make invoke NAME=SuspendUser: writes what a sample needs to the local stack and calls the function."""

import argparse
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from rich.console import Console

from documents.places import importable
from local.ops.invocations import InvocationError, function, invoke
from local.places import state_folder
from local.stack.stack import Stack


def main(rest: list[str]) -> int:
    made = argparse.ArgumentParser(prog="python -m local invoke", description=__doc__)
    made.add_argument(
        "name", help="of a function: SuspendUser, or Commerce/StripeWebhook where two have the name"
    )
    stack = Stack.read(state_folder())
    if stack is None:
        raise InvocationError("no local stack runs: start one with 'make up'")
    name = full_name(made.parse_args(rest).name, stack)
    with surroundings(stack):
        event = _prepared(name)
    client, physical = function(name, None)
    answer = invoke(client, physical, event)
    console = Console()
    console.print(f"{name}: {answer.get('statusCode', 'done')}")
    console.print_json(answer.get("body") or json.dumps(answer))
    return 1 if answer.get("statusCode", 200) >= 400 else 0  # noqa: PLR2004 -- HTTP's own line


def full_name(name: str, stack: Stack) -> str:
    """The function's name with its stack before it."""
    found = [each for each in stack.functions if name in {each, each.rpartition("/")[2]}]
    if len(found) != 1:
        raise InvocationError(
            f"{len(found)} functions are called {name}: {', '.join(found) or 'see stack.json'}"
        )
    return found[0]


def _prepared(name: str) -> dict[str, Any]:
    """The sample event, after what it needs is in the table."""
    importable()
    from documents.samples.invocations import sample, sampled  # noqa: PLC0415 -- once the contexts are importable
    from documents.samples.seeding import prepared  # noqa: PLC0415 -- the same

    owner, _, own = name.rpartition("/")
    called = f"{owner.lower() or 'root'}.{own}"
    return prepared(called) if called in sampled() else sample(called)


@contextmanager
def surroundings(stack: Stack) -> Iterator[None]:
    """The environment that the functions of the stack have, for what is written with their code."""
    function = stack.client("lambda").get_function_configuration(
        FunctionName=stack.functions["Identity/VerifyUser"]
    )
    before = dict(os.environ)
    os.environ.update(function["Environment"]["Variables"])
    os.environ.update(
        AWS_ENDPOINT_URL=stack.aws_endpoint_url,
        AWS_REGION=stack.region,
        AWS_DEFAULT_REGION=stack.region,
        AWS_ACCESS_KEY_ID="test",
        AWS_SECRET_ACCESS_KEY="test",
        REQUEST_ROLE_ARN="",
        ENTRY_ROLE_ARN="",
    )
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
