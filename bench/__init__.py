"""The measurements: what a command costs, what a cold start takes, how fast the local stack is.

`make bench` prints them and writes docs/benchmarks.md. They are reported, never asserted: a number is only
as good as the machine it was taken on, which the report names.
"""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console

from bench.earlier import beside, by_hand
from bench.report import Section, machine, write
from local.places import REPOSITORY, LocalError
from local.stack.stack import down, status, up

LIMIT = 600.0  # seconds for one measurement, so that one that hangs does not cost the others
MODULES: Mapping[str, str] = {
    "load": "bench.load",
    "aws_calls": "bench.aws_calls",
    "imports": "bench.imports",
    "sizes": "bench.sizes",
    "authoring": "bench.authoring",
    "costs": "bench.costs",
    "shop_costs": "bench.shop.costs",
    "shop_orders": "bench.shop.orders",
    "flash_sale": "bench.shop.flash_sale",
    "contention": "bench.contention",
    "feeds": "bench.shop.feeds",
    "northwind": "bench.northwind",
    "recovery_webhook": "bench.recovery.webhook",
    "recovery_events": "bench.recovery.events",
    "recovery_policy": "bench.recovery.policy",
    "recovery_year": "bench.recovery.year",
}
"""By the measurement's name. Each module has `measured(stack)`, and runs in an interpreter of its own."""

WITHOUT_STACK = frozenset({"aws_calls", "authoring", "recovery_policy", "recovery_year"})

console = Console()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a measurement: its section, or why there is none."""

    name: str
    seconds: float
    section: Section | None = None
    failure: str = ""

    def reported(self) -> Section:
        return self.section or Section(title=self.name, said=f"Not measured: {self.failure}")


def main(rest: list[str]) -> int:
    """All of them, or those that are named (which are printed and not written). 1 if any failed."""
    chosen = rest or list(MODULES)
    if unknown := set(chosen) - MODULES.keys():
        console.print(f"there is no measurement {', '.join(sorted(unknown))}: {', '.join(MODULES)}")
        return 2
    with _stack(needed=bool(set(chosen) - WITHOUT_STACK)) as broken:
        outcomes = [_outcome(name, broken) for name in chosen]
    failed = [each for each in outcomes if each.section is None]
    if not rest:
        write([machine(), *(each.reported() for each in outcomes), *by_hand(), _run(outcomes)])
        console.print("written to docs/benchmarks.md")
    for each in failed:
        console.print(f"[red]failed:[/red] {each.name}: {each.failure}", highlight=False)
    return 1 if failed else 0


@contextmanager
def _stack(*, needed: bool) -> Iterator[str]:
    """The local stack while they run, if one of them needs it; or why it does not run."""
    ran_before, broken = all(status().values()), ""
    try:
        if needed:
            with console.status("starting the local stack") as shown:
                up(say=lambda step: shown.update(f"{step} ..."))
    except LocalError as error:
        broken = f"the local stack did not start: {error}"
    try:
        yield broken
    finally:
        if needed and not ran_before:
            down()


def _outcome(name: str, broken: str) -> Outcome:
    if broken and name not in WITHOUT_STACK:
        return Outcome(name, 0.0, failure=broken)
    begun = time.monotonic()
    with console.status(f"measuring {name}"):
        section, failure = _measured(name)
    outcome = Outcome(name, time.monotonic() - begun, section, failure)
    if section:
        console.print(section.table())
    console.print(outcome.reported().said, style="dim")
    sys.stdout.flush()
    return outcome


def _measured(name: str) -> tuple[Section | None, str]:
    """The section, or the last line of what the interpreter said before it ended."""
    with TemporaryDirectory() as folder:
        written, said = Path(folder) / "section.json", Path(folder) / "said"
        command = [sys.executable, "-m", "bench.one", name, str(written)]
        try:
            with said.open("w", encoding="utf-8") as out:
                subprocess.run(
                    command, cwd=REPOSITORY, stdout=out, stderr=subprocess.STDOUT, timeout=LIMIT, check=True
                )
        except subprocess.TimeoutExpired:
            return None, f"it took more than {LIMIT:.0f} s"
        except subprocess.CalledProcessError:
            lines = said.read_text(encoding="utf-8").splitlines()
            console.print("\n".join(lines[-TRACE:]), style="dim", markup=False, highlight=False)
            return None, lines[-1][:LONGEST] if lines else "it ended without a word"
        return beside(Section(**json.loads(written.read_text(encoding="utf-8")))), ""


LONGEST = 160  # characters of why there is no measurement
TRACE = 30  # lines of what a failed measurement printed


def _run(outcomes: Sequence[Outcome]) -> Section:
    rows = [(each.name, each.seconds, each.failure or "measured") for each in outcomes]
    total = sum(each.seconds for each in outcomes)
    return Section(
        title="This run",
        said="`python -m local bench NAME` takes one measurement by itself and prints it.",
        columns=("measurement", "s", "outcome"),
        rows=[*rows, ("all", total, "")],
    )
