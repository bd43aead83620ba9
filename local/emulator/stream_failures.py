"""What a stream's event source mapping gave up goes to its failure destination, a bucket too.

MiniStack drops it silently when the destination is a bucket. On AWS the object holds the invocation record
with the whole event as its payload, under aws/lambda/{mapping}/{shard}/{time}-{random}; a queue or topic gets
the record without.
https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import json
import uuid
from datetime import UTC, datetime
from typing import Any

from ministack.services import lambda_svc, s3

SHARD = "shardId-00000000000000000000-00000000"
SUCCESS = 300


def instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def batch_info(records: list[dict[str, Any]], stream: str) -> dict[str, Any]:
    first, last = records[0]["dynamodb"], records[-1]["dynamodb"]
    return {
        "shardId": SHARD,
        "startSequenceNumber": str(first["SequenceNumber"]),
        "endSequenceNumber": str(last["SequenceNumber"]),
        "approximateArrivalOfFirstRecord": instant(float(first["ApproximateCreationDateTime"])),
        "approximateArrivalOfLastRecord": instant(float(last["ApproximateCreationDateTime"])),
        "batchSize": len(records),
        "streamArn": stream,
    }


def invocation_record(
    function: dict[str, Any], records: list[dict[str, Any]], stream: str, now: datetime
) -> dict[str, Any]:
    config = function.get("config") or function
    return {
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            "functionArn": config.get("FunctionArn", ""),
            "condition": "RetryAttemptsExhausted",
            "approximateInvokeCount": 1,
        },
        "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
        "version": "1.0",
        "timestamp": instant(now.timestamp()),
        "DDBStreamBatchInfo": batch_info(records, stream),
        "payload": json.dumps({"Records": records}),
    }


def put(bucket: str, key: str, body: bytes) -> None:
    answer = s3._put_object(bucket, key, body, {"content-type": "application/json"})
    if answer[0] >= SUCCESS:
        lambda_svc.logger.error("failure destination %s refused %s: %s", bucket, key, answer[2])


def give_up(
    mapping: dict[str, Any],
    function: dict[str, Any],
    records: list[dict[str, Any]],
    stream: str,
    result: dict[str, Any],
) -> None:
    destination = ((mapping.get("DestinationConfig") or {}).get("OnFailure") or {}).get("Destination", "")
    if ":s3:::" not in destination:
        condition = "RetryAttemptsExhausted"
        lambda_svc._send_ddb_stream_failure_record(mapping, function, records, stream, result, condition)
        return
    now = datetime.now(UTC)
    key = f"aws/lambda/{mapping['UUID']}/{SHARD}/{now:%Y-%m-%dT%H.%M.%S}-{uuid.uuid4()}"
    body = json.dumps(invocation_record(function, records, stream, now), default=str).encode()
    put(destination.split(":s3:::")[1], key, body)
