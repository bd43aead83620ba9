"""Clients of what stands beside the table, one of each, made when first needed."""

from functools import cache
from typing import TYPE_CHECKING

import boto3

from troupe.table import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def events() -> "EventBridgeClient":
    return boto3.client("events", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def sqs() -> "SQSClient":
    return boto3.client("sqs", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def s3() -> "S3Client":
    return boto3.client("s3", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def flows() -> "SFNClient":
    return boto3.client("stepfunctions", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


def forget() -> None:
    """Drop the clients; for tests, which change the environment under them."""
    for client in (events, sqs, s3, flows):
        client.cache_clear()
