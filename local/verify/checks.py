"""What make test consists of."""

import re
import sys
import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from os import pathsep
from pathlib import Path
from typing import Literal

from local.places import REPOSITORY

BIN = Path(sys.executable).parent
COVERAGE = REPOSITORY / ".local" / "coverage"
"""A file of each suite: `.lines.` or `.branches.` and its name."""
OUTCOMES = ("failed", "errors", "passed", "skipped", "xfailed", "xpassed")
COUNTED = re.compile(r"(\d+) (failed|errors?|passed|skipped|xfailed|xpassed)\b")
CLOSING = re.compile(r" in \d+\.\d+s")
SLICED = ("unit", "integration")
"""The suites of which each folder runs in a process of its own, so that several cores share them."""
PYTHON = ("*.py", "*.pyi", "*.toml", "*.ini", "*.cfg", ".gitignore", ".python-version", "*requirements*")
"""What decides what a check of Python code finds."""
EMULATOR = "e2e/emulator"
LINTS = "template/test_lint.py"
TEMPLATES = (
    "*.yaml",
    "checks/*",
    ".cfnlintrc",
    ".checkov.yaml",
    "*requirements*",
    f"tests/{LINTS}",
    "tests/*stacks.py",
)
"""What decides what cfn-lint, sam and checkov find."""

type Measure = Literal["lines", "branches"]
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
    """A slice of a suite is named suite/slice."""
    command: Sequence[str | Path]
    count: Count
    environment: Mapping[str, str] = field(default_factory=dict)
    quick: bool = True
    """False for what needs minutes or a deployed stack."""
    suite: bool = False
    """Whether it is a suite of tests."""
    measures: Measure | None = None
    """What its coverage is measured in."""
    builds: bool = False
    """Whether it runs SAM builds, whose compiled modules belong into the artefact and nowhere else."""
    reads: Sequence[str] = ()
    """Patterns of the files that decide how it ends, if it need not run again while they are the same."""

    @property
    def names(self) -> set[str]:
        """What it can be chosen by: its own name or its suite's."""
        return {self.name, self.name.partition("/")[0]}


def python_path() -> str:
    """Where the packages lie, as pytest is told."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    folders: list[str] = project["tool"]["pytest"]["ini_options"]["pythonpath"]
    return pathsep.join(str(REPOSITORY / folder) for folder in folders)


def suite(
    name: str, *options: str, quick: bool = True, measures: Measure | None = None, builds: bool = False
) -> Check:
    """Coverage is judged of all suites together, at the end.

    Lines cost next to nothing by sys.monitoring, which on Python 3.13 does not do branches. Those are
    traced, which takes half as long again.
    """
    measuring = ["--cov", "--cov-report=", "--cov-fail-under=0"] if measures else []
    branches = ["--cov-branch"] if measures == "branches" else []
    command: list[str | Path] = [BIN / "pytest", *options, *measuring, *branches, f"tests/{name}"]
    environment = {
        "COVERAGE_FILE": str(COVERAGE / f".{measures}.{name.replace('/', '.')}"),
        "COVERAGE_CORE": "ctrace" if branches else "sysmon",
    }
    return Check(
        name,
        command,
        outcomes,
        environment if measures else {},
        quick=quick,
        suite=True,
        measures=measures,
        builds=builds,
    )


def slices(kind: str) -> list[str]:
    """Each folder of a suite, the one with the most test modules first."""
    folders = [path for path in (REPOSITORY / "tests" / kind).iterdir() if any(path.rglob("test_*.py"))]
    return [
        f"{kind}/{folder.name}"
        for folder in sorted(folders, key=lambda one: (-len([*one.rglob("test_*.py")]), one.name))
    ]


def static_checks() -> list[Check]:
    """What judges files by reading them, the quickest first."""
    ruff = BIN / "ruff"
    return [
        Check(
            "format",
            [ruff, "format", "--check"],
            counting("files", r"(\d+) files? already formatted"),
            reads=PYTHON,
        ),
        Check("lint", [ruff, "check"], counting("findings", r"Found (\d+) error"), reads=PYTHON),
        Check(
            "imports",
            [BIN / "lint-imports", "--no-cache"],
            counting("contracts", r"(\d+) kept"),
            {"PYTHONPATH": python_path()},
            reads=PYTHON,
        ),
        Check("mypy", [BIN / "mypy"], counting("files", r"no issues found in (\d+)"), reads=PYTHON),
        Check(
            "pyright",
            [BIN / "pyright", "--stats"],
            counting("files", r"Total files checked: (\d+)"),
            reads=PYTHON,
        ),
        Check("template-lint", [BIN / "pytest", f"tests/{LINTS}"], outcomes, suite=True, reads=TEMPLATES),
    ]


def checks() -> list[Check]:
    """What fails soonest first, then the deployed stack's suite, which takes as long as all others together.

    The emulator's suite is part of it, but needs no deployed stack, and so runs beside it.
    """
    return [
        *static_checks(),
        suite("e2e", f"--ignore=tests/{EMULATOR}", quick=False, builds=True),
        suite("contract", measures="lines"),
        *(suite(name, measures="branches") for name in slices("unit")),
        suite("template", f"--ignore=tests/{LINTS}", builds=True),
        suite("gates", quick=False, builds=True),
        suite(EMULATOR, quick=False, builds=True),
        *(suite(name, measures="branches") for name in slices("integration")),
    ]


def decisive() -> list[str]:
    """The files of what decides: the kernel, and what is pure by its place (the first import contract)."""
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
    contracts: list[dict[str, list[str]]] = project["tool"]["importlinter"]["contracts"]
    patterns = [name for name in contracts[0]["pure"] if not name.startswith("troupe.")]
    return ["*/troupe/*", *(f"*/src/{pattern.replace('.', '/')}.py" for pattern in patterns)]


def coverage() -> list[Check]:
    """After all suites: every line that they ran, and every branch of what decides.

    The lines of everything are what pyproject.toml asks for, from unit, contract and integration tests. The
    branches of what decides are those that unit and integration tests ran.
    """
    files = ",".join(decisive())
    lines, branches = COVERAGE / "lines", COVERAGE / "branches"
    report = f"'{BIN}/coverage' report"
    percent = counting("%", r"TOTAL.*\s(\d+)%")
    combine = f"'{BIN}/coverage' combine --keep --quiet '{COVERAGE}'/.branches.*"
    return [
        Check(
            "coverage of lines",
            ["sh", "-c", f"'{BIN}/python' -m local.verify.line_coverage '{COVERAGE}' '{lines}' && {report}"],
            percent,
            {"COVERAGE_FILE": str(lines)},
        ),
        Check(
            "coverage of what decides",
            ["sh", "-c", f"{combine} && {report} --fail-under=100 --include='{files}'"],
            percent,
            {"COVERAGE_FILE": str(branches)},
        ),
    ]
