"""What a fresh stack needs before anyone can use it: a verified sender and the first platform operator."""

import json
import secrets
from dataclasses import dataclass, field
from email.utils import parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_sesv2 import SESV2Client

EMAIL = "operator@example.com"


class SeedingError(Exception):
    """A function answered with an error; the message is what it said."""


@dataclass(frozen=True, slots=True)
class Operator:
    """The first platform operator's credentials."""

    email: str
    password: str = field(repr=False)


def verify_sender(mails: "SESV2Client", sender: str) -> None:
    """`sender` as in a From header; the emulator verifies an identity as soon as it is made."""
    address = parseaddr(sender)[1]
    try:
        mails.create_email_identity(EmailIdentity=address)
    except mails.exceptions.AlreadyExistsException:
        return


def create_operator(functions: "LambdaClient", name: str) -> Operator:
    """Invokes CreateOperator, which has no route, by hand."""
    made = Operator(EMAIL, secrets.token_urlsafe(24))
    body = {"email": made.email, "password": made.password}
    request = {"tenant_id": "@", "path": {}, "body": body, "actor": "local"}
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(request))
    if "FunctionError" in answer:
        raise SeedingError(f"{name}: {answer['Payload'].read().decode()}")
    return made
