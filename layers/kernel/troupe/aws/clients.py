"""Clients of what stands beside the table, one of each, made when first needed."""

import os
from functools import cache
from typing import TYPE_CHECKING, Literal

from botocore.config import Config

from troupe.aws import sdk

if TYPE_CHECKING:
    from mypy_boto3_events import EventBridgeClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_scheduler import EventBridgeSchedulerClient
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_stepfunctions import SFNClient


@cache
def events() -> "EventBridgeClient":
    made: EventBridgeClient = sdk.client("events")
    return made


@cache
def sqs() -> "SQSClient":
    made: SQSClient = sdk.client("sqs")
    return made


@cache
def s3() -> "S3Client":
    """Signs addresses for the bucket's own region, with all headers that are given.

    By itself boto3 signs for the first region there was, in the old way, which fixes no size.
    """
    local = os.environ.get("AWS_ENDPOINT_URL")  # where buckets are no names
    style: Literal["auto", "virtual"] = "auto" if local else "virtual"
    config = sdk.CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": style}))
    made: S3Client = sdk.client("s3", config)
    return made


@cache
def kms() -> "KMSClient":
    made: KMSClient = sdk.client("kms")
    return made


@cache
def scheduler() -> "EventBridgeSchedulerClient":
    made: EventBridgeSchedulerClient = sdk.client("scheduler")
    return made


@cache
def flows() -> "SFNClient":
    made: SFNClient = sdk.client("stepfunctions")
    return made


@cache
def functions() -> "LambdaClient":
    made: LambdaClient = sdk.client("lambda")
    return made


def forget() -> None:
    """Drop the clients; for tests, which change the environment under them."""
    for client in (events, sqs, s3, kms, scheduler, flows, functions):
        client.cache_clear()
