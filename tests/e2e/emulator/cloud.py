"""An emulator under test, and short ways of making in it what the guard tests need."""

import io
import json
import time
import uuid
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import httpx
import pytest
from botocore.config import Config

from e2e.patience import PATIENCE
from local.stack.http_client import certificates

REGION = "us-east-1"
ACCOUNT = "000000000000"
TRUST = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
            for service in ("lambda.amazonaws.com", "states.amazonaws.com", "scheduler.amazonaws.com")
        ],
    }
)
EVERYTHING = {"Effect": "Allow", "Action": "*", "Resource": "*"}


def stock_then_mended(stock: Any, mended: Any) -> pytest.MarkDecorator:
    """The case with stock MiniStack fails when upstream has mended the defect: then the module named like the test goes."""
    cases = [pytest.param("stock", stock, id="stock"), pytest.param("mended", mended, id="mended")]
    return pytest.mark.parametrize(("cloud", "expected"), cases, indirect=["cloud"])


def unique(stem: str) -> str:
    return f"{stem}-{uuid.uuid4().hex[:8]}"


def archive(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, text in files.items():
            made.writestr(name, text)
    return out.getvalue()


def eventually[T](look: Callable[[], T], wanted: Callable[[T], bool] = bool, seconds: float = PATIENCE) -> T:
    """What was seen last: as soon as it is what is wanted, or when the time is up."""
    deadline = time.monotonic() + seconds
    while True:
        seen = look()
        if wanted(seen) or time.monotonic() > deadline:
            return seen
        time.sleep(0.05)


@dataclass(frozen=True)
class Cloud:
    url: str
    folder: Path  # of the emulator's state

    @cache  # noqa: B019 (a handful of clouds, as long as the session)
    def client(self, service: str, key: str = "test", secret: str = "test", token: str | None = None) -> Any:
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name=REGION,
            aws_access_key_id=key,
            aws_secret_access_key=secret,
            aws_session_token=token,
            config=Config(read_timeout=PATIENCE, retries={"max_attempts": 1}, inject_host_prefix=False),
        )

    def role(self, *statements: dict[str, Any], path: str = "/", trust: str = TRUST) -> str:
        iam, name = self.client("iam"), unique("role")
        arn: str = iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        policy = {"Version": "2012-10-17", "Statement": list(statements or [EVERYTHING])}
        iam.put_role_policy(RoleName=name, PolicyName="its", PolicyDocument=json.dumps(policy))
        return arn

    def function(self, code: str, *, role: str | None = None, **options: Any) -> str:
        """The ARN of a function whose module has a `handler`."""
        made = self.client("lambda").create_function(
            FunctionName=unique("function"),
            Runtime="python3.13",
            Handler="index.handler",
            Role=role or self.role(),
            Code={"ZipFile": archive({"index.py": code})},
            **{"Timeout": 10, **options},
        )
        arn: str = made["FunctionArn"]
        return arn

    def call(self, function: str, event: Any = None) -> Any:
        answer = self.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event))
        return json.loads(answer["Payload"].read())

    def queue(self, **attributes: str) -> tuple[str, str]:
        """Its URL and its ARN."""
        sqs, suffix = self.client("sqs"), ".fifo" if attributes.get("FifoQueue") else ""
        url = sqs.create_queue(QueueName=unique("queue") + suffix, Attributes=attributes)["QueueUrl"]
        got = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, got["Attributes"]["QueueArn"]

    def received(self, queue: str) -> list[Any]:
        answer = self.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
        return [json.loads(message["Body"]) for message in answer.get("Messages", [])]

    def table(self, **options: Any) -> dict[str, Any]:
        """A table with the keys PK and SK and a stream."""
        made = self.client("dynamodb").create_table(
            TableName=unique("table"),
            KeySchema=[
                {"AttributeName": "PK", "KeyType": "HASH"},
                {"AttributeName": "SK", "KeyType": "RANGE"},
            ],
            BillingMode="PAY_PER_REQUEST",
            StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
            **{"AttributeDefinitions": attributes("PK", "SK"), **options},
        )
        description: dict[str, Any] = made["TableDescription"]
        return description

    def put(self, table: str, pk: str, **more: Any) -> None:
        self.client("dynamodb").put_item(
            TableName=table, Item={"PK": {"S": pk}, "SK": {"S": "STATE"}, **more}
        )

    def deploy(self, template: dict[str, Any], name: str | None = None) -> tuple[str, str]:
        """Creates or updates a stack: its name and the status it ended in."""
        stacks, update = self.client("cloudformation"), name is not None
        name = name or unique("stack")
        change = stacks.update_stack if update else stacks.create_stack
        change(StackName=name, TemplateBody=json.dumps(template), Capabilities=["CAPABILITY_NAMED_IAM"])

        def status() -> str:
            state: str = stacks.describe_stacks(StackName=name)["Stacks"][0]["StackStatus"]
            return state

        return name, eventually(status, lambda state: not state.endswith("_IN_PROGRESS"))

    def resource(self, stack: str, logical_id: str) -> str:
        found = self.client("cloudformation").describe_stack_resource(
            StackName=stack, LogicalResourceId=logical_id
        )
        physical: str = found["StackResourceDetail"]["PhysicalResourceId"]
        return physical

    def get(self, host: str, path: str, **headers: str) -> tuple[int, str]:
        """The status and body of a GET that names the host of a deployed API."""
        answer = self.request("GET", host, path, **headers)
        return answer.status_code, answer.text

    def request(self, method: str, host: str, path: str, **headers: str) -> httpx.Response:
        """The answer to a request that names the host of a deployed API."""
        given = {"Host": host, **headers}
        return httpx.request(method, self.url + path, headers=given, timeout=PATIENCE, verify=certificates())


def attributes(*names: str) -> list[dict[str, str]]:
    return [{"AttributeName": name, "AttributeType": "S"} for name in names]
