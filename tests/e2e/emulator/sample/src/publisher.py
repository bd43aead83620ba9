"""Sends each new item's key on to the queue; an item that is to be refused is reported as failed."""

import json
import os

import boto3
from refusal import refused


def handler(event, context):
    queue = boto3.client("sqs")
    for record in event["Records"]:
        key = record["dynamodb"]["Keys"]["PK"]["S"]
        if refused(key):
            return {"batchItemFailures": [{"itemIdentifier": record["dynamodb"]["SequenceNumber"]}]}
        message = json.dumps({"key": key})
        queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageGroupId=key, MessageBody=message)
    return {"batchItemFailures": []}
