"""What make test counts and when it is content."""

import sys
from collections import Counter

import pytest

from local.places import REPOSITORY
from local.verify import run
from local.verify.checks import Check, checks, counting, outcomes, python_path, slices, static_checks
from local.verify.progress import progress
from local.verify.run import BYTECODE, Result, closing_line, environment, perform, selected

CLOSING = "=== 2 failed, 30 passed, 1 skipped, 1 error in 12.34s (0:00:12) ==="


def result(printed: str, *, code: int = 0, suite: bool = True) -> Result:
    count = outcomes if suite else counting("files", r"(\d+) files")
    return Result(Check("example", ["true"], count, suite=suite), code, printed, 1.0)


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        (CLOSING, {"failed": 2, "passed": 30, "skipped": 1, "errors": 1}),
        ("5 passed in 0.10s", {"passed": 5}),
        ("it said: 7 passed in 1.00s\n= 5 passed in 0.10s =", {"passed": 5}),
        ("3 failed attempts\nno tests ran in 0.01s", {}),
        ("", {}),
    ],
)
def test_pytests_closing_line_is_read(printed: str, expected: dict[str, int]) -> None:
    assert outcomes(printed) == Counter(expected)


def test_a_suite_that_ran_nothing_has_not_passed() -> None:
    assert result("5 passed in 0.10s").passed
    assert not result("5 passed in 0.10s", code=1).passed
    assert not result("no tests ran in 0.10s").passed
    assert result("found 3 files", suite=False).passed


def test_the_closing_line_adds_up_the_suites_alone() -> None:
    results = [result("5 passed in 0.10s"), result(CLOSING, code=1), result("9 files", suite=False)]
    expected = " 2 failed, 1 errors, 35 passed, 1 skipped in 60.00s "
    assert closing_line(results, 60).strip("=") == expected


def test_checks_are_chosen_by_name() -> None:
    assert [one.name for one in selected(["mypy", "unit/local"], quick=False)] == ["mypy", "unit/local"]
    assert {one.name for one in selected(["unit"], quick=False)} == set(slices("unit"))
    assert len(selected([], quick=False)) == len(checks())
    assert "e2e" not in {one.name for one in selected([], quick=True)}
    with pytest.raises(SystemExit, match="no such check: nonsense"):
        selected(["nonsense", "unit"], quick=False)


def test_every_test_module_is_in_one_suite_or_slice() -> None:
    commands = [[str(part) for part in one.command] for one in checks() if one.suite]
    named = [(REPOSITORY / command[-1], command) for command in commands]
    for module in (REPOSITORY / "tests").rglob("test_*.py"):
        around = (module, *module.parents[: len(module.relative_to(REPOSITORY).parents)])
        ignored = {f"--ignore={each.relative_to(REPOSITORY)}" for each in around}
        runs = [c for place, c in named if not ignored.intersection(c) and place in around]
        assert len(runs) == 1, module


def test_what_fails_soonest_comes_first() -> None:
    names = [one.name for one in checks()]
    statics = [one.name for one in static_checks()]
    assert names[: len(statics)] == statics
    assert names[len(statics)] == "e2e"


def test_compiled_modules_are_kept_but_not_beside_a_build() -> None:
    outside = {"HOME": "/h", "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPYCACHEPREFIX": "/elsewhere"}
    expected = {"HOME": "/h", "TROUPE_TEST_RUN": run.RUN}
    kept = environment(Check("example", ["true"], outcomes, {"A": "b"}), outside)
    assert kept == {**expected, "A": "b", "PYTHONPYCACHEPREFIX": str(BYTECODE)}
    assert environment(Check("example", ["true"], outcomes, builds=True), outside) == expected


def test_a_check_says_that_it_begins_and_how_far_it_is(monkeypatch, tmp_path, capsys) -> None:
    read = tmp_path / "read"
    suite = f"""
import pathlib, time
print("collected 3 items\\n\\ntests/a.py .F", end="", flush=True)
while not pathlib.Path({str(read)!r}).exists():
    time.sleep(0.01)
"""

    def noted(printed: str) -> str:
        if printed:
            read.touch()
        return progress(printed)

    monkeypatch.setattr(run, "LOGS", tmp_path)
    monkeypatch.setattr(run, "SAYS_EVERY", 0.01)
    monkeypatch.setattr(run, "progress", noted)
    done = perform(Check("suite/example", [sys.executable, "-c", suite], outcomes))
    assert done.code == 0
    said = capsys.readouterr().out
    assert said.startswith("begins suite/example\n")
    assert "suite/example: 2 of 3 tests, 1 failed" in said


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", ""),
        ("=== test session starts ===\nrootdir: /x", ""),
        ("collected 7 items\n", "0 of 7 tests"),
        ("collected 7 items\n\ntests/a.py ..s..   [ 71%]\n", "5 of 7 tests"),
        ("collected 7 items\n\ntests/a.py ..s..   [ 71%]\ntests/b.py .", "6 of 7 tests"),
        (
            "collected 7 items / 1 deselected\n\ntests/a.py ...   [ 42%]\nFE..  [100%]",
            "7 of 7 tests, 2 failed",
        ),
    ],
)
def test_progress_is_read_from_pytests_dots(printed: str, expected: str) -> None:
    assert progress(printed) == expected


def test_the_mean_is_of_suites_alone() -> None:
    assert result("5 passed in 0.10s").mean == "200"
    assert result("found 3 files", suite=False).mean == ""
    assert result("no tests ran in 0.10s").mean == ""


def test_what_runs_tests_of_code_always_runs() -> None:
    assert {one.name for one in checks() if one.reads} == {one.name for one in static_checks()}


def test_every_suite_of_code_has_its_lines_measured_and_what_decides_its_branches() -> None:
    measured = {one.name: one.measures for one in checks() if one.measures}
    assert set(measured) == {"contract", *slices("unit"), *slices("integration")}
    branches = {name for name, what in measured.items() if what == "branches"}
    assert branches == {*slices("unit"), *slices("integration")}
    files = {one.environment["COVERAGE_FILE"] for one in checks() if one.measures}
    assert len(files) == len(measured), "each has a file of its own"


def test_import_contracts_find_the_packages() -> None:
    assert "layers/kernel" in python_path()
