"""The sample application, built and deployed by the real sam: what the modules of local/emulator mend, at work together."""

import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from e2e.emulator.cloud import eventually
from e2e.patience import PATIENCE
from local.stack.deployment import Application
from local.stack.processes import started_at
from local.stack.stack import Stack, down, up

SAMPLE = Application(Path(__file__).parent / "sample")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def sample(folder: Path) -> Iterator[Stack]:
    quick = pytest.MonkeyPatch()
    quick.setenv("TROUPE_EMULATOR_STREAM_RETRY_SECONDS", "0.05")
    try:
        yield up(folder, SAMPLE, lambda _: None)
    finally:
        down(folder)
        quick.undo()


def greet(stack: Stack, **headers: str) -> httpx.Response:
    return httpx.get(f"{stack.api_url}/v1/child/greetings/bob", headers=headers, timeout=PATIENCE)


def put(stack: Stack, key: str) -> None:
    item = {"PK": {"S": key}, "SK": {"S": "STATE"}}
    stack.client("dynamodb").put_item(TableName=stack.table_name, Item=item)


def noted(stack: Stack, key: str) -> bool:
    item = {"PK": {"S": f"note-{key}"}, "SK": {"S": "NOTE"}}
    return "Item" in stack.client("dynamodb").get_item(TableName=stack.table_name, Key=item)


SERVERS = ("ministack", "stripe_world", "mailbox")


def processes(folder: Path) -> list[int]:
    return [json.loads((folder / f"{name}.json").read_text())["pid"] for name in SERVERS]


def test_a_context_answers_under_the_one_domain_behind_the_authorizer(sample: Stack) -> None:
    assert greet(sample, Authorization="Bearer sample").json() == {"hello": "bob", "tenant": "a"}
    assert greet(sample, Authorization="Bearer other").status_code == 403
    assert greet(sample).status_code == 401


def test_an_item_goes_from_the_table_through_the_stream_and_the_queue(sample: Stack) -> None:
    put(sample, "anna")
    assert eventually(lambda: noted(sample, "anna"))


def test_a_poisoned_record_ends_whole_in_the_bucket_and_the_others_pass(sample: Stack) -> None:
    for key in ("first", "poison", "last"):
        put(sample, key)
    assert eventually(lambda: noted(sample, "first") and noted(sample, "last"))
    storage = sample.client("s3")
    buckets = [one["Name"] for one in storage.list_buckets()["Buckets"] if "failures" in one["Name"].lower()]
    listed = eventually(lambda: storage.list_objects_v2(Bucket=buckets[0]).get("Contents", []))
    record = json.loads(storage.get_object(Bucket=buckets[0], Key=listed[0]["Key"])["Body"].read())
    keys = [one["dynamodb"]["Keys"]["PK"]["S"] for one in json.loads(record["payload"])["Records"]]
    assert keys == ["poison"]


def test_a_refused_message_ends_in_the_dead_letter_queue(sample: Stack) -> None:
    put(sample, "late")
    queues = sample.client("sqs")
    dead = [url for url in queues.list_queues()["QueueUrls"] if "Dead" in url]
    message = eventually(lambda: queues.receive_message(QueueUrl=dead[0]).get("Messages"))
    assert json.loads(message[0]["Body"]) == {"key": "late"}


def test_a_flow_catches_an_exception_by_its_name(sample: Stack) -> None:
    flows = sample.client("stepfunctions")
    started = flows.start_execution(stateMachineArn=sample.state_machines["Flow"], input='{"raise": true}')

    def seen() -> dict[str, str]:
        described: dict[str, str] = flows.describe_execution(executionArn=started["executionArn"])
        return described

    ended = eventually(seen, lambda execution: execution["status"] != "RUNNING")
    assert (ended["status"], json.loads(ended["output"])) == ("SUCCEEDED", {"caught": "NotToday"})


def test_a_second_up_uses_what_runs_and_changes_nothing(sample: Stack, folder: Path) -> None:
    before = processes(folder)
    again = up(folder, SAMPLE, lambda _: None)
    assert again == sample == Stack.read(folder)
    assert processes(folder) == before


def test_down_ends_the_servers_and_no_other_process(sample: Stack, folder: Path) -> None:
    pids = processes(folder)
    assert down(folder) == list(SERVERS)
    assert not any(started_at(pid) for pid in pids)
    assert Stack.read(folder) is None
    assert down(folder) == []
