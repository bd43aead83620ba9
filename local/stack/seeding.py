"""What a fresh stack needs before anyone can use it: a sender, the secrets of Stripe, the first operator."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from local.places import LocalError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sesv2 import SESV2Client


class SeedingError(LocalError):
    """A function answered with an error; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Operator:
    """The first platform operator's credentials."""

    email: str = "operator@example.com"
    password: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    @classmethod
    def kept(cls, folder: Path) -> Self:
        """Always the same for a state folder, so that a start that broke off leaves no unknown password."""
        file = folder / "operator.json"
        if not file.exists():
            file.touch(mode=0o600)
            file.write_text(json.dumps(asdict(cls())), encoding="utf-8")
        return cls(**json.loads(file.read_text(encoding="utf-8")))


def verify_sender(mails: "SESV2Client", sender: str) -> None:
    """`sender` as in a From header; the emulator verifies an identity as soon as it is made."""
    address = parseaddr(sender)[1]
    try:
        mails.create_email_identity(EmailIdentity=address)
    except mails.exceptions.AlreadyExistsException:
        return


def write_secret(vault: "SecretsManagerClient", arn: str, wanted: Mapping[str, Any]) -> None:
    """Writes a secret that nothing generates; one that says so already stays, and so do those who know it."""
    try:
        known = vault.get_secret_value(SecretId=arn).get("SecretString", "")
    except vault.exceptions.ResourceNotFoundException:  # there is the secret, and no value yet
        known = ""
    if known != (text := json.dumps(wanted)):
        vault.put_secret_value(SecretId=arn, SecretString=text)


def create_operator(functions: "LambdaClient", name: str, operator: Operator) -> None:
    """Invokes CreateOperator, which has no route; an operator who is there already keeps the password."""
    body = {"email": operator.email, "password": operator.password}
    request = {"tenant_id": "@", "path": {}, "body": body, "actor": "local"}
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(request))
    if "FunctionError" in answer:
        raise SeedingError(f"{name}: {answer['Payload'].read().decode()}")
