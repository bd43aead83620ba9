"""Keeps a note of each message in the table; refuses keys that are to be refused later."""

import json
import os

import boto3


def handler(event, context):
    table, failed = boto3.client("dynamodb"), []
    for record in event["Records"]:
        key = json.loads(record["body"])["key"]
        if key.startswith("late"):
            failed.append({"itemIdentifier": record["messageId"]})
        elif not key.startswith("note"):
            item = {"PK": {"S": f"note-{key}"}, "SK": {"S": "NOTE"}}
            table.put_item(TableName=os.environ["TABLE_NAME"], Item=item)
    return {"batchItemFailures": failed}
