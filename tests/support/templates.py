"""The templates, and the stacks in them as sam's own providers see them."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from cfnlint.decode import decode
from samcli.lib.providers.api_provider import ApiProvider
from samcli.lib.providers.provider import Function, Stack
from samcli.lib.providers.sam_function_provider import SamFunctionProvider
from samcli.lib.providers.sam_stack_provider import SamLocalStackProvider
from samcli.local.apigw.route import Route

from checks.stack import expanded

ROOT = Path(__file__).parents[2]
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


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():  # sam calls what its own translator calls deprecated
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


def stacks(template: Path, **parameters: str) -> list[Stack]:
    """The root and its nested stacks, as sam finds them."""
    found, remote = SamLocalStackProvider.get_stacks(str(template), parameter_overrides=parameters)
    assert not remote
    return found


@cache
def functions(template: Path) -> dict[str, Function]:
    """Every function that `sam local invoke` knows, by its path, as Identity/LogIn."""
    with _quiet():
        return {each.full_path: each for each in SamFunctionProvider(stacks(template)).get_all()}


@cache
def routes(template: Path) -> dict[str, Route]:
    """Every route that sam finds, by its stack, method and path.

    Each stack is asked alone; `served` tells what becomes of them on one host.
    """
    with _quiet():
        found = [each for stack in stacks(template) for each in ApiProvider([stack]).api.routes]
    return {f"{each.stack_path} {method} {each.path}": each for each in found for method in each.methods}


def served(template: Path) -> dict[str, str]:
    """The functions that `sam local start-api` calls, by method and path: one host for all stacks."""
    with _quiet():
        found = ApiProvider(stacks(template)).api.routes
    return {
        f"{method} {each.path}": f"{each.stack_path}/{each.function_name}".lstrip("/")
        for each in found
        for method in each.methods
    }


def of_type(found: dict, kind: str) -> dict[str, dict]:
    """The properties of the resources of one type, by logical id."""
    return {name: each.get("Properties", {}) for name, each in found.items() if each["Type"] == kind}
