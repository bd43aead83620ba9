"""make test: every check and every test, two at a time, and at the end how many of each."""

import argparse
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from local.checks import COVERAGE, OUTCOMES, Check, checks, coverage
from local.places import REPOSITORY

AT_ONCE = 2  # the machines this runs on have two cores

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended."""

    check: Check
    code: int
    printed: str
    seconds: float

    @property
    def found(self) -> Counter[str]:
        return self.check.count(self.printed)

    @property
    def passed(self) -> bool:
        """A suite that ran no test has not passed."""
        return self.code == 0 and (not self.check.suite or self.found["passed"] > 0)

    @property
    def counted(self) -> str:
        return ", ".join(f"{number} {what}" for what, number in self.found.items())


def perform(check: Check) -> Result:
    began = time.monotonic()
    done = subprocess.run(
        check.command,
        cwd=REPOSITORY,
        env={**os.environ, **check.environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    return Result(check, done.returncode, done.stdout, time.monotonic() - began)


def tell(result: Result) -> None:
    verdict = "[green]ok[/green]" if result.passed else "[red]failed[/red]"
    console.print(f"{verdict} {result.check.name}: {result.counted} ({result.seconds:.0f} s)")
    if not result.passed:
        console.print(result.printed, markup=False)


def perform_all(chosen: Iterable[Check]) -> list[Result]:
    """Each is told of as it ends."""
    results = []
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for done in as_completed([pool.submit(perform, check) for check in chosen]):
            tell(done.result())
            results.append(done.result())
    return results


def summary(results: list[Result]) -> Table:
    table = Table("check", "result", "how many", "seconds", title="Verified", title_justify="left")
    for result in sorted(results, key=lambda one: (one.check.suite, one.check.name)):
        verdict = "[green]ok[/green]" if result.passed else "[red]failed[/red]"
        table.add_row(result.check.name, verdict, result.counted, f"{result.seconds:.0f}")
    return table


def closing_line(results: list[Result], seconds: float) -> str:
    """The line that pytest would close with, had it run all suites at once."""
    total: Counter[str] = Counter()
    for result in results:
        if result.check.suite:
            total += result.found
    counted = ", ".join(f"{total[name]} {name}" for name in OUTCOMES if total[name])
    return f" {counted or 'no tests ran'} in {seconds:.2f}s ".center(80, "=")


def parser() -> argparse.ArgumentParser:
    names = [check.name for check in checks()]
    made = argparse.ArgumentParser(prog="python -m local verify", description="Checks and tests.")
    made.add_argument(
        "names", nargs="*", metavar="CHECK", help=f"of {', '.join(names)}; all, if none is named"
    )
    made.add_argument("--quick", action="store_true", help="leave out what needs minutes or a deployed stack")
    return made


def selected(names: list[str], *, quick: bool) -> list[Check]:
    if unknown := set(names) - {check.name for check in checks()}:
        raise SystemExit(f"no such check: {', '.join(sorted(unknown))}")
    return [one for one in checks() if (one.name in names or not names) and (one.quick or not quick)]


def main(rest: list[str]) -> int:
    given, began = parser().parse_args(rest), time.monotonic()
    chosen = selected(given.names, quick=given.quick)
    shutil.rmtree(COVERAGE, ignore_errors=True)
    results = perform_all(chosen)
    if {"unit", "integration"} <= {check.name for check in chosen}:
        results += [result for check in coverage() for result in perform_all([check])]
    console.print(summary(results))
    print(closing_line(results, time.monotonic() - began))
    return 0 if all(result.passed for result in results) else 1
