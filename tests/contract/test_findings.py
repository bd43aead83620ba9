"""docs/findings.md: each finding is open, mended with a test that exists, or refused with a decision that exists."""

import ast
import re

import pytest

from local.places import REPOSITORY

DECISIONS = REPOSITORY / "docs" / "decisions"
TEXT = (REPOSITORY / "docs" / "findings.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^- \*\*(?P<name>\w+ \d+)\*\* (?P<title>.+)\n(?P<became>(?:  .+\n?)+)", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)((?:::\w+)*)(?:\[[^`]*\])?`")
DECISION = re.compile(r"decisions/(\d{4}-[\w-]+\.md)")
ENTRIES = {one["name"]: one["became"] for one in ENTRY.finditer(TEXT)}


def exists(module: str, names: str) -> bool:
    """Whether a test module holds a class or function, named as pytest does: `::TestA::test_b`."""
    path = REPOSITORY / module
    if not path.is_file():
        return False
    body: list[ast.stmt] = ast.parse(path.read_text(encoding="utf-8")).body
    for name in names.split("::")[1:]:
        found = [one for one in body if isinstance(one, ast.ClassDef | ast.FunctionDef) and one.name == name]
        if not found:
            return False
        body = found[0].body
    return True


def test_every_line_belongs_to_an_entry() -> None:
    assert len(ENTRIES) == len([line for line in TEXT.splitlines() if line.startswith("- **")]) > 0


@pytest.mark.parametrize("name", ENTRIES)
def test_says_what_became_of_it(name: str) -> None:
    became = ENTRIES[name].strip()
    match became.partition(" ")[0]:
        case "Open.":
            assert not TEST.search(became)
        case "Mended:":
            tests = TEST.findall(became)
            assert tests, f"name the test that shows it: `tests/...::test_...`, in {became!r}"
            assert [test for test in tests if not exists(*test)] == []
        case "Refused:":
            decisions = DECISION.findall(became)
            assert decisions, f"name the decision: [0000](decisions/0000-....md), in {became!r}"
            assert [one for one in decisions if not (DECISIONS / one).is_file()] == []
        case _:
            pytest.fail(f"begin with Open., Mended: or Refused:, not {became!r}")
