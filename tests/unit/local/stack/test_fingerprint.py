"""An unchanged stack is neither built nor deployed again, and every other one is."""

import dataclasses
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from local.stack import deployment
from local.stack.deployment import Application, Surroundings, bring_up_to_date
from local.stack.fingerprint import Deployed, fingerprint, held

AROUND = Surroundings(
    aws_url="http://localhost:1",
    stripe_url="http://127.0.0.1:2",
    clock_file=Path("/state/clock"),
)
SAMCONFIG = '[local.global.parameters]\nstack_name = "example"\n'


class Emulator:
    """What it holds of the stack; each deployment is another one."""

    def __init__(self) -> None:
        self.stack: dict[str, Any] | None = None
        self.deployments = 0

    def deploy(self) -> None:
        self.deployments += 1
        self.stack = {
            "StackId": "stack/example",
            "StackStatus": "UPDATE_COMPLETE",
            "CreationTime": "first",
            "LastUpdatedTime": f"deployment {self.deployments}",
        }

    def describe_stacks(self, **_: str) -> dict[str, Any]:
        if self.stack is None:
            raise ClientError({"Error": {"Code": "ValidationError"}}, "DescribeStacks")
        return {"Stacks": [self.stack]}


@pytest.fixture
def emulator(monkeypatch: pytest.MonkeyPatch) -> Emulator:
    emulator = Emulator()

    def client(*_: str) -> Emulator:
        return emulator

    def build(_: object) -> None: ...

    def deploy(_: object) -> None:
        emulator.deploy()

    monkeypatch.setattr(deployment, "client", client)
    monkeypatch.setattr(deployment.Deployment, "build", build)
    monkeypatch.setattr(deployment.Deployment, "deploy", deploy)
    return emulator


@pytest.fixture
def application(tmp_path: Path) -> Application:
    folder = tmp_path / "application"
    (folder / "functions").mkdir(parents=True)
    (folder / "samconfig.toml").write_text(SAMCONFIG)
    (folder / "template.yaml").write_text("Resources: {}")
    (folder / "functions" / "one.py").write_text("1")
    return Application(folder)


@pytest.fixture
def again(application: Application, emulator: Emulator, tmp_path: Path) -> Callable[..., int]:
    """Brings the stack up to date; how many deployments there were by then."""
    state = tmp_path / "state"
    state.mkdir()

    def again(**changed: Any) -> int:
        around = dataclasses.replace(AROUND, **changed)
        bring_up_to_date(application, {}, state, around, lambda _: None)
        return emulator.deployments

    return again


def test_an_unchanged_stack_is_deployed_once(again: Callable[..., int], application: Application) -> None:
    assert [again(), again()] == [1, 1]
    (application.folder / "functions" / "__pycache__").mkdir()
    (application.folder / "functions" / "__pycache__" / "one.pyc").write_bytes(b"1")
    assert again() == 1


@pytest.mark.parametrize("name", ["template.yaml", "samconfig.toml", "functions/one.py", "functions/new.py"])
def test_a_changed_file_is_deployed(again: Callable[..., int], application: Application, name: str) -> None:
    again()
    with (application.folder / name).open("a") as file:
        file.write("\n")
    assert [again(), again()] == [2, 2]


def test_a_renamed_file_is_deployed(again: Callable[..., int], application: Application) -> None:
    again()
    (application.folder / "functions" / "one.py").rename(application.folder / "functions" / "two.py")
    assert again() == 2


def test_other_parameters_are_deployed(again: Callable[..., int]) -> None:
    assert [again(), again(stripe_url="http://127.0.0.1:4")] == [1, 2]


def test_what_the_emulator_does_not_hold_is_deployed(again: Callable[..., int], emulator: Emulator) -> None:
    again()
    emulator.stack = None
    assert again() == 2
    assert emulator.stack
    emulator.stack["LastUpdatedTime"] = "by hand"
    assert again() == 3
    emulator.stack["StackStatus"] = "UPDATE_ROLLBACK_COMPLETE"
    assert again() == 4


def test_a_deployment_that_failed_is_tried_again(
    again: Callable[..., int], emulator: Emulator, application: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    again()

    def fails(_: object) -> None:
        raise deployment.DeploymentError("sam deploy")

    text = (application.folder / "template.yaml").read_text()
    (application.folder / "template.yaml").write_text("Resources: {Broken: {}}")
    with monkeypatch.context() as broken:
        broken.setattr(deployment.Deployment, "deploy", fails)
        with pytest.raises(deployment.DeploymentError):
            again()
    (application.folder / "template.yaml").write_text(text)
    assert again() == 2
    assert emulator.deployments == 2


def test_a_deployment_that_is_not_finished_is_none() -> None:
    emulator = Emulator()
    emulator.deploy()
    stacks: Any = emulator
    assert held(stacks, "example") == "stack/example deployment 1"
    assert emulator.stack
    del emulator.stack["LastUpdatedTime"]
    assert held(stacks, "example") == "stack/example first"
    emulator.stack["StackStatus"] = "CREATE_IN_PROGRESS"
    assert held(stacks, "example") is None


def test_what_is_not_there_counts_for_nothing(tmp_path: Path) -> None:
    assert fingerprint(tmp_path, [tmp_path / "absent"], []) == fingerprint(tmp_path, [], [])


def test_what_was_deployed_is_remembered_until_it_is_forgotten(tmp_path: Path) -> None:
    Deployed("f", "h").write(tmp_path)
    assert Deployed.read(tmp_path) == Deployed("f", "h")
    Deployed.forget(tmp_path)
    assert Deployed.read(tmp_path) is None
