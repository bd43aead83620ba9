"""The emulator's HTTP server: large bodies, answers without a body, and its end."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from e2e.emulator.cloud import Cloud, unique
from e2e.patience import PATIENCE
from local.places import REPOSITORY, interpreter
from local.stack import ministack
from local.stack.ports import free_port
from local.stack.processes import started_at

LARGE = os.urandom(3_000_000)

type Begin = Callable[[], Cloud]


@pytest.fixture
def begin(tmp_path: Path) -> Iterator[Begin]:
    """Starts an emulator that keeps its state in a folder; the one before is ended."""
    server = ministack.server(tmp_path)

    def begin() -> Cloud:
        server.stop()
        port = free_port()
        environment = {**ministack.server_environment(os.environ, tmp_path, port), "PERSIST_STATE": "1"}
        (tmp_path / "workers").mkdir(exist_ok=True)
        command = [interpreter("ministack"), *ministack.MENDED]
        server.start(command, environment, ministack.url_of(port), REPOSITORY)
        return Cloud(server.wait_until_ready(), tmp_path)

    yield begin
    server.stop()


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_large_body_goes_in_and_comes_out(cloud: Cloud) -> None:
    s3, bucket = cloud.client("s3"), unique("bucket")
    s3.create_bucket(Bucket=bucket)
    s3.put_object(Bucket=bucket, Key="large", Body=LARGE)
    assert s3.head_object(Bucket=bucket, Key="large")["ContentLength"] == len(LARGE)
    assert s3.get_object(Bucket=bucket, Key="large")["Body"].read() == LARGE


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_an_answer_says_neither_server_nor_date_twice(cloud: Cloud) -> None:
    answer = httpx.get(f"{cloud.url}/_ministack/health", timeout=PATIENCE)
    assert answer.status_code == 200
    assert "server" not in answer.headers
    assert len(answer.headers.get_list("date")) == 1


def test_what_is_kept_is_there_after_a_stop(begin: Begin) -> None:
    cloud = begin()
    url, _ = cloud.queue()
    cloud.client("sqs").send_message(QueueUrl=url, MessageBody='"kept"')
    worker = cloud.call(cloud.function("import os\n\ndef handler(event, context):\n    return os.getpid()\n"))
    again = begin()
    assert started_at(worker) is None, "functions end with the server"
    assert again.received(url.replace(cloud.url, again.url)) == ["kept"]
