"""What sam is told, and what is told of sam."""

import platform
from pathlib import Path
from typing import Any

import pytest

from local.stack import ministack
from local.stack.deployment import Application, Surroundings, causes, sam_environment

SAMCONFIG = """
[local.global.parameters]
stack_name = "example"
[local.deploy.parameters]
parameter_overrides = {overrides}
"""


def application(folder: Path, overrides: str) -> Application:
    (folder / "samconfig.toml").write_text(SAMCONFIG.format(overrides=overrides))
    return Application(folder)


@pytest.mark.parametrize("overrides", ['["A=1", "B=two words"]', "\"A=1 'B=two words'\""])
def test_samconfig_is_completed_by_the_machine_and_the_port(
    tmp_path: Path, overrides: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    chosen = application(tmp_path, overrides)
    assert chosen.stack_name() == "example"
    around = Surroundings(
        aws_url="http://localhost:4566",
        stripe_url="http://127.0.0.1:1",
        clock_file=Path("state/clock"),
    )
    assert chosen.parameters(around) == [
        "A=1",
        "B=two words",
        "Architecture=arm64",
        "PublicUrl=http://127.0.0.1:4566",
        "StripeUrl=http://127.0.0.1:1",
        "PlatformStripeUrl=http://127.0.0.1:1",
        f"ClockFile={Path.cwd()}/state/clock",
    ]


def test_sam_sees_the_emulator_and_no_account_of_the_users() -> None:
    outside = {"AWS_PROFILE": "production", "AWS_ACCESS_KEY_ID": "AKIA", "PATH": "/bin", "HOME": ""}
    seen = sam_environment(outside, Path("state"), "http://localhost:1")
    assert "AWS_PROFILE" not in seen
    assert seen["AWS_ACCESS_KEY_ID"] == "test"
    assert seen["AWS_SHARED_CREDENTIALS_FILE"] == seen["AWS_CONFIG_FILE"] == "/dev/null"
    assert seen["AWS_ENDPOINT_URL"] == "http://localhost:1"
    assert seen["PATH"].endswith(":/bin")


def test_the_emulator_listens_on_loopback_and_enforces_iam() -> None:
    outside = {"AWS_PROFILE": "production", "TROUPE_EMULATOR_WARM_WORKERS": "3"}
    seen = ministack.server_environment(outside, Path("state"), 4566)
    assert (seen["BIND_HOST"], seen["AUTH"], seen["GATEWAY_PORT"]) == ("127.0.0.1", "true", "4566")
    assert seen["AWS_ENDPOINT_URL"] == "http://localhost:4566"
    assert seen["TROUPE_EMULATOR_WARM_WORKERS"] == "3"
    assert "AWS_PROFILE" not in seen


class Events:
    """A stack's events, the latest first, as CloudFormation pages them."""

    def __init__(self, *events: tuple[str, str, str]) -> None:
        names = ("LogicalResourceId", "ResourceStatus", "ResourceStatusReason")
        self.events = [{"ResourceType": "AWS::X", **dict(zip(names, event, strict=True))} for event in events]

    def get_paginator(self, _: str) -> "Events":
        return self

    def paginate(self, **_: str) -> list[dict[str, Any]]:
        return [{"StackEvents": self.events[:2]}, {"StackEvents": self.events[2:]}]


def test_what_failed_first_is_named_first_and_earlier_deployments_are_not() -> None:
    stacks: Any = Events(
        ("example", "UPDATE_ROLLBACK_COMPLETE", ""),
        ("Child", "UPDATE_FAILED", "because of the role"),
        ("Role", "CREATE_FAILED", "no such policy"),
        ("example", "UPDATE_IN_PROGRESS", "User Initiated"),
        ("Queue", "CREATE_FAILED", "long forgotten"),
    )
    assert causes(stacks, "example") == "Role (AWS::X): no such policy\nChild (AWS::X): because of the role"
