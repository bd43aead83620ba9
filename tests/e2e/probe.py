"""A function that asks for what it should not get, as a wrong one would; deployed by test_isolation.py."""

import os

import boto3
from botocore.exceptions import ClientError

TABLE = os.environ["TABLE_NAME"]


def key(pk, sk):
    return {"PK": {"S": pk}, "SK": {"S": sk}}


def operations(client, pk, sk, own):
    one, absent = key(pk, sk), key(pk, "PROBE")
    write = {"TableName": TABLE, "Item": {**absent, "expires_at": {"N": "1"}}}
    return {
        "get": lambda: client.get_item(TableName=TABLE, Key=one),
        "query": lambda: client.query(TableName=TABLE, KeyConditionExpression="PK = :pk", ExpressionAttributeValues={":pk": {"S": pk}}),
        "query_index": lambda: client.query(TableName=TABLE, IndexName="GSI1", KeyConditionExpression="GSI1PK = :pk", ExpressionAttributeValues={":pk": {"S": pk}}),
        "query_queue": lambda: client.query(TableName=TABLE, IndexName="GSI2", KeyConditionExpression="GSI2PK = :pk", ExpressionAttributeValues={":pk": {"S": pk}}),
        "put": lambda: client.put_item(**write),
        "update": lambda: client.update_item(TableName=TABLE, Key=absent, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": {"N": "1"}}),
        "delete": lambda: client.delete_item(TableName=TABLE, Key=absent),
        "batch_get": lambda: client.batch_get_item(RequestItems={TABLE: {"Keys": [one]}}),
        "batch_get_mixed": lambda: client.batch_get_item(RequestItems={TABLE: {"Keys": [key(own, "STANDING"), one]}}),
        "batch_write": lambda: client.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": write["Item"]}}]}),
        "transact_get": lambda: client.transact_get_items(TransactItems=[{"Get": {"TableName": TABLE, "Key": one}}]),
        "transact_write": lambda: client.transact_write_items(TransactItems=[{"Put": write}]),
        "transact_write_mixed": lambda: client.transact_write_items(
            TransactItems=[{"Put": {"TableName": TABLE, "Item": key(own, "PROBE")}}, {"Put": write}]
        ),
        "transact_check": lambda: client.transact_write_items(
            TransactItems=[
                {"Put": {"TableName": TABLE, "Item": key(own, "PROBE")}},
                {"ConditionCheck": {"TableName": TABLE, "Key": one, "ConditionExpression": "attribute_exists(PK)"}},
            ]
        ),
        "scan": lambda: client.scan(TableName=TABLE, Limit=1),
        "scan_index": lambda: client.scan(TableName=TABLE, IndexName="GSI1", Limit=1),
        "partiql": lambda: client.execute_statement(Statement=f"SELECT * FROM \"{TABLE}\" WHERE PK = '{pk}'"),
    }  # fmt: skip


def outcome(call):
    try:
        call()
    except ClientError as failed:
        return failed.response["Error"]["Code"]
    return "allowed"


def assumed(role, tenant, tags):
    given = boto3.client("sts").assume_role(
        RoleArn=role, RoleSessionName="probe", Tags=[{"Key": name, "Value": tenant} for name in tags]
    )["Credentials"]
    return boto3.client(
        "dynamodb",
        aws_access_key_id=given["AccessKeyId"],
        aws_secret_access_key=given["SecretAccessKey"],
        aws_session_token=given["SessionToken"],
    )


def handler(event, _context):
    """event: {role: ARN or None for the function's own, tenant: the tag, tags: its names, pk, sk, own}"""
    try:
        tags = event.get("tags", ["tenant"])
        client = (
            assumed(event["role"], event["tenant"], tags) if event.get("role") else boto3.client("dynamodb")
        )
    except ClientError as failed:
        return {"assume": failed.response["Error"]["Code"]}
    calls = operations(client, event["pk"], event["sk"], event["own"])
    return {name: outcome(call) for name, call in calls.items()}
