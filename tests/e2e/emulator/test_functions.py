"""Gaps of MiniStack in running functions, and the modules that mend them."""

import time

import pytest

from e2e.emulator.cloud import Cloud, archive, eventually, stock_then_mended, unique
from local.processes import started_at

PID = "import os\n\ndef handler(event, context):\n    return os.getpid()\n"
RAISES = """
import os

class NotToday(Exception): ...

def handler(event, context):
    if event == "raise":
        raise NotToday("come back tomorrow")
    return os.getpid()
"""


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

    assert (min(warm_call() for _ in range(10)) < 0.05) is expected


@stock_then_mended(stock=2, mended=1)
def test_layers(cloud: Cloud, expected: int) -> None:
    shared = archive({"python/shared.py": "", "python/lib/python3.13/site-packages/other.py": ""})
    layer = cloud.client("lambda").publish_layer_version(
        LayerName=unique("layer"), Content={"ZipFile": shared}
    )
    code = "import shared, other\n\ndef handler(event, context):\n    return shared.__file__\n"
    functions = [cloud.function(code, Layers=[layer["LayerVersionArn"]]) for _ in range(2)]
    assert len({cloud.call(function) for function in functions}) == expected


@stock_then_mended(stock=12, mended=8)
def test_idle_workers(cloud: Cloud, expected: int) -> None:
    workers = [cloud.call(cloud.function(PID)) for _ in range(12)]

    def alive() -> int:
        return sum(started_at(pid) is not None for pid in workers)

    assert eventually(alive, lambda count: count <= 8, seconds=3) == expected


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_function_gets_the_credentials_of_its_role(cloud: Cloud) -> None:
    code = """
import boto3

def handler(event, context):
    return boto3.client("sts").get_caller_identity()["Arn"]
"""
    role, system = cloud.role(path="/system/"), ":assumed-role/"
    assert system + role.split("/")[-1] in cloud.call(cloud.function(code, role=role))
