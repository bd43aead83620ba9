"""An AWS account as its quotas and lists tell of it, read with the caller's credentials."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

import boto3
from botocore.exceptions import BotoCoreError, ClientError

GIGABYTE = 1024**3
DELETED = "DELETE_COMPLETE"


def counted(client: Any, operation: str, key: str) -> int:
    """How many a list operation lists."""
    return sum(len(page[key]) for page in client.get_paginator(operation).paginate())


def stacks_of(client: Any) -> int:
    pages = client.get_paginator("list_stacks").paginate()
    return sum(one["StackStatus"] != DELETED for page in pages for one in page["StackSummaries"])


def buses_of(client: Any) -> int:
    number, page = 0, client.list_event_buses()
    while True:
        number += len(page["EventBuses"])
        if "NextToken" not in page:
            return number
        page = client.list_event_buses(NextToken=page["NextToken"])


def summary(client: Any, name: str) -> int:
    number: int = client.get_account_summary()["SummaryMap"].get(name, 0)
    return number


def stored_gigabytes(client: Any) -> float:
    size: int = client.get_account_settings()["AccountUsage"]["TotalCodeSize"]
    return size / GIGABYTE


def rest_and_http_apis(rest: Any, http: Any) -> int:
    return counted(rest, "get_rest_apis", "items") + counted(http, "get_apis", "Items")


class Mail(NamedTuple):
    """What SES lets the account send."""

    anyone: bool
    a_second: float
    a_day: float


@dataclass(frozen=True, slots=True)
class Account:
    """Answers None to what the caller may not ask."""

    session: boto3.session.Session

    @classmethod
    def of(cls, region: str | None) -> Self:
        return cls(boto3.session.Session(region_name=region))

    def client(self, service: str) -> Any:
        factory: Any = self.session.client  # its overloads want a literal
        return factory(service)

    def identity(self) -> str:
        number: str = self.client("sts").get_caller_identity()["Account"]
        return f"{number} in {self.session.region_name}"

    def quota(self, service: str, code: str) -> float | None:
        """As it was granted, or else AWS's default."""
        for operation in ("get_service_quota", "get_aws_default_service_quota"):
            try:
                ask = getattr(self.client("service-quotas"), operation)
                value: float = ask(ServiceCode=service, QuotaCode=code)["Quota"]["Value"]
            except (ClientError, BotoCoreError):
                continue
            return value
        return None

    def used(self, what: str) -> float | None:
        if what not in USED:
            return 0
        try:
            return USED[what](self)
        except (ClientError, BotoCoreError):
            return None

    def mail(self) -> Mail | None:
        try:
            told = self.client("sesv2").get_account()
        except (ClientError, BotoCoreError):
            return None
        quota = told["SendQuota"]
        return Mail(told["ProductionAccessEnabled"], quota["MaxSendRate"], quota["Max24HourSend"])


USED: dict[str, Callable[[Account], float]] = {
    "Lambda: function and layer storage, GB": lambda a: stored_gigabytes(a.client("lambda")),
    "CloudFormation: stacks": lambda a: stacks_of(a.client("cloudformation")),
    "IAM: roles": lambda a: summary(a.client("iam"), "Roles"),
    "IAM: customer managed policies": lambda a: summary(a.client("iam"), "Policies"),
    "API Gateway: regional APIs": lambda a: rest_and_http_apis(
        a.client("apigateway"), a.client("apigatewayv2")
    ),
    "API Gateway: custom domain names": lambda a: counted(
        a.client("apigatewayv2"), "get_domain_names", "Items"
    ),
    "EventBridge: event buses": lambda a: buses_of(a.client("events")),
    "DynamoDB: tables": lambda a: counted(a.client("dynamodb"), "list_tables", "TableNames"),
    "S3: buckets": lambda a: len(a.client("s3").list_buckets()["Buckets"]),
}
"""What is in use already; all else is counted anew for each stack."""
