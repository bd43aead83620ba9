"""A package has at most 20 modules beside each other, and a source file at most 300 lines."""

import pytest

from support.templates import ROOT

MOST_MODULES = 20
MOST_LINES = 300
TOPS = ("functions", "layers", "local", "bench", "demo", "stripe_simulator", "documents", "checks", "tests")
SOURCES = [path for top in TOPS for path in sorted((ROOT / top).rglob("*.py"))]


@pytest.mark.parametrize("top", TOPS)
def test_a_package_has_few_modules(top):
    counted = {}
    for path in (ROOT / top).rglob("*.py"):
        if path.name not in {"__init__.py", "conftest.py"} and path.parent.name != "handlers":
            counted[path.parent] = counted.get(path.parent, 0) + 1
    crowded = {
        str(folder.relative_to(ROOT)): count for folder, count in counted.items() if count > MOST_MODULES
    }
    assert crowded == {}


def test_a_source_file_is_short():
    lines = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in SOURCES}
    assert {name: count for name, count in lines.items() if count > MOST_LINES} == {}
