"""make test: every check and every test, as many at once as there are cores, and how many of each."""

import argparse
import os
import shutil
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from rich.console import Console
from rich.table import Table

from local.places import REPOSITORY
from local.verify import check_cache
from local.verify.checks import COVERAGE, OUTCOMES, Check, checks, coverage
from local.verify.progress import progress

AT_ONCE = os.process_cpu_count() or 1
SAYS_EVERY = 30.0  # seconds
RUN = uuid4().hex
LOGS = REPOSITORY / ".local" / "verify"
BYTECODE = REPOSITORY / ".local" / "bytecode"

console = Console(highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class Result:
    """How a check ended."""

    check: Check
    code: int
    printed: str
    seconds: float
    unchanged: bool = False
    """Whether it passed before on the same files, and did not run."""

    @property
    def verdict(self) -> str:
        if not self.passed:
            return "[red]failed[/red]"
        return "[green]ok[/green] (unchanged)" if self.unchanged else "[green]ok[/green]"

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

    @property
    def mean(self) -> str:
        """Milliseconds a test, with what it takes to start the suite."""
        tests = self.found.total() if self.check.suite and not self.unchanged else 0
        return f"{1000 * self.seconds / tests:.0f}" if tests else ""


def environment(check: Check, outside: Mapping[str, str]) -> dict[str, str]:
    """Compiled modules are kept: they are more than half of what it costs to start a suite.

    A build compiles into its artefact, so it is not told of another place. Suites that need the same build
    share it by the name of the run.
    """
    named = ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX")
    inherited = {name: value for name, value in outside.items() if name not in named}
    kept = {} if check.builds else {"PYTHONPYCACHEPREFIX": str(BYTECODE)}
    return {**inherited, **kept, "TROUPE_TEST_RUN": RUN, **check.environment}


def log_of(check: Check) -> Path:
    return LOGS / f"{check.name.replace('/', '.')}.log"


def perform(check: Check) -> Result:
    """Runs it, unless it passed on the very files that it would read."""
    log, found = log_of(check), check_cache.fingerprint(check)
    if check_cache.unchanged(log, found):
        return Result(check, 0, printed(log), 0.0, unchanged=True)
    check_cache.forget(log)
    result = run(check, log)
    if found and result.passed and check_cache.fingerprint(check) == found:
        check_cache.remember(log, found)
    return result


def run(check: Check, log: Path) -> Result:
    """Says that it begins, and now and then how far it is."""
    began = time.monotonic()
    console.print(f"begins {check.name}")
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as output:
        process = subprocess.Popen(
            check.command,
            cwd=REPOSITORY,
            env=environment(check, os.environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    while process.poll() is None:
        try:
            process.wait(SAYS_EVERY)
        except subprocess.TimeoutExpired:
            reached = progress(printed(log)) or "runs"
            console.print(f"  {check.name}: {reached} ({time.monotonic() - began:.0f} s)")
    return Result(check, process.returncode, printed(log), time.monotonic() - began)


def printed(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


def tell(result: Result) -> None:
    console.print(f"{result.verdict} {result.check.name}: {result.counted} ({result.seconds:.0f} s)")
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
    headings = ("check", "result", "how many", "seconds", "ms a test")
    table = Table(*headings, title="Verified", title_justify="left")
    for result in sorted(results, key=lambda one: (one.check.suite, one.check.name)):
        table.add_row(result.check.name, result.verdict, result.counted, f"{result.seconds:.0f}", result.mean)
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
    names = sorted(set[str]().union(*(check.names for check in checks())))
    made = argparse.ArgumentParser(prog="python -m local verify", description="Checks and tests.")
    made.add_argument(
        "names", nargs="*", metavar="CHECK", help=f"of {', '.join(names)}; all, if none is named"
    )
    made.add_argument("--quick", action="store_true", help="leave out what needs minutes or a deployed stack")
    return made


def selected(names: list[str], *, quick: bool) -> list[Check]:
    every = checks()
    if unknown := set(names).difference(*(check.names for check in every)):
        raise SystemExit(f"no such check: {', '.join(sorted(unknown))}")
    return [one for one in every if (not names or one.names & set(names)) and (one.quick or not quick)]


def main(rest: list[str]) -> int:
    given, began = parser().parse_args(rest), time.monotonic()
    chosen = selected(given.names, quick=given.quick)
    shutil.rmtree(COVERAGE, ignore_errors=True)
    results = perform_all(chosen)
    if {check.name for check in checks() if check.measures} <= {check.name for check in chosen}:
        results += [result for check in coverage() for result in perform_all([check])]
    console.print(summary(results))
    print(closing_line(results, time.monotonic() - began))
    return 0 if all(result.passed for result in results) else 1
