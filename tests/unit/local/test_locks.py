"""The locks pin every package by its hash, and name no place to get it from."""

import re
from pathlib import Path

import pytest

from local.places import REPOSITORY

LOCKS = sorted([*REPOSITORY.glob("requirements/*.txt"), *REPOSITORY.glob("layers/*/requirements.txt")])
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*(?:\[[^]]*\])?)==(\S+)", re.MULTILINE)


def pins(lock: Path) -> dict[str, str]:
    return dict(PINNED.findall(lock.read_text()))


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: str(path.relative_to(REPOSITORY)))
def test_a_lock_has_hashes_and_no_address(lock: Path) -> None:
    text = lock.read_text()
    requirements = [line for line in text.splitlines() if re.match(r"[a-zA-Z0-9]", line)]
    assert len(requirements) == len(pins(lock)) > 0
    assert text.count("--hash=sha256:") >= len(requirements)
    assert not re.search(r"://|--(extra-)?index|--find-links|@ file", text)


def test_the_layers_carry_what_the_tests_run_with() -> None:
    project = pins(REPOSITORY / "requirements" / "project.txt")
    for name in ("runtime", "stripe"):
        layer = pins(REPOSITORY / "layers" / name / "requirements.txt")
        assert {package: project.get(package) for package in layer} == layer


def test_the_emulators_are_the_versions_their_modules_were_written_for() -> None:
    assert "ministack[full]==1.5.33" in (REPOSITORY / "requirements/ministack.in").read_text()
