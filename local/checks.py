"""What make test consists of."""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import pathsep
from pathlib import Path

from local.places import REPOSITORY

BIN = Path(sys.executable).parent
COVERAGE = REPOSITORY / ".local" / "coverage"
OUTCOMES = ("failed", "errors", "passed", "skipped", "xfailed", "xpassed")
COUNTED = re.compile(r"(\d+) (failed|errors?|passed|skipped|xfailed|xpassed)\b")
CLOSING = re.compile(r" in \d+\.\d+s")

type Count = Callable[[str], Counter[str]]


def outcomes(printed: str) -> Counter[str]:
    """What pytest counted, from its closing line."""
    lines = [line for line in printed.splitlines() if CLOSING.search(line)]
    counted = COUNTED.findall(lines[-1]) if lines else []
    return Counter({"errors" if what == "error" else what: int(number) for number, what in counted})


def counting(unit: str, pattern: str) -> Count:
    """Counts what a tool says that it looked at or found."""
    return lambda printed: Counter({unit: sum(int(number) for number in re.findall(pattern, printed))})


@dataclass(frozen=True, slots=True)
class Check:
    """A tool to run."""

    name: str
    command: Sequence[str | Path]
    count: Count
    environment: Mapping[str, str] = field(default_factory=dict)
    quick: bool = True
    """False for what needs minutes or a deployed stack."""
    suite: bool = False
    """Whether it is a suite of tests."""


def python_path() -> str:
    """Where the packages lie, as pytest is told."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    folders: list[str] = project["tool"]["pytest"]["ini_options"]["pythonpath"]
    return pathsep.join(str(REPOSITORY / folder) for folder in folders)


def suite(kind: str, *, quick: bool = True, measured: bool = False) -> Check:
    """Coverage is judged of all suites together, at the end."""
    coverage = ["--cov", "--cov-report=", "--cov-fail-under=0"] if measured else []
    command: list[str | Path] = [BIN / "pytest", *coverage, f"tests/{kind}"]
    environment = {"COVERAGE_FILE": str(COVERAGE / f".coverage.{kind}")}
    return Check(kind, command, outcomes, environment, quick=quick, suite=True)


def checks() -> list[Check]:
    """The longest first, so that two at a time end together."""
    ruff = BIN / "ruff"
    return [
        suite("e2e", quick=False),
        suite("integration", measured=True),
        suite("gates", quick=False),
        suite("template"),
        suite("unit", measured=True),
        suite("contract", measured=True),
        Check("pyright", [BIN / "pyright", "--stats"], counting("files", r"Total files checked: (\d+)")),
        Check("mypy", [BIN / "mypy"], counting("files", r"no issues found in (\d+)")),
        Check(
            "imports",
            [BIN / "lint-imports", "--no-cache"],
            counting("contracts", r"(\d+) kept"),
            {"PYTHONPATH": python_path()},
        ),
        Check("format", [ruff, "format", "--check"], counting("files", r"(\d+) files? already formatted")),
        Check("lint", [ruff, "check"], counting("findings", r"Found (\d+) error")),
    ]


def decisive() -> list[str]:
    """The files of what decides: the kernel, and the modules that the import contract of aggregates names."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, list[str]]] = project["tool"]["importlinter"]["contracts"]
    modules = [name for name in contracts[0]["source_modules"] if not name.startswith("troupe.")]
    return ["*/troupe/*", *(f"*/src/{name.replace('.', '/')}.py" for name in modules)]


def coverage() -> list[Check]:
    """Of unit, integration and contract tests together, after all of them: every branch of what decides.

    Of everything, it is what pyproject.toml asks for.
    """
    files = ",".join(decisive())
    environment = {"COVERAGE_FILE": str(REPOSITORY / ".coverage")}
    combined = f"'{BIN}/coverage' combine --quiet '{COVERAGE}'"
    report = f"'{BIN}/coverage' report"
    percent = counting("%", r"TOTAL.*\s(\d+)%")
    return [
        Check("coverage", ["sh", "-c", f"{combined} && {report}"], percent, environment),
        Check(
            "coverage of what decides",
            ["sh", "-c", f"{report} --fail-under=100 --include='{files}'"],
            percent,
            environment,
        ),
    ]
