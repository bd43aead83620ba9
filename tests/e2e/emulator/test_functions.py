"""Gaps of MiniStack in running functions, and the modules that mend them."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from e2e.emulator.cloud import Cloud, archive, eventually, stock_then_mended, unique
from e2e.patience import patience
from local.stack.processes import started_at

PID = "import os\n\ndef handler(event, context):\n    return os.getpid()\n"
RAISES = """
import os

class NotToday(Exception): ...

def handler(event, context):
    if event == "raise":
        raise NotToday("come back tomorrow")
    return os.getpid()
"""
BUSY = """
import time

def handler(event, context):
    began = time.time()
    time.sleep(event)
    return began, time.time(), context.get_remaining_time_in_millis()
"""
CALLER = """
import time, boto3

functions = boto3.client("lambda")

def handler(event, context):
    began = time.time()
    functions.invoke(FunctionName=event, Payload=b"0")["Payload"].read()
    return time.time() - began
"""


def together(cloud: Cloud, function: str, event: Any, calls: int) -> list[Any]:
    with ThreadPoolExecutor(calls) as pool:
        return list(pool.map(lambda _: cloud.call(function, event), range(calls)))


def most_at_once(spans: list[tuple[float, float, int]]) -> int:
    return max(sum(began <= at < ended for began, ended, _ in spans) for at, _, _ in spans)


@stock_then_mended(stock=True, mended=False)
def test_isolation(cloud: Cloud, expected: bool) -> None:
    code = "import importlib.util\n\ndef handler(event, context):\n    return bool(importlib.util.find_spec('ministack'))\n"
    assert cloud.call(cloud.function(code)) is expected


@stock_then_mended(stock="Runtime.HandlerError", mended="NotToday")
def test_error_names(cloud: Cloud, expected: str) -> None:
    function = cloud.function(RAISES)
    before = cloud.call(function)
    refused = cloud.call(function, "raise")
    assert refused["errorType"] == expected
    assert refused["errorMessage"] == "come back tomorrow"
    assert (cloud.call(function) == before) is (expected == "NotToday"), "a worker outlives an exception"


@stock_then_mended(stock=False, mended=True)
def test_log_wait(cloud: Cloud, expected: bool) -> None:
    function = cloud.function("def handler(event, context):\n    return None\n")
    cloud.call(function)

    def warm_call() -> float:
        began = time.perf_counter()
        cloud.call(function)
        return time.perf_counter() - began

    quickest = eventually(warm_call, lambda seconds: seconds < 0.05, seconds=patience(expected))
    assert (quickest < 0.05) is expected


@stock_then_mended(stock=2, mended=1)
def test_layers(cloud: Cloud, expected: int) -> None:
    shared = archive({"python/shared.py": "", "python/lib/python3.13/site-packages/other.py": ""})
    layer = cloud.client("lambda").publish_layer_version(
        LayerName=unique("layer"), Content={"ZipFile": shared}
    )
    code = "import shared, other\n\ndef handler(event, context):\n    return shared.__file__\n"
    functions = [cloud.function(code, Layers=[layer["LayerVersionArn"]]) for _ in range(2)]
    assert len({cloud.call(function) for function in functions}) == expected


def living(workers: list[int]) -> int:
    return sum(started_at(pid) is not None for pid in workers)


@stock_then_mended(stock=12, mended=8)
def test_idle_workers(cloud: Cloud, expected: int) -> None:
    workers = [cloud.call(cloud.function(PID)) for _ in range(12)]
    alive = eventually(lambda: living(workers), lambda count: count <= 8, seconds=patience(expected == 8))
    assert alive == expected


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_spare_worker_ends_before_the_last_one_of_a_function(cloud: Cloud) -> None:
    slow = "import os, time\n\ndef handler(event, context):\n    time.sleep(event)\n    return os.getpid()\n"
    workers = [cloud.call(cloud.function(PID)) for _ in range(6)]
    function = cloud.function(slow)
    pair = eventually(lambda: set(together(cloud, function, 0.5, 2)), lambda seen: len(seen) == 2)
    workers += [cloud.call(cloud.function(PID))]
    assert eventually(lambda: living(list(pair)), lambda count: count == 1) == 1
    assert living(workers) == 7


@stock_then_mended(stock=True, mended=False)
def test_invocation_queue(cloud: Cloud, expected: bool) -> None:
    function = cloud.function(BUSY)
    most = max(most_at_once(together(cloud, function, 0.5, 4)) for _ in range(3))
    assert (most > 2) is expected


@stock_then_mended(stock="Sandbox.Timedout", mended=None)
def test_a_limit_is_for_an_idle_machine(cloud: Cloud, expected: str | None) -> None:
    answer = cloud.call(cloud.function(BUSY, Timeout=1), 1.5)
    assert (answer["errorType"] if isinstance(answer, dict) else None) == expected
    assert expected or 1000 < answer[2] < 10_000


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_function_that_waits_for_another_keeps_its_turn(cloud: Cloud) -> None:
    """Four of them, two at once: those that they call are not behind them in the queue."""
    called, caller = cloud.function(BUSY), cloud.function(CALLER)
    for _ in range(2):
        seconds = together(cloud, caller, called, 4)
    assert max(seconds) < 5, "it did not wait until the queue stalled"


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_function_that_waits_for_one_behind_an_api_gets_its_answer(cloud: Cloud) -> None:
    """The emulator cannot see that it waits: one more runs after a while in which none has ended."""
    called, functions = cloud.function(PID), cloud.client("lambda")
    functions.create_function_url_config(FunctionName=called, AuthType="NONE")
    code = """
import urllib.request

def handler(event, context):
    request = urllib.request.Request(event["at"], headers={"host": event["host"]})
    with urllib.request.urlopen(request) as answer:
        return answer.status
"""
    url = functions.get_function_url_config(FunctionName=called)["FunctionUrl"]
    event = {"at": cloud.url, "host": url.split("/")[2]}
    assert together(cloud, cloud.function(code), event, 2) == [200, 200]


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_function_gets_the_credentials_of_its_role(cloud: Cloud) -> None:
    code = """
import boto3

def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
    role, system = cloud.role(path="/system/"), ":assumed-role/"
    assert system + role.split("/")[-1] in cloud.call(cloud.function(code, role=role))
