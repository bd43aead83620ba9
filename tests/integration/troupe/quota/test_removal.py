"""The removal of a file that nothing names, in what order whatever comes."""

from datetime import UTC, datetime

import boto3
import pytest

from support.dynamodb import before_next_write
from support.spec import TENANT
from troupe.ids import new_id
from troupe.quota import quota, uploads
from troupe.quota.uploads import File
from troupe.store import keys, reads
from troupe.store.commit import commit

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
TAKEN = ValueError("named already")


@pytest.fixture
def bucket(table):
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="files", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="files", VersioningConfiguration={"Status": "Enabled"})
    commit(quota.opened(TENANT, uploads.STORED, 100, 10))
    return "files"


@pytest.fixture
def file(bucket):
    """One of ten bytes that nothing names any more."""
    made = File(id=new_id(), place="a/b", size_bytes=10, kind="test")
    boto3.client("s3").put_object(Bucket=bucket, Key=made.place, Body=b"x" * 10)
    commit(uploads.released(TENANT, [made], NOON, NOON))
    return made


def stored():
    found = reads.batch(quota.wanted(TENANT, uploads.STORED))
    return quota.level(found, TENANT, uploads.STORED).used


def there(bucket):
    return len(boto3.client("s3").list_object_versions(Bucket=bucket).get("Versions", []))


def test_it_gives_the_bytes_back_once(bucket, file):
    for _ in range(2):
        uploads.remove(TENANT, file.id, bucket, NOON)
    assert (there(bucket), stored()) == (0, 0)


def test_a_file_that_was_never_asked_for(bucket):
    uploads.remove(TENANT, new_id(), bucket, NOON)
    assert stored() == 10


def test_one_that_is_named_meanwhile_stays(bucket, file):
    with before_next_write(lambda: commit(uploads.named(TENANT, [file.id], TAKEN))):
        uploads.remove(TENANT, file.id, bucket, NOON)
    assert (there(bucket), stored()) == (1, 10)
    assert reads.one(keys.upload(TENANT, file.id))["status"] == "named"
