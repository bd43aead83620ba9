"""The commands of python -m local."""

import argparse
import sys
from collections.abc import Callable
from importlib import import_module

from rich.console import Console

from documents.places import importable
from local.places import LocalError, state_folder
from local.stack.addresses import OPERATORS_REQUESTS, OWNERS_REQUESTS, addresses, sign_in, token_of, tries
from local.stack.stack import Stack, down, status, up

NEXT = (
    "make demo    plays a story here and leaves its data",
    "make status  shows these addresses again",
    "make down    ends the stack and forgets its data",
)

problems = Console(stderr=True)


def run_up(_: argparse.Namespace) -> int:
    stack = up(say=lambda step: print(step, flush=True))
    lines = addresses(stack)
    if operator := stack.operator:
        token = token_of(stack, operator.email, operator.password)
        lines += ["", *sign_in(stack, token, operator.email, operator.password)]
        lines += tries(stack, "the operator", OPERATORS_REQUESTS)
        lines += tries(stack, "a tenant's owner, which make demo prints", OWNERS_REQUESTS)
    print("\n".join([*lines, "", *NEXT]), flush=True)
    return 0


def run_down(_: argparse.Namespace) -> int:
    ended = down()
    print(f"ended {' and '.join(ended)}" if ended else "nothing was running")
    return 0


def run_status(_: argparse.Namespace) -> int:
    """That nothing runs is an answer, and no failure."""
    running, stack = status(), Stack.read(state_folder())
    if not any(running.values()):
        print("not running: make up starts the local stack, make demo plays a story on it")
        return 0
    for name, url in running.items():
        print(f"{name}: {url or 'not running: make up starts it'}")
    print("\n".join(addresses(stack) if stack else ["nothing is deployed yet: make up does that"]))
    return 0


MODULES: dict[str, tuple[str, str]] = {
    "demo": ("play the demo against the local stack", "demo"),
    "bench": ("measure, and write docs/benchmarks.md", "bench"),
    "invoke": ("call a function with its sample event, after what that needs is there", "local.stack.invoke"),
    "replay": ("take what failed for good once more", "local.ops.replay"),
    "rebuild": ("fill a read model anew from the events", "local.ops.rebuild"),
    "refold": ("fold a kind of aggregate again from its events", "local.ops.refold"),
    "preflight": ("compare an AWS account's quotas with what a deployment needs", "local.ops.preflight"),
    "check": ("what one command still lacks", "local.verify.command_check"),
    "verify": ("lint, types, contracts, templates and every test", "local.verify.run"),
}
"""Commands with a module of their own, which is imported only when the command runs."""


def elsewhere(module: str) -> Callable[[argparse.Namespace], int]:
    """Such a command, with the kernel and the contexts on the path, as their layers have them."""

    def run(given: argparse.Namespace) -> int:
        importable()
        return int(import_module(module).main(given.rest) or 0)

    return run


COMMANDS: dict[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "up": ("start the local stack, or bring it up to date", run_up),
    "down": ("end what up started", run_down),
    "status": ("what is running, and where", run_status),
    **{name: (description, elsewhere(module)) for name, (description, module) in MODULES.items()},
}


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m local", description="Troupe's local stack.")
    commands = made.add_subparsers(required=True, metavar="command")
    for name, (description, run) in COMMANDS.items():
        one = commands.add_parser(name, help=description, description=description)
        one.set_defaults(run=run, rest=[])
    return made


def main() -> None:
    given, rest = parser().parse_known_args()
    given.rest = rest
    try:
        sys.exit(given.run(given))
    except LocalError as error:
        problems.print(f"[red]failed:[/red] {error}", highlight=False)
        problems.print(f"The logs are in {state_folder()}. make status shows what runs, make down ends it.")
        sys.exit(1)
