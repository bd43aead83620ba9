"""The hand-written guides: their links lead somewhere, their operations are routes, and the runbook knows each alarm."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from documents.contexts import contexts, routes
from documents.places import ROOT

GUIDES = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/guides/*.md"),
        *ROOT.glob("functions/*/README.md"),
    ]
)
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
OPERATION = re.compile(r"\b(GET|POST|PUT|PATCH|DELETE) (/[^\s`,;|)]+)")
BELOW = re.compile(r"Operations are below `(/v1/\w+)`")
ALARM = re.compile(r"^  (\w+):\n    Type: AWS::CloudWatch::Alarm", re.MULTILINE)


def normal(path: str) -> str:
    """A path without the names of its parameters, which guides shorten."""
    return re.sub(r"\{[^}]*\}", "{}", path.partition("?")[0].rstrip("."))


@pytest.fixture(scope="module")
def known() -> set[tuple[str, str]]:
    return {(route.method, normal(route.path)) for context in contexts() for route in routes(context)}


def named(guide: Path) -> Iterator[tuple[str, str]]:
    """The operations that a guide names, with the prefix that it says once."""
    text = guide.read_text(encoding="utf-8")
    below = BELOW.search(text)
    for method, path in OPERATION.findall(text):
        whole = path if path.startswith("/v1/") or below is None else f"{below[1]}{path}"
        yield method, normal(whole)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: str(guide.relative_to(ROOT)))
def test_links_lead_to_files(guide: Path):
    links = LINK.findall(guide.read_text(encoding="utf-8"))
    missing = [link for link in links if not (guide.parent / link).exists()]
    assert not missing, f"{guide.relative_to(ROOT)} links to what is not there: {missing}"


@pytest.mark.parametrize("guide", sorted(ROOT.glob("docs/guides/*.md")), ids=lambda guide: guide.stem)
def test_operations_of_guides_are_routes(guide: Path, known: set[tuple[str, str]]):
    asked = set(named(guide))
    assert asked, "a guide names the operations that it needs"
    assert not asked - known, f"{guide.name} names no route of the API: {sorted(asked - known)}"


def test_operations_of_texts_are_routes(known: set[tuple[str, str]]):
    asked = {
        each for name in ("authentication", "concepts", "plans") for each in named(ROOT / f"docs/{name}.md")
    }
    assert not asked - known, f"no routes of the API: {sorted(asked - known)}"


def test_the_runbook_knows_each_alarm():
    templates = [ROOT / "template.yaml", *ROOT.glob("functions/*/template.yaml")]
    alarms = {name for template in templates for name in ALARM.findall(template.read_text(encoding="utf-8"))}
    runbook = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    missing = sorted(name for name in alarms if f"| {name} |" not in runbook)
    assert alarms
    assert not missing, f"add a row to the table of alarms in docs/runbook.md for {missing}"
