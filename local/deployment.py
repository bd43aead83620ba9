"""The real sam build and sam deploy, against the emulator."""

import platform
import subprocess
import sys
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.ministack import client_environment, without_aws
from local.places import REPOSITORY

ARCHITECTURES = {"aarch64": "arm64", "amd64": "x86_64", "arm64": "arm64", "x86_64": "x86_64"}
SAM = Path(sys.executable).with_name("sam")
CONFIGURATION = "local"
"""The environment of samconfig.toml that holds the parameters of the local stack."""

type Say = Callable[[str], None]


class DeploymentFailed(Exception):
    """sam ended with an error; the message is the end of what it printed."""


@dataclass(frozen=True, slots=True)
class Application:
    """What is deployed: a folder with template.yaml and samconfig.toml."""

    folder: Path = REPOSITORY

    def settings(self) -> dict[str, Any]:
        text = (self.folder / "samconfig.toml").read_text(encoding="utf-8")
        chosen: dict[str, Any] = tomllib.loads(text)[CONFIGURATION]
        return {name: value for table in chosen.values() for name, value in table.get("parameters", {}).items()}

    def stack_name(self) -> str:
        return str(self.settings()["stack_name"])

    def parameters(self) -> list[str]:
        """samconfig's own, and the architecture of this machine; given on the command line, they replace the file's."""
        given = self.settings().get("parameter_overrides", [])
        listed = given.split() if isinstance(given, str) else list(given)
        return [*listed, f"Architecture={ARCHITECTURES[platform.machine().lower()]}"]


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
        done = subprocess.run(
            command, cwd=cwd, env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if done.returncode:
        printed = log.read_text(encoding="utf-8", errors="replace").splitlines()
        raise DeploymentFailed("\n".join(printed[-40:]))


def build(application: Application, folder: Path, environment: Mapping[str, str]) -> Path:
    """The built template; what did not change comes from the cache."""
    built, cache = folder / "build", folder / "sam-cache"
    options = ["--cached", "--parallel", "--build-dir", built, "--cache-dir", cache]
    parameters = ["--parameter-overrides", *application.parameters()]
    command = [SAM, "build", "--template", "template.yaml", "--config-env", CONFIGURATION, *options, *parameters]
    run(command, environment, application.folder, folder / "sam.log")
    return built / "template.yaml"


def deploy(application: Application, folder: Path, environment: Mapping[str, str], template: Path) -> None:
    options = ["--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"]
    config = ["--config-file", application.folder / "samconfig.toml", "--config-env", CONFIGURATION]
    parameters = ["--parameter-overrides", *application.parameters()]
    command = [SAM, "deploy", "--template-file", template, *config, *options, *parameters]
    run(command, environment, application.folder, folder / "sam.log")


def bring_up_to_date(application: Application, outside: Mapping[str, str], folder: Path, url: str, say: Say) -> None:
    """Builds and deploys; what did not change stays as it is."""
    (folder / "sam.log").write_bytes(b"")
    environment = sam_environment(outside, folder, url)
    say("sam build")
    template = build(application, folder, environment)
    say("sam deploy")
    deploy(application, folder, environment, template)
