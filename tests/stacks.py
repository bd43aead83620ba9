"""The templates, and the stacks in them as sam's own providers see them."""

from functools import cache
from pathlib import Path

from cfnlint.decode import decode
from samcli.lib.providers.provider import Stack
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider

from checks.stack import expanded

ROOT = Path(__file__).parents[1]
TEMPLATES = (ROOT / "template.yaml", *sorted(ROOT.glob("functions/*/template.yaml")))
CONTEXTS = TEMPLATES[1:]


@cache
def written(template: Path) -> dict:
    parsed, errors = decode(str(template))
    assert not errors
    return parsed


def resources(template: Path) -> dict:
    """A template's resources as they are written."""
    return written(template)["Resources"]


@cache
def transformed(template: Path) -> dict:
    """A template's resources as CloudFormation sees them, after SAM's transform."""
    return expanded(written(template))["Resources"]


def stacks(template: Path, **parameters: str) -> list[Stack]:
    """The root and its nested stacks, as sam finds them."""
    found, remote = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    assert not remote
    return found


def of_type(found: dict, kind: str) -> dict[str, dict]:
    """The properties of the resources of one type, by logical id."""
    return {name: each.get("Properties", {}) for name, each in found.items() if each["Type"] == kind}
