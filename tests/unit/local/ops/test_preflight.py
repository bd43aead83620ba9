"""What a deployment needs of an account, against what there is."""

from collections import Counter
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from local.ops.account import Account, Mail
from local.ops.preflight import QUOTAS, ROUTES, about_credentials, about_mail, findings, needs

ROLES = "IAM: roles"
MAIL = Mail(anyone=True, a_second=14, a_day=50_000)


class Quotas:
    """An account that allows so many of everything and uses so many."""

    def __init__(self, allowed: float | None, used: float | None, *, mails: Mail | None = MAIL) -> None:
        self.allowed, self.in_use, self.mails = allowed, used, mails

    def quota(self, service: str, code: str) -> float | None:
        return self.allowed

    def used(self, what: str) -> float | None:
        return self.in_use

    def mail(self) -> Mail | None:
        return self.mails


@pytest.mark.parametrize(
    ("allowed", "used", "expected"),
    [(10, 7, True), (10, 8, False), (None, 7, None), (10, None, None)],
)
def test_what_is_in_use_and_what_is_needed_must_fit(
    allowed: float | None, used: float | None, expected: bool | None
) -> None:
    found = findings(Quotas(allowed, used), Counter({"AWS::IAM::Role": 3}))
    assert {one.what: one.enough for one in found}[ROLES] is expected


def test_the_templates_tell_what_is_needed() -> None:
    needed = needs()
    assert needed["AWS::DynamoDB::Table"] == 1
    assert needed["AWS::CloudFormation::Stack"] >= 2, "the root and its contexts"
    assert needed["AWS::IAM::Role"] > 5
    assert needed[ROUTES] > 10


def test_every_quota_is_asked_for_once() -> None:
    assert len({(one.service, one.code) for one in QUOTAS}) == len(QUOTAS)
    assert all(bool(one.kind) != bool(one.needed) for one in QUOTAS)


@pytest.mark.parametrize(
    ("mails", "said"),
    [
        (MAIL, "anyone, 14 mails a second (MailConcurrency), 50000 a day"),
        (MAIL._replace(anyone=False), "sandbox"),
        (None, "unknown"),
    ],
)
def test_mail_from_the_sandbox_is_pointed_out(mails: Mail | None, said: str) -> None:
    assert said in about_mail(Quotas(1, 1, mails=mails))


@pytest.fixture
def account(aws: None) -> Account:
    return Account(boto3.session.Session())


def test_what_is_in_use_is_counted(account: Account) -> None:
    account.client("iam").create_role(RoleName="one", AssumeRolePolicyDocument="{}")
    account.client("events").create_event_bus(Name="one")
    account.client("s3").create_bucket(
        Bucket="one", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
    )
    assert account.used(ROLES) == 1
    assert account.used("S3: buckets") == 1
    assert account.used("EventBridge: event buses") == 2, "the default bus, too"
    assert account.used("DynamoDB: tables") == 0
    assert account.used("CloudFormation: stacks") == 0
    assert account.used("EventBridge: rules of one bus") == 0, "of a bus that is not there yet"


def test_a_quota_is_read_as_it_was_granted(account: Account) -> None:
    vpcs = account.quota("vpc", "L-F678F1CE")
    assert vpcs is not None
    assert vpcs > 0
    assert account.identity().endswith("in eu-west-1")


class Forbidding:
    """A session in which nothing may be asked."""

    def client(self, service: str) -> Any:
        raise ClientError({"Error": {"Code": "AccessDenied"}}, service)


def test_what_may_not_be_read_is_unknown() -> None:
    session: Any = Forbidding()
    account = Account(session)
    assert account.used(ROLES) is None
    assert account.mail() is None
    assert account.quota("lambda", "L-B99A9384") is None


def test_the_calls_for_credentials_are_told() -> None:
    assert "instance of 3 functions" in about_credentials(Counter({"AWS::Lambda::Function": 3}))
