"""The demo: the local stack, a story played over HTTP, its outcome as tables, and an API to go on with."""

import argparse
import signal
import sys
import time
from collections.abc import Sequence
from typing import TextIO

from rich.console import Console

from demo.people import COUNT, newcomers
from demo.steps import StepError, play, shown
from demo.stories import DEFAULT, NAMES, Part, chosen, parts
from demo.story import OWNER_PASSWORD, Story
from local.places import state_folder
from local.stack.addresses import addresses, sign_in, tries
from local.stack.stack import Stack, down, servers, status, up

FEWEST = 8  # people that the story needs
CROWD = 24  # who sign up unless more are asked for
INTERRUPTED = 130
GO_ON = """\
The stack still runs, so that you can look: {api}
make demo STORY={story}  plays the story from its start in a new tenant, without another build
make down  ends the stack"""

console = Console()


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m local demo", description="Plays a story over HTTP.")
    made.add_argument("--story", choices=NAMES, default=DEFAULT, help="which one (default: %(default)s)")
    made.add_argument(
        "--people",
        type=int,
        choices=range(FEWEST, COUNT + 1),
        default=CROWD,
        metavar="N",
        help=f"how many sign up: {FEWEST} to {COUNT} (default: %(default)s)",
    )
    return made


def main(rest: list[str]) -> int:
    """Play it, and leave the stack up; Ctrl-C at the end of a good demo ends what the demo started."""
    given = parser().parse_args(rest)
    ran_before = any(status().values())
    stack = up(say=lambda step: shown(f"{step}\n"))
    for one in chosen(given.story):
        shown(f"{one.name}: {one.sentence}\n")
    story = Story(stack, newcomers(given.people))
    played = parts(given.story, story)
    begun = time.monotonic()
    try:
        play([step for part in played for step in part.steps()], shown)
    except (StepError, KeyboardInterrupt) as stopped:
        shown(stranded(stack, given.story, stopped))
        return 1 if isinstance(stopped, StepError) else INTERRUPTED
    shown(f"played in {time.monotonic() - begun:.0f} s\n\n")
    invite(stack, story, played)
    if at_a_terminal():
        serve(ran_before=ran_before)
    else:
        shown("The stack goes on running without this command; make down ends it.\n")
    return 0


def stranded(stack: Stack, story: str, stopped: BaseException) -> str:
    """What someone needs to know whose demo did not come to its end."""
    emulator, *_ = servers(state_folder())
    said = f"\nThe emulator's log is {emulator.log}; its last lines:\n{emulator.last_lines()}\n"
    failed = isinstance(stopped, StepError)
    why = f"{stopped}\n{said}" if failed else "\ninterrupted"
    return f"{why}\n{GO_ON.format(api=stack.api_url, story=story)}\n"


def invite(stack: Stack, story: Story, played: Sequence[Part]) -> None:
    """What came of it, where everything is, and what to try as the tenant's owner."""
    for part in played:
        for table in part.tables():
            console.print(table)
    owner = story.owner
    assert owner.account
    email = owner.account.body["email"]
    requests = [request for part in played for request in part.requests()]
    lines = [
        *addresses(stack),
        f"Owner     {email}, password {OWNER_PASSWORD}",
        "",
        *sign_in(stack, owner.fresh_token(), email, OWNER_PASSWORD),
        *tries(stack, "the owner", requests),
        "",
    ]
    shown("\n".join(lines) + "\n")


def at_a_terminal() -> bool:
    """Whether a person can press Ctrl-C: both streams are terminals; a closed stream is None."""
    streams: tuple[TextIO | None, ...] = (sys.stdin, sys.stdout)
    return all(stream is not None and stream.isatty() for stream in streams)


def serve(*, ran_before: bool) -> None:
    """Until Ctrl-C, which ends a stack that the demo started."""
    ends = "this command, and the stack goes on running" if ran_before else "the stack"
    shown(f"The stack is serving. Ctrl-C ends {ends}.\n")
    try:
        signal.pause()
    except KeyboardInterrupt:
        shown("\n" if ran_before else "\nending the stack\n")
    if not ran_before:
        down()
