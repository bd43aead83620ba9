"""What make test counts and when it is content."""

from collections import Counter

import pytest

from local.checks import Check, checks, counting, outcomes, python_path
from local.verify import Result, closing_line, selected

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
    assert [one.name for one in selected(["unit", "mypy"], quick=False)] == ["unit", "mypy"]
    assert len(selected([], quick=False)) == len(checks())
    assert "e2e" not in {one.name for one in selected([], quick=True)}
    with pytest.raises(SystemExit, match="no such check: nonsense"):
        selected(["nonsense"], quick=False)


def test_every_folder_of_tests_is_a_suite() -> None:
    from local.places import REPOSITORY

    folders = {path.name for path in (REPOSITORY / "tests").iterdir() if path.is_dir()}
    suites = {one.name for one in checks() if one.suite}
    assert folders - {"__pycache__"} == suites


def test_import_contracts_find_the_packages() -> None:
    assert "layers/kernel" in python_path()
