"""The first operator, and the sender of mails."""

import io
import json
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from local.ops.invocations import invoke
from local.ops.replay import parser as replay_parser
from local.stack.seeding import Operator, SeedingError, create_operator, verify_sender, write_secret


class Functions:
    """A function that answers, or fails, and remembers what it was asked."""

    def __init__(self, answer: Any, *, fails: bool = False) -> None:
        self.answer, self.fails = answer, fails
        self.asked: list[tuple[str, Any]] = []

    def invoke(self, FunctionName: str, Payload: str) -> dict[str, Any]:  # noqa: N803 (boto3's names)
        self.asked.append((FunctionName, json.loads(Payload)))
        body = {"Payload": io.BytesIO(json.dumps(self.answer).encode())}
        return {**body, "FunctionError": "Unhandled"} if self.fails else body


def test_an_operators_credentials_stay_the_same_and_private(tmp_path: Path) -> None:
    operator = Operator.kept(tmp_path)
    assert Operator.kept(tmp_path) == operator
    assert len(operator.password) >= 24
    assert (tmp_path / "operator.json").stat().st_mode & 0o077 == 0
    assert operator.password not in repr(operator)


def test_the_operator_is_made_under_no_tenant() -> None:
    functions: Any = Functions({"id": "1"})
    create_operator(functions, "CreateOperator", Operator("a@example.com", "secret"))
    (asked,) = functions.asked
    body = {"email": "a@example.com", "password": "secret"}
    assert asked == ("CreateOperator", {"tenant_id": "@", "path": {}, "body": body, "actor": "local"})


def test_a_refusal_is_told() -> None:
    functions: Any = Functions({"errorMessage": "no"}, fails=True)
    with pytest.raises(SeedingError, match=r'CreateOperator: .*"no"'):
        create_operator(functions, "CreateOperator", Operator())


def test_a_sender_is_verified_once(aws: None) -> None:
    mails = boto3.client("sesv2")
    for _ in range(2):
        verify_sender(mails, "Troupe <no-reply@example.com>")
    identities = mails.list_email_identities()["EmailIdentities"]
    assert [one["IdentityName"] for one in identities] == ["no-reply@example.com"]


def test_webhooks_to_replay_are_named_by_source_and_event() -> None:
    given = replay_parser().parse_args(["--webhook", "stripe", "evt_1", "--webhook", "ses", "2"])
    functions: Any = Functions({"webhooks": 2})
    assert invoke(functions, "Replay", {"inbox": given.webhook}) == {"webhooks": 2}
    assert functions.asked == [("Replay", {"inbox": [["stripe", "evt_1"], ["ses", "2"]]})]


def test_a_secret_is_written_once_and_again_when_it_is_to_say_something_else() -> None:
    with mock_aws():
        vault = boto3.client("secretsmanager", "us-east-1")
        arn = vault.create_secret(Name="stripe")["ARN"]
        for wanted in ({"api_key": "one"}, {"api_key": "one"}, {"api_key": "two"}):
            write_secret(vault, arn, wanted)
            assert json.loads(vault.get_secret_value(SecretId=arn)["SecretString"]) == wanted
        assert len(vault.list_secret_version_ids(SecretId=arn, IncludeDeprecated=True)["Versions"]) == 2
