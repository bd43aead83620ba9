"""Functions that have no route, invoked by hand: on the local stack, or in an AWS account."""

import json
from collections.abc import Mapping
from typing import Any

import boto3
from botocore.config import Config

from local.places import LocalError, state_folder
from local.stack.resources import resources_of
from local.stack.stack import Stack

PATIENCE = Config(read_timeout=930, retries={"max_attempts": 0})  # a function may take 15 minutes


class InvocationError(LocalError):
    """There is no stack to invoke it in, or the function failed."""


def function(name: str, stack: str | None) -> tuple[Any, str]:
    """A client and the function's own name: in the account of the caller's credentials, else locally."""
    if stack:
        named = {one.name: one.physical_id for one in resources_of(boto3.client("cloudformation"), stack)}
        return boto3.client("lambda", config=PATIENCE), named[name]
    local = Stack.read(state_folder())
    if local is None:
        raise InvocationError("no local stack runs: start one with 'make up'")
    return local.client("lambda"), local.functions[name]


def invoke(functions: Any, name: str, event: Mapping[str, Any]) -> dict[str, Any]:
    answer = functions.invoke(FunctionName=name, Payload=json.dumps(event))
    said: dict[str, Any] = json.loads(answer["Payload"].read())
    if "FunctionError" in answer:
        raise InvocationError(f"{name}: {said['errorType']}: {said['errorMessage']}")
    return said
