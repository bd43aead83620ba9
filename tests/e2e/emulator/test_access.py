"""Gaps of MiniStack in IAM, by which row-level security would prove nothing, and the modules that mend them."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from e2e.emulator.access import ALLOWED, DENIED, TRUSTING_ACCOUNT, assumed, outcome
from e2e.emulator.cloud import ACCOUNT, Cloud, attributes, stock_then_mended, unique

READS = ["dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query", "dynamodb:Scan"]
WRITES = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:ConditionCheckItem"]
INDEX = {
    "IndexName": "GSI1",
    "KeySchema": [{"AttributeName": "GSI1PK", "KeyType": "HASH"}],
    "Projection": {"ProjectionType": "ALL"},
}


def confined(actions: list[str], *keys: str) -> dict[str, Any]:
    condition = {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": list(keys)}}
    null = {"Null": {"dynamodb:LeadingKeys": "false"}}
    return {"Effect": "Allow", "Action": actions, "Resource": "*", "Condition": {**condition, **null}}


def trusting_path(path: str) -> str:
    condition = {"ArnLike": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role{path}*"}}
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    actions = ["sts:AssumeRole", "sts:TagSession"]
    statement = {"Effect": "Allow", "Principal": principal, "Action": actions, "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def key(pk: str) -> dict[str, Any]:
    return {"PK": {"S": pk}, "SK": {"S": "STATE"}}


@dataclass(frozen=True)
class Table:
    """A table as one session sees it."""

    name: str
    dynamodb: Any

    def get(self, pk: str) -> str:
        return outcome(self.dynamodb.get_item, TableName=self.name, Key=key(pk))

    def put(self, pk: str) -> str:
        return outcome(self.dynamodb.put_item, TableName=self.name, Item=key(pk))

    def update(self, pk: str) -> str:
        values = {":x": {"S": "x"}}
        return outcome(
            self.dynamodb.update_item,
            TableName=self.name,
            Key=key(pk),
            UpdateExpression="SET x = :x",
            ExpressionAttributeValues=values,
        )

    def batch(self, *pks: str) -> str:
        requested = {self.name: {"Keys": [key(pk) for pk in pks]}}
        return outcome(self.dynamodb.batch_get_item, RequestItems=requested)

    def query(self, pk: str, attribute: str = "PK", **index: str) -> str:
        values = {":pk": {"S": pk}}
        return outcome(
            self.dynamodb.query,
            TableName=self.name,
            KeyConditionExpression=f"{attribute} = :pk",
            ExpressionAttributeValues=values,
            **index,
        )

    def transact(self, *pks: str) -> str:
        writes = [{"Put": {"TableName": self.name, "Item": key(pk)}} for pk in pks]
        return outcome(self.dynamodb.transact_write_items, TransactItems=writes)

    def check(self, written: str, checked: str) -> str:
        check = {
            "TableName": self.name,
            "Key": key(checked),
            "ConditionExpression": "attribute_not_exists(x)",
        }
        writes = [{"Put": {"TableName": self.name, "Item": key(written)}}, {"ConditionCheck": check}]
        return outcome(self.dynamodb.transact_write_items, TransactItems=writes)

    def scan(self) -> str:
        return outcome(self.dynamodb.scan, TableName=self.name)

    def partiql(self, pk: str) -> str:
        statement = f"""SELECT * FROM "{self.name}" WHERE PK = '{pk}'"""
        return outcome(self.dynamodb.execute_statement, Statement=statement)


def table_of_a(cloud: Cloud) -> Table:
    """A table for a session of tenant a, which reads its own keys and writes its own and unique ones."""
    made = cloud.table(AttributeDefinitions=attributes("PK", "SK", "GSI1PK"), GlobalSecondaryIndexes=[INDEX])
    own = "${aws:PrincipalTag/tenant}#*"
    statements = [confined(READS, own), confined(WRITES, own, "@#UNIQUE#*")]
    role = cloud.role(*statements, trust=TRUSTING_ACCOUNT)
    return Table(made["TableName"], assumed(cloud, role, "dynamodb", tenant="a"))


@stock_then_mended(stock=DENIED, mended=ALLOWED)
def test_leading_keys_and_policy_variables(cloud: Cloud, expected: str) -> None:
    table = table_of_a(cloud)
    assert table.get("a#USER#1") == expected
    assert table.put("a#USER#1") == expected


@pytest.fixture(scope="module")
def confined_to_a(mended: Cloud) -> Table:
    return table_of_a(mended)


OPERATIONS: dict[str, Callable[[Table, str], str]] = {
    "get": Table.get,
    "put": Table.put,
    "update": Table.update,
    "batch": Table.batch,
    "query": Table.query,
    "query an index": lambda table, pk: table.query(pk, "GSI1PK", IndexName="GSI1"),
    "transaction": Table.transact,
    "condition check": lambda table, pk: table.check("a#USER#9", pk),
}


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_session_reaches_its_own_tenant_only(confined_to_a: Table, operation: str) -> None:
    perform = OPERATIONS[operation]
    assert perform(confined_to_a, "a#USER#1") == ALLOWED
    assert perform(confined_to_a, "b#USER#1") == DENIED
    assert perform(confined_to_a, "ab#USER#1") == DENIED
    assert perform(confined_to_a, "@#DUE#1") == DENIED


def test_one_foreign_key_among_own_ones_denies_all(confined_to_a: Table) -> None:
    assert confined_to_a.batch("a#USER#1", "b#USER#1") == DENIED
    assert confined_to_a.transact("a#USER#1", "b#USER#1") == DENIED


def test_a_transaction_may_hold_own_and_unique_keys(confined_to_a: Table) -> None:
    assert confined_to_a.transact("a#USER#2", "@#UNIQUE#EMAIL#x") == ALLOWED
    assert confined_to_a.get("@#UNIQUE#EMAIL#x") == DENIED


def test_what_names_no_key_is_denied(confined_to_a: Table) -> None:
    assert confined_to_a.scan() == DENIED
    assert confined_to_a.partiql("a#USER#1") == DENIED


def test_a_session_without_a_tenant_reaches_nothing(mended: Cloud) -> None:
    table = mended.table()["TableName"]
    role = mended.role(confined(READS, "${aws:PrincipalTag/tenant}#*"), trust=trusting_path("/"))
    untagged = Table(table, mended.client("dynamodb", *keys_of(mended, role)))
    assert untagged.get("#USER#1") == DENIED
    assert untagged.get("a#USER#1") == DENIED


def keys_of(cloud: Cloud, role: str, path: str = "/") -> tuple[str, str, str]:
    """The credentials of a function under `path` that assumed the role."""
    code = f"""
import boto3

def handler(event, context):
    made = boto3.client("sts").assume_role(RoleArn="{role}", RoleSessionName="test")["Credentials"]
    return [made["AccessKeyId"], made["SecretAccessKey"], made["SessionToken"]]
"""
    allowed = {"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Resource": role}
    answer = cloud.call(cloud.function(code, role=cloud.role(allowed, path=path)))
    if isinstance(answer, dict):
        raise PermissionError(answer["errorMessage"])
    key_id, secret, token = answer
    return key_id, secret, token


@stock_then_mended(stock=False, mended=True)
def test_principal_arn(cloud: Cloud, expected: bool) -> None:
    role = cloud.role(trust=trusting_path("/stack/request/"))
    try:
        assert bool(keys_of(cloud, role, "/stack/request/")) is expected
    except PermissionError:
        assert not expected
    with pytest.raises(PermissionError):
        keys_of(cloud, role, "/stack/system/")


@stock_then_mended(stock=False, mended=True)
def test_secure_transport(cloud: Cloud, expected: bool) -> None:
    storage, bucket = cloud.client("s3"), unique("bucket")
    storage.create_bucket(Bucket=bucket)
    everything = {"Principal": "*", "Action": "s3:*", "Resource": [f"arn:aws:s3:::{bucket}"]}
    insecure = {"Bool": {"aws:SecureTransport": "false"}}
    statement = {"Effect": "Deny", **everything, "Condition": insecure}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    storage.put_bucket_policy(Bucket=bucket, Policy=policy)
    code = f"""
import boto3

def handler(event, context):
    return boto3.client("s3").list_objects_v2(Bucket="{bucket}")["KeyCount"]
"""
    assert (cloud.call(cloud.function(code)) == 0) is expected


@stock_then_mended(stock="AccessDenied", mended=ALLOWED)
def test_batch_permissions(cloud: Cloud, expected: str) -> None:
    url = cloud.client("sqs").create_queue(QueueName=unique("queue"))["QueueUrl"]
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "*"}
    queues = assumed(cloud, cloud.role(send, trust=TRUSTING_ACCOUNT), "sqs")
    entries = [{"Id": "1", "MessageBody": "x"}]
    assert outcome(queues.send_message, QueueUrl=url, MessageBody="x") == ALLOWED
    assert outcome(queues.send_message_batch, QueueUrl=url, Entries=entries) == expected
    handles = [{"Id": "1", "ReceiptHandle": "x"}]
    assert outcome(queues.delete_message_batch, QueueUrl=url, Entries=handles) == "AccessDenied"
