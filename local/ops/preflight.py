"""make preflight: compares an AWS account's quotas with what the templates need, before the first deploy.

Reads with the caller's credentials and region, and changes nothing. What it may not read is unknown.
"""

import argparse
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from cfnlint.decode import decode
from rich.console import Console
from rich.table import Table

from checks.stack import expanded
from local.ops.account import Account, Mail
from local.places import REPOSITORY

CONCURRENCY = 100  # executions at a time below which a burst of requests is throttled
ROLES_A_SECOND = 600  # https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
STORAGE = 5.0  # GB: artefacts and layers of several deployments, old versions included
ROUTES = "routes of the largest HTTP API"


class Reads(Protocol):
    """What is asked of an account; None for what may not be read."""

    def quota(self, service: str, code: str) -> float | None: ...
    def used(self, what: str) -> float | None: ...
    def mail(self) -> Mail | None: ...


@dataclass(frozen=True, slots=True)
class Quota:
    """A quota, and what a deployment takes of it: as many as it has resources of `kind`, or else `needed`."""

    what: str
    service: str
    code: str
    kind: str = ""
    needed: float = 0


QUOTAS = (
    Quota("Lambda: concurrent executions", "lambda", "L-B99A9384", needed=CONCURRENCY),
    Quota("Lambda: function and layer storage, GB", "lambda", "L-2ACBD22F", needed=STORAGE),
    Quota("CloudFormation: stacks", "cloudformation", "L-0485CB21", "AWS::CloudFormation::Stack"),
    Quota("IAM: roles", "iam", "L-FE177D64", "AWS::IAM::Role"),
    Quota("IAM: customer managed policies", "iam", "L-E95E4862", "AWS::IAM::ManagedPolicy"),
    Quota("API Gateway: regional APIs", "apigateway", "L-AA0FF27B", "AWS::ApiGatewayV2::Api"),
    Quota("API Gateway: custom domain names", "apigateway", "L-A93447B8", "AWS::ApiGatewayV2::DomainName"),
    Quota("API Gateway: routes of one HTTP API", "apigateway", "L-65B5C802", ROUTES),
    Quota("EventBridge: event buses", "events", "L-658A4FD9", "AWS::Events::EventBus"),
    Quota("EventBridge: rules of one bus", "events", "L-244521F2", "AWS::Events::Rule"),
    Quota("DynamoDB: tables", "dynamodb", "L-F98FE922", "AWS::DynamoDB::Table"),
    Quota("S3: buckets", "s3", "L-DC2B2D3D", "AWS::S3::Bucket"),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A quota as it stands in an account."""

    what: str
    needed: float
    used: float | None
    allowed: float | None

    @property
    def enough(self) -> bool | None:
        """None where it cannot be told."""
        if self.used is None or self.allowed is None:
            return None
        return self.used + self.needed <= self.allowed


def routes(resources: Iterable[dict[str, Any]]) -> int:
    bodies = [
        one["Properties"].get("Body", {}) for one in resources if one["Type"] == "AWS::ApiGatewayV2::Api"
    ]
    return max(
        (sum(len(methods) for methods in body.get("paths", {}).values()) for body in bodies), default=0
    )


def needs() -> Counter[str]:
    """How many resources of each type a deployment makes; and the routes of its largest API."""
    counted: Counter[str] = Counter()
    for path in (REPOSITORY / "template.yaml", *sorted(REPOSITORY.glob("functions/*/template.yaml"))):
        template, errors = decode(str(path))
        if errors or template is None:
            raise ValueError(f"{path.relative_to(REPOSITORY)}: {errors}")
        resources = list(expanded(template)["Resources"].values())
        counted.update(one["Type"] for one in resources)
        counted["AWS::CloudFormation::Stack"] += path == REPOSITORY / "template.yaml"
        counted[ROUTES] = max(counted[ROUTES], routes(resources))
    return counted


def findings(account: Reads, needed: Counter[str]) -> list[Finding]:
    return [
        Finding(
            one.what,
            needed[one.kind] if one.kind else one.needed,
            account.used(one.what),
            account.quota(one.service, one.code),
        )
        for one in QUOTAS
    ]


def shown(found: list[Finding]) -> Table:
    table = Table("quota", "needed", "in use", "allowed", "", title="Quotas", title_justify="left")
    verdicts = {
        True: "[green]enough[/green]",
        False: "[red]too little[/red]",
        None: "[yellow]unknown[/yellow]",
    }
    for one in found:
        numbers = [f"{one.needed:g}", *("-" if n is None else f"{n:g}" for n in (one.used, one.allowed))]
        table.add_row(one.what, *numbers, verdicts[one.enough])
    return table


def about_mail(account: Reads) -> str:
    mail = account.mail()
    if mail is None:
        return "SES: [yellow]unknown[/yellow]"
    limits = f"{mail.a_second:g} mails a second (MailConcurrency), {mail.a_day:g} a day (MailsADay)"
    if mail.anyone:
        return f"SES: may mail anyone, {limits}"
    return f"SES: [yellow]in the sandbox[/yellow], mails verified addresses alone; ask to leave it; {limits}"


def about_credentials(needed: Counter[str]) -> str:
    functions = needed["AWS::Lambda::Function"]
    return (
        f"STS: each instance of {functions} functions asks once an hour for each tenant that it serves; "
        f"the account has {ROLES_A_SECOND} AssumeRole calls a second for all of them (not in Service Quotas)"
    )


def main(rest: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m local preflight", description=__doc__)
    parser.add_argument(
        "--region", help="where Troupe is to be deployed; else that of your AWS configuration"
    )
    account, console = Account.of(parser.parse_args(rest).region), Console()
    console.print(f"account {account.identity()}")
    needed = needs()
    found = findings(account, needed)
    console.print(shown(found))
    console.print(about_mail(account))
    console.print(about_credentials(needed))
    return 1 if any(one.enough is False for one in found) else 0
