"""Gaps of MiniStack in DynamoDB streams and queues that call functions, and the modules that mend them."""

import json
from pathlib import Path
from typing import Any

import pytest

from e2e.emulator.cloud import Cloud, eventually, stock_then_mended, unique
from e2e.patience import QUIET, patience

POISON = "poison"


def reader(cloud: Cloud, refusal: str) -> tuple[str, str]:
    """A function that notes the keys of each batch in a queue, then refuses poison: its ARN and the queue."""
    queue, _ = cloud.queue()
    code = f"""
import boto3, json

def handler(event, context):
    records = [(r["dynamodb"]["SequenceNumber"], r["dynamodb"]["Keys"]["PK"]["S"]) for r in event["Records"]]
    message = json.dumps([key for _, key in records])
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=message)
    for number, key in records:
        if key == "{POISON}":
            {refusal}
"""
    return cloud.function(code), queue


RAISES = 'raise ValueError("poison")'
REPORTS = 'return {"batchItemFailures": [{"itemIdentifier": number}]}'


def mapping(cloud: Cloud, table: dict[str, Any], function: str, **options: Any) -> str:
    made = cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=table["LatestStreamArn"],
        FunctionName=function,
        StartingPosition="TRIM_HORIZON",
        **options,
    )
    identifier: str = made["UUID"]
    return identifier


def batches(cloud: Cloud, queue: str, wanted: int) -> list[Any]:
    """What the function noted, in order: so many notes, and more if they are there."""
    seen: list[Any] = []
    eventually(lambda: seen.extend(cloud.received(queue)) or len(seen) >= wanted)
    return seen


def put_all(cloud: Cloud, table: dict[str, Any], *keys: str) -> None:
    for key in keys:
        cloud.put(table["TableName"], key)


@stock_then_mended(
    stock=[["a", "poison", "b"]],
    mended=[["a", "poison", "b"], ["poison", "b"], ["poison", "b"]],
)
def test_a_reported_record_is_tried_again_with_what_follows(cloud: Cloud, expected: list[list[str]]) -> None:
    table = cloud.table()
    function, queue = reader(cloud, REPORTS)
    put_all(cloud, table, "a", POISON, "b")
    mapping(cloud, table, function, FunctionResponseTypes=["ReportBatchItemFailures"], MaximumRetryAttempts=1)
    seen = batches(cloud, queue, len(expected))
    assert seen + eventually(lambda: cloud.received(queue), seconds=QUIET) == expected


@stock_then_mended(stock=False, mended=True)
def test_a_refused_batch_is_bisected_down_to_the_poison(cloud: Cloud, expected: bool) -> None:
    table = cloud.table()
    function, queue = reader(cloud, RAISES)
    put_all(cloud, table, "a", "b", POISON, "c")
    mapping(cloud, table, function, BisectBatchOnFunctionError=True, MaximumRetryAttempts=1)
    seen: list[Any] = []

    def bisected() -> bool:
        seen.extend(cloud.received(queue))
        return [POISON] in seen and ["a", "b"] in seen and ["c"] in seen

    assert eventually(bisected, seconds=patience(expected)) is expected


@stock_then_mended(stock=False, mended=True)
def test_retries_end_and_the_next_records_follow(cloud: Cloud, expected: bool) -> None:
    table = cloud.table()
    function, queue = reader(cloud, RAISES)
    put_all(cloud, table, POISON, "next")
    mapping(cloud, table, function, BatchSize=1, MaximumRetryAttempts=2)
    seen = batches(cloud, queue, 4)
    assert (seen == [[POISON], [POISON], [POISON], ["next"]]) is expected


@stock_then_mended(stock=None, mended=[POISON])
def test_what_was_given_up_lies_whole_in_the_bucket(cloud: Cloud, expected: list[str] | None) -> None:
    table, storage, bucket = cloud.table(), cloud.client("s3"), unique("failures")
    storage.create_bucket(Bucket=bucket)
    function, _ = reader(cloud, RAISES)
    put_all(cloud, table, POISON)
    destination = {"OnFailure": {"Destination": f"arn:aws:s3:::{bucket}"}}
    uuid = mapping(cloud, table, function, MaximumRetryAttempts=0, DestinationConfig=destination)

    def listed() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = storage.list_objects_v2(Bucket=bucket).get("Contents", [])
        return found

    objects = eventually(listed, seconds=patience(expected))
    if expected is None:
        assert objects == []
        return
    assert objects[0]["Key"].startswith(f"aws/lambda/{uuid}/shardId-")
    record = json.loads(storage.get_object(Bucket=bucket, Key=objects[0]["Key"])["Body"].read())
    assert record["requestContext"]["functionArn"] == function
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    payload = json.loads(record["payload"])
    assert [one["dynamodb"]["Keys"]["PK"]["S"] for one in payload["Records"]] == expected


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_what_was_given_up_is_named_in_a_queue(cloud: Cloud) -> None:
    table = cloud.table()
    queue, arn = cloud.queue()
    function, _ = reader(cloud, RAISES)
    put_all(cloud, table, POISON)
    mapping(
        cloud, table, function, MaximumRetryAttempts=0, DestinationConfig={"OnFailure": {"Destination": arn}}
    )
    record = eventually(lambda: cloud.received(queue))[0]
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1
    assert "payload" not in record


HOLDS = """
import boto3, pathlib, time

def handler(event, context):
    pathlib.Path("{folder}/held").touch()
    deadline = time.monotonic() + {seconds}
    while not pathlib.Path("{folder}/passed").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    passed = pathlib.Path("{folder}/passed").exists()
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=str(passed).lower())
"""
PASSES = """
import pathlib

def handler(event, context):
    pathlib.Path("{folder}/passed").touch()
"""


@stock_then_mended(stock=False, mended=True)
def test_a_slow_reader_does_not_delay_another(cloud: Cloud, expected: bool, tmp_path: Path) -> None:
    slow, quick, (queue, _) = cloud.table(), cloud.table(), cloud.queue()
    holds = HOLDS.format(folder=tmp_path, seconds=patience(expected), queue=queue)
    put_all(cloud, slow, "a")
    mapping(cloud, slow, cloud.function(holds, Timeout=900))
    assert eventually((tmp_path / "held").exists)
    put_all(cloud, quick, "a")
    mapping(cloud, quick, cloud.function(PASSES.format(folder=tmp_path)))
    assert batches(cloud, queue, 1) == [expected]


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_an_item_stays_in_order_beside_others(cloud: Cloud) -> None:
    table = cloud.table()
    function, queue = reader(cloud, RAISES)
    for turn in range(3):
        for key in "abcd":
            cloud.put(table["TableName"], key, turn={"N": str(turn)})
    mapping(cloud, table, function, ParallelizationFactor=4, BatchSize=1)
    seen = batches(cloud, queue, 12)
    assert sorted(key for batch in seen for key in batch) == sorted("abcd" * 3)


@stock_then_mended(stock=0, mended=1)
def test_ttl(cloud: Cloud, expected: int) -> None:
    table, queue = cloud.table(), cloud.queue()[0]
    setting = {"Enabled": True, "AttributeName": "expires_at"}
    cloud.client("dynamodb").update_time_to_live(
        TableName=table["TableName"], TimeToLiveSpecification=setting
    )
    code = f"""
import boto3, json

def handler(event, context):
    for record in event["Records"]:
        boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=json.dumps(record))
"""
    pattern = json.dumps({"eventName": ["REMOVE"]})
    mapping(cloud, table, cloud.function(code), FilterCriteria={"Filters": [{"Pattern": pattern}]})
    cloud.put(table["TableName"], "gone", expires_at={"N": "1"})
    cloud.put(table["TableName"], "kept", expires_at={"N": "9999999999"})
    removed = eventually(lambda: cloud.received(queue), seconds=patience(expected))
    assert len(removed) == expected
    assert all(one["userIdentity"]["principalId"] == "dynamodb.amazonaws.com" for one in removed)
    assert all(one["dynamodb"]["Keys"]["PK"]["S"] == "gone" for one in removed)


@pytest.mark.parametrize("cloud", ["stock", "mended"], indirect=True)
def test_a_fifo_queue_keeps_what_a_function_reported_and_gives_it_again(cloud: Cloud) -> None:
    queue, arn = cloud.queue(FifoQueue="true", ContentBasedDeduplication="true", VisibilityTimeout="1")
    notes, _ = cloud.queue()
    code = f"""
import boto3, json

def handler(event, context):
    bodies = [(r["messageId"], r["body"], r["attributes"]["ApproximateReceiveCount"]) for r in event["Records"]]
    note = json.dumps([body for _, body, _ in bodies])
    boto3.client("sqs").send_message(QueueUrl="{notes}", MessageBody=note)
    failed = [name for name, body, count in bodies if body == "late" and count == "1"]
    return {{"batchItemFailures": [{{"itemIdentifier": name}} for name in failed]}}
"""
    sqs = cloud.client("sqs")
    for body in ("early", "late"):
        sqs.send_message(QueueUrl=queue, MessageBody=body, MessageGroupId=body)
    cloud.client("lambda").create_event_source_mapping(
        EventSourceArn=arn,
        FunctionName=cloud.function(code),
        FunctionResponseTypes=["ReportBatchItemFailures"],
    )
    seen = batches(cloud, notes, 2)
    assert [body for batch in seen for body in batch].count("early") == 1
    assert [body for batch in seen for body in batch].count("late") == 2


@stock_then_mended(stock=False, mended=True)
def test_concurrency_numbers(cloud: Cloud, expected: bool) -> None:
    url, queue = cloud.queue()
    function = cloud.function("def handler(event, context):\n    return None\n")
    properties = {
        "EventSourceArn": queue,
        "FunctionName": function,
        "ScalingConfig": {"MaximumConcurrency": {"Ref": "Most"}},
    }
    template = {
        "Parameters": {"Most": {"Type": "Number", "Default": 2}},
        "Resources": {"Source": {"Type": "AWS::Lambda::EventSourceMapping", "Properties": properties}},
    }
    _, status = cloud.deploy(template)
    assert status == "CREATE_COMPLETE"
    cloud.client("sqs").send_message(QueueUrl=url, MessageBody="{}")
    assert eventually(lambda: not waiting(cloud, url), seconds=patience(expected)) is expected


def waiting(cloud: Cloud, url: str) -> int:
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    found = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return sum(int(found[name]) for name in names)
