"""The commands of python -m local."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from rich.console import Console
from rich.table import Table

from local.places import LocalError, state_folder
from local.stack import Stack, down, status, up

console = Console()
problems = Console(stderr=True)


def shown(stack: Stack) -> Table:
    table = Table(show_header=False, box=None)
    for name, value in asdict(stack).items():
        if isinstance(value, str):
            table.add_row(name, value)
    if stack.operator:
        table.add_row("operator", stack.operator.email)
    table.add_row("everything", str(state_folder() / "stack.json"))
    return table


def run_up(_: argparse.Namespace) -> int:
    with console.status("starting the local stack") as progress:
        stack = up(say=lambda step: progress.update(f"{step} ..."))
    console.print(shown(stack))
    return 0


def run_down(_: argparse.Namespace) -> int:
    ended = down()
    console.print(f"ended {' and '.join(ended)}" if ended else "nothing was running")
    return 0


def run_status(_: argparse.Namespace) -> int:
    servers = status()
    for name, url in servers.items():
        console.print(f"{name}: {url or 'not running'}")
    stack = Stack.read(state_folder())
    if stack:
        console.print(shown(stack))
    return 0 if all(servers.values()) and stack else 1


def elsewhere(module: str) -> Callable[[argparse.Namespace], int]:
    """A command with a module of its own, which is imported only when it runs."""
    return lambda given: int(import_module(f"local.{module}").main(given.rest) or 0)


COMMANDS: dict[str, tuple[str, Callable[[argparse.Namespace], int]]] = {
    "up": ("start the local stack, or bring it up to date", run_up),
    "down": ("end what up started", run_down),
    "status": ("what is running, and where", run_status),
    "demo": ("play the demo against the local stack", elsewhere("demo")),
    "bench": ("measure, and write docs/benchmarks.md", elsewhere("bench")),
    "replay": ("take what failed for good once more", elsewhere("replay")),
    "rebuild": ("fill a read model anew from the events", elsewhere("rebuild")),
    "preflight": ("compare an AWS account's quotas with what a deployment needs", elsewhere("preflight")),
    "check": ("what one command still lacks", elsewhere("command_check")),
    "verify": ("lint, types, contracts, templates and every test", elsewhere("verify")),
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
        sys.exit(1)
