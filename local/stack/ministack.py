"""The AWS emulator: MiniStack in an environment of its own, on loopback, with IAM enforced."""

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.places import REPOSITORY, interpreter
from local.stack.processes import Server
from local.stack.travel import clock_file

REGION = "us-east-1"
ACCOUNT = "000000000000"
SECONDS_TO_START = 300.0  # of a process that lives and does not answer yet, on a busy machine
READ_TIMEOUT = 300  # seconds; a function that is invoked waits for its turn
SOURCES = (REPOSITORY / "local" / "emulator", REPOSITORY / "requirements" / "ministack.txt")
MENDED = ("-m", "local.emulator")
STOCK = ("-c", "from ministack.app import main; main()")


def url_of(port: int) -> str:
    """What AWS clients call it."""
    return f"http://localhost:{port}"


def api_url(url: str) -> str:
    """Under its IP address, which is the deployed APIs' domain name, the emulator serves them and not AWS."""
    return url.replace("localhost", "127.0.0.1")


def client_environment(url: str) -> dict[str, str]:
    """Makes boto3, the AWS CLI and sam talk to the emulator as its root, and to nothing else."""
    return {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_CONFIG_FILE": "/dev/null",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_ENDPOINT_URL": url,
        "AWS_REGION": REGION,
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
        "NO_PROXY": "localhost,127.0.0.1",
        "no_proxy": "localhost,127.0.0.1",
    }


def without_aws(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if not name.startswith("AWS_")}


def server_environment(outside: Mapping[str, str], folder: Path, port: int) -> dict[str, str]:
    return {
        **without_aws(outside),
        **client_environment(url_of(port)),
        "AUTH": "true",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "MINISTACK_ACCOUNT_ID": ACCOUNT,
        "S3_DATA_DIR": str(folder / "s3"),
        "STATE_DIR": str(folder / "state"),
        "TMPDIR": str(folder / "workers"),
        "TROUPE_EMULATOR_LAYERS": str(folder / "layers"),
        **{name: value for name, value in outside.items() if name.startswith("TROUPE_EMULATOR_")},
    }


def client(service: str, url: str) -> Any:
    """A boto3 client with the rights of the emulator's root."""
    factory: Any = boto3.client  # its overloads want a literal
    return factory(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(read_timeout=READ_TIMEOUT),
    )


def server(folder: Path) -> Server:
    return Server("ministack", folder, "/_ministack/health", SECONDS_TO_START, SOURCES)


def start(outside: Mapping[str, str], folder: Path, port: int, program: tuple[str, ...] = MENDED) -> Server:
    """Starts it without waiting; an earlier run's workers left their folders behind."""
    home = folder / "ministack"
    shutil.rmtree(home, ignore_errors=True)
    (home / "workers").mkdir(parents=True)
    started = server(folder)
    command: list[str | Path] = [interpreter("ministack"), *program]
    environment = {
        "TROUPE_EMULATOR_CLOCK_FILE": str(clock_file(folder)),
        **server_environment(outside, home, port),
    }
    started.start(command, environment, url_of(port), REPOSITORY)
    return started
