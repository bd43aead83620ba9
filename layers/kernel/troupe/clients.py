"""Clients of what stands beside the table, one of each, made when first needed."""

import os
from functools import cache
from typing import TYPE_CHECKING, Literal

import boto3
from botocore.config import Config

from troupe.table import CONFIG

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
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
    """Signs addresses for the bucket's own region, with all headers that are given.

    By itself boto3 signs for the first region there was, in the old way, which fixes no size.
    """
    local = os.environ.get("AWS_ENDPOINT_URL")  # where buckets are no names
    style: Literal["auto", "virtual"] = "auto" if local else "virtual"
    config = CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": style}))
    return boto3.client("s3", config=config)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def kms() -> "KMSClient":
    return boto3.client("kms", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def scheduler() -> "EventBridgeSchedulerClient":
    return boto3.client("scheduler", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


@cache
def flows() -> "SFNClient":
    return boto3.client("stepfunctions", config=CONFIG)  # pyright: ignore[reportUnknownMemberType] -- boto3


def forget() -> None:
    """Drop the clients; for tests, which change the environment under them."""
    for client in (events, sqs, s3, kms, scheduler, flows):
        client.cache_clear()
