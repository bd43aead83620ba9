"""Clients with the rights of a role, and how what they ask for ends."""

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from e2e.emulator.cloud import ACCOUNT, Cloud

ALLOWED, DENIED = "allowed", "AccessDeniedException"
TRUSTING_ACCOUNT = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
                "Action": ["sts:AssumeRole", "sts:TagSession"],
            }
        ],
    }
)


def assumed(cloud: Cloud, role: str, service: str, *caller: str, tenant: str | None = None) -> Any:
    """A client with the role's rights, in a session tagged with a tenant."""
    tags = {"Tags": [{"Key": "tenant", "Value": tenant}]} if tenant else {}
    made = cloud.client("sts", *caller).assume_role(RoleArn=role, RoleSessionName="test", **tags)[
        "Credentials"
    ]
    return cloud.client(service, made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"])


def outcome(call: Callable[..., Any], **request: Any) -> str:
    try:
        call(**request)
    except ClientError as error:
        return str(error.response["Error"]["Code"])
    return ALLOWED
