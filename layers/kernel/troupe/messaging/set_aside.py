"""What can never be published lies in a bucket with its reason, until a replay finds that it can."""

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from troupe.aws.clients import s3
from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.observability import logger, outcome

PREFIX = "aside/"

type Record = Mapping[str, Any]


class Kept(NamedTuple):
    key: str
    record: Record


def set_aside(record: Record, reason: str) -> None:
    """Write one record of the stream to the bucket, under its number: once, however often it comes."""
    number = record["dynamodb"]["SequenceNumber"]
    text = json.dumps({"reason": reason, "at": rfc3339(now()), "record": record}, default=str)
    s3().put_object(Bucket=os.environ["FAILURES_BUCKET"], Key=f"{PREFIX}{number}.json", Body=text.encode())
    logger.error("record_set_aside", extra={"sequence_number": number, "reason": reason})
    outcome("set_aside", sequence_number=number, reason=reason)


def kept() -> Iterator[Kept]:
    """All that lies there."""
    bucket = os.environ["FAILURES_BUCKET"]
    for page in s3().get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=PREFIX):
        for key in (each["Key"] for each in page.get("Contents", [])):
            text = s3().get_object(Bucket=bucket, Key=key)["Body"].read()
            yield Kept(key, json.loads(text)["record"])


def remove(key: str) -> None:
    s3().delete_object(Bucket=os.environ["FAILURES_BUCKET"], Key=key)
