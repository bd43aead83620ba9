"""What was deployed last and where, so that an unchanged stack is neither built nor deployed again."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from mypy_boto3_cloudformation import CloudFormationClient

LEFT_OUT = {"__pycache__"}
COMPLETE = {"CREATE_COMPLETE", "UPDATE_COMPLETE"}


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """Those below the paths, in an order that is always the same; a path that is not there has none."""
    for path in paths:
        found = [path] if path.is_file() else path.rglob("*")
        yield from sorted(one for one in found if one.is_file() and not LEFT_OUT & set(one.parts))


def fingerprint(folder: Path, paths: Iterable[Path], parameters: Iterable[str]) -> str:
    """Of the names and contents of all files, and of the parameters."""
    digest = hashlib.sha256(json.dumps(list(parameters)).encode())
    for file in files(paths):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(folder)} {content}\n".encode())
    return digest.hexdigest()


def held(stacks: "CloudFormationClient", stack: str) -> str | None:
    """Which deployment of the stack an emulator holds; None if there is none, or one that failed."""
    try:
        (found,) = stacks.describe_stacks(StackName=stack)["Stacks"]
    except ClientError:
        return None
    if found["StackStatus"] not in COMPLETE:
        return None
    return f"{found['StackId']} {found.get('LastUpdatedTime', found['CreationTime'])}"


@dataclass(frozen=True, slots=True)
class Deployed:
    """The last deployment of a state folder: its fingerprint, and how the emulator knew it."""

    fingerprint: str
    held: str | None

    def write(self, folder: Path) -> None:
        _file(folder).write_text(json.dumps(asdict(self)), encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Self | None:
        try:
            return cls(**json.loads(_file(folder).read_text(encoding="utf-8")))
        except FileNotFoundError:
            return None

    @staticmethod
    def forget(folder: Path) -> None:
        _file(folder).unlink(missing_ok=True)


def _file(folder: Path) -> Path:
    return folder / "deployed.json"
