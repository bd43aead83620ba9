"""The real sam build and sam deploy, against the emulator."""

import platform
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from local.places import REPOSITORY, LocalError
from local.stack.fingerprint import Deployed, fingerprint, held
from local.stack.ministack import api_url, client, client_environment, without_aws

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudformation.type_defs import StackEventTypeDef

ARCHITECTURES = {"aarch64": "arm64", "amd64": "x86_64", "arm64": "arm64", "x86_64": "x86_64"}
SAM = Path(sys.executable).with_name("sam")
LAST_LINES = 40
INPUTS = ("template.yaml", "samconfig.toml", "functions", "layers", "requirements/project.txt")
"""What a deployment of the repository is made of; sam itself is in the lock."""
CONFIGURATION = "local"
"""The environment of samconfig.toml that holds the parameters of the local stack."""

type Say = Callable[[str], None]


class DeploymentError(LocalError):
    """sam ended with an error; the message says why."""


@dataclass(frozen=True, slots=True)
class Application:
    """What is deployed: a folder with template.yaml and samconfig.toml."""

    folder: Path = REPOSITORY

    def settings(self) -> dict[str, Any]:
        text = (self.folder / "samconfig.toml").read_text(encoding="utf-8")
        chosen: dict[str, Any] = tomllib.loads(text)[CONFIGURATION]
        return {
            name: value for table in chosen.values() for name, value in table.get("parameters", {}).items()
        }

    def stack_name(self) -> str:
        return str(self.settings()["stack_name"])

    def fingerprint(self, around: "Surroundings") -> str:
        """Of all that goes into a deployment; of any other folder than the repository that is all of it."""
        inputs = INPUTS if self.folder == REPOSITORY else (".",)
        return fingerprint(self.folder, [self.folder / each for each in inputs], self.parameters(around))

    def parameters(self, around: "Surroundings") -> list[str]:
        """What replaces the file's: the file's, this machine's architecture and what is around the stack."""
        given = self.settings().get("parameter_overrides", [])
        listed = shlex.split(given) if isinstance(given, str) else list(given)
        architecture = ARCHITECTURES[platform.machine().lower()]
        found = {"Architecture": architecture, **around.parameters()}
        return [*listed, *(f"{name}={value}" for name, value in found.items())]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a stack is deployed into: the emulator, the simulated Stripe, and its clock."""

    aws_url: str
    stripe_url: str
    clock_file: Path

    def parameters(self) -> dict[str, str]:
        return {
            "PublicUrl": api_url(self.aws_url),
            "StripeUrl": self.stripe_url,
            "PlatformStripeUrl": self.stripe_url,
            "ClockFile": str(self.clock_file.absolute()),
        }


def sam_environment(outside: Mapping[str, str], folder: Path, url: str) -> dict[str, str]:
    return {
        **without_aws(outside),
        **client_environment(url),
        "PATH": f"{SAM.parent}:{outside.get('PATH', '')}",  # the layers' Makefiles call python3.13 and pip
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "SAM_CLI_POLL_DELAY": "0.5",
        "SAM_CLI_TELEMETRY": "0",
        "__SAM_CLI_APP_DIR": str(folder / "sam"),
    }


def run(command: list[str | Path], environment: Mapping[str, str], cwd: Path, log: Path) -> None:
    with log.open("ab") as output:
        subprocess.run(
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=True,
        )


def end_of(log: Path) -> str:
    return "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-LAST_LINES:])


def begins(event: "StackEventTypeDef", stack: str) -> bool:
    """Whether a deployment of the stack began with this event."""
    status = event["ResourceStatus"]
    return event["LogicalResourceId"] == stack and status in {"CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"}


def causes(stacks: "CloudFormationClient", stack: str) -> str:
    """Why the last deployment failed, in the words of what failed first."""
    pages = stacks.get_paginator("describe_stack_events").paginate(StackName=stack)
    events = [event for page in pages for event in page["StackEvents"]]  # the latest first
    last = takewhile(lambda event: not begins(event, stack), events)
    failed = [
        f"{event['LogicalResourceId']} ({event['ResourceType']}): {event['ResourceStatusReason']}"
        for event in last
        if event["ResourceStatus"].endswith("FAILED") and event.get("ResourceStatusReason")
    ]
    return "\n".join(reversed(failed))


@dataclass(frozen=True, slots=True)
class Deployment:
    """An application on its way into the emulator; `folder` keeps what was built, and sam's log."""

    application: Application
    environment: Mapping[str, str]
    folder: Path
    around: Surroundings

    @property
    def log(self) -> Path:
        return self.folder / "sam.log"

    @property
    def built(self) -> Path:
        return self.folder / "build"

    def sam(self, *arguments: str | Path) -> None:
        parameters = self.application.parameters(self.around)
        command = [SAM, *arguments, "--config-env", CONFIGURATION, "--parameter-overrides", *parameters]
        run(command, self.environment, self.application.folder, self.log)

    def build(self) -> None:
        """What did not change comes from the cache."""
        cache = self.folder / "sam-cache"
        try:
            self.sam("build", "--cached", "--parallel", "--build-dir", self.built, "--cache-dir", cache)
        except subprocess.CalledProcessError as error:
            raise DeploymentError(f"sam build:\n{end_of(self.log)}") from error

    def deploy(self) -> None:
        """What did not change stays as it is."""
        options = ["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
        config = self.application.folder / "samconfig.toml"  # sam looks for it beside the built template
        try:
            self.sam(
                "deploy", "--template-file", self.built / "template.yaml", "--config-file", config, *options
            )
        except subprocess.CalledProcessError as error:
            stacks = client("cloudformation", self.around.aws_url)
            reasons = causes(stacks, self.application.stack_name()) or end_of(self.log)
            raise DeploymentError(f"sam deploy:\n{reasons}") from error


def bring_up_to_date(
    application: Application, outside: Mapping[str, str], folder: Path, around: Surroundings, say: Say
) -> None:
    """Builds and deploys, unless the emulator holds what the last deployment made of the same inputs."""
    stacks, name = client("cloudformation", around.aws_url), application.stack_name()
    wanted, known = application.fingerprint(around), Deployed.read(folder)
    if known and known.held and known == Deployed(wanted, held(stacks, name)):
        say("nothing to build or deploy: no input has changed")
        return
    Deployed.forget(folder)
    environment = sam_environment(outside, folder, around.aws_url)
    deployment = Deployment(application, environment, folder, around)
    deployment.log.write_bytes(b"")
    say(f"building with sam, log in {deployment.log}")
    deployment.build()
    say("deploying with sam")
    deployment.deploy()
    Deployed(wanted, held(stacks, name)).write(folder)
