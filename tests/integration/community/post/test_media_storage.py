"""What the files of posts take of the tenant's storage: from the request on, until nothing names them."""

from datetime import timedelta

import boto3
import pytest

from community.distribution.flow import sweep_distributions
from community.post import media
from support.community.communities import found
from support.community.posts import bucket, by, create, delete, edit, restore, send, upload
from support.dynamodb import before_next_write
from support.identity.tenant import STORAGE
from support.spec import LAMBDA, TENANT
from troupe.clock import now
from troupe.quota import quota, uploads
from troupe.store import keys, reads, writes
from troupe.store.commit import commit

BYTES = b"\xff\xd8\xff\xe0"
SIZE = len(BYTES)


def stored():
    return quota.level(reads.batch(quota.wanted(TENANT, "storage_bytes")), TENANT, "storage_bytes").used


def in_bucket():
    found = boto3.client("s3").list_object_versions(Bucket="media")
    return len(found.get("Versions", [])) + len(found.get("DeleteMarkers", []))


def sweep(monkeypatch, **later):
    at = now() + timedelta(**later)
    monkeypatch.setattr(sweep_distributions, "now", lambda: at)
    return sweep_distributions.handler({}, LAMBDA)


@pytest.fixture
def community(tenant, monkeypatch):
    with bucket(monkeypatch):
        yield found(tenant)


def posted(community, *media_ids):
    body = {"kind": "image", "title": "Loaf", "media": list(media_ids)}
    return create(community.path(), body=body, **by(community.leader))


def test_what_is_asked_for_counts_before_it_comes(community):
    answer = upload(
        community.path(), body={"content_type": "video/mp4", "size_bytes": 700}, **by(community.leader)
    )
    assert (answer.status, stored()) == (200, 700)


def test_what_no_post_names_is_gone_after_a_day(community, monkeypatch):
    send(community, community.leader, BYTES)
    sweep(monkeypatch, hours=23)
    assert (stored(), in_bucket()) == (SIZE, 1)
    assert sweep(monkeypatch, hours=25) == {"done": 1, "failed": 0}
    assert (stored(), in_bucket()) == (0, 0)
    assert sweep(monkeypatch, hours=26) == {"done": 0, "failed": 0}
    assert stored() == 0


def test_what_a_post_names_stays(community, monkeypatch):
    media_id = send(community, community.leader, BYTES)
    assert posted(community, media_id).status == 201
    assert sweep(monkeypatch, days=3) == {"done": 0, "failed": 0}
    assert (stored(), in_bucket()) == (SIZE, 1)


def test_one_file_is_of_one_post(community):
    media_id = send(community, community.leader, BYTES)
    assert posted(community, media_id).status == 201
    again = posted(community, media_id)
    assert (again.status, again.body["code"]) == (422, "media_missing")


def test_a_file_that_is_going_is_not_named_any_more(community, monkeypatch):
    media_id = send(community, community.leader, BYTES)

    def act():
        sweep(monkeypatch, hours=25)

    with before_next_write(act):
        reply = posted(community, media_id)
    assert (reply.status, reply.body["code"]) == (422, "media_missing")
    assert (stored(), in_bucket()) == (0, 0)


def test_a_removal_that_ended_half_way_goes_on(community, monkeypatch):
    media_id = send(community, community.leader, BYTES)
    with monkeypatch.context() as patch:
        patch.setattr(uploads, "_versions", lambda *_: 1 / 0)
        assert sweep(patch, hours=25) == {"done": 0, "failed": 1}
    assert reads.one(keys.upload(TENANT, media_id))["status"] == "going"
    assert sweep(monkeypatch, hours=26)["done"] == 1
    assert (stored(), in_bucket()) == (0, 0)


class TestNoLongerNamed:
    @pytest.fixture
    def post(self, community):
        reply = posted(community, send(community, community.leader, BYTES))
        return {"post_id": reply.body["id"]}, by(community.leader)

    def test_by_an_edit(self, community, post, monkeypatch):
        path, who = post
        body = {"media": [send(community, community.leader, BYTES * 2)]}
        assert edit(path, body=body, **who).status == 200
        assert stored() == 3 * SIZE
        sweep(monkeypatch, days=30, hours=1)
        assert (stored(), in_bucket()) == (2 * SIZE, 1)

    def test_by_a_deletion(self, post, monkeypatch):
        path, who = post
        assert delete(path, **who).status == 200
        sweep(monkeypatch, days=29)
        assert (stored(), in_bucket()) == (SIZE, 1)
        sweep(monkeypatch, days=31)
        assert (stored(), in_bucket()) == (0, 0)
        gone = restore(path, **who)
        assert (gone.status, gone.body["code"]) == (422, "media_missing")

    def test_and_named_again_by_a_restoration(self, post, monkeypatch):
        path, who = post
        delete(path, **who)
        assert restore(path, **who).status == 200
        sweep(monkeypatch, days=31)
        assert (stored(), in_bucket()) == (SIZE, 1)


class TestLimits:
    def asked(self, community, size=SIZE):
        body = {"content_type": "video/mp4", "size_bytes": size}
        reply = upload(community.path(), body=body, **by(community.leader))
        return reply.status, reply.body.get("code")

    def test_no_more_bytes_than_the_plan_has(self, community):
        most = 200 * 2**20
        answers = [self.asked(community, most) for _ in range(STORAGE // most + 1)]
        assert answers == [(200, None)] * (STORAGE // most) + [(409, "quota_exceeded")]

    def test_so_many_of_one_person_a_day(self, community, monkeypatch):
        monkeypatch.setattr(uploads, "MOST_OF_ONE", 2)
        answers = [self.asked(community) for _ in range(3)]
        assert answers == [(200, None)] * 2 + [(409, "too_many_uploads")]
        assert stored() == 2 * SIZE

    def test_so_many_of_a_tenant_a_day(self, community):
        commit([writes.update(keys.standing(TENANT), "SET uploads_per_day = :n", {"n": 3})])
        assert [self.asked(community) for _ in range(4)] == [(200, None)] * 3 + [(409, "quota_exceeded")]


def test_a_file_is_sent_once_and_of_the_size_that_was_named(community):
    """What S3 refuses: a second one at the address, and headers that were not signed."""
    body = {"content_type": "image/jpeg", "size_bytes": SIZE}
    asked = upload(community.path(), body=body, **by(community.leader)).body["upload"]
    signed = asked["url"].partition("X-Amz-SignedHeaders=")[2].partition("&")[0].split("%3B")
    assert {"content-length", "content-type", "if-none-match"} <= set(signed)
    assert asked["headers"]["if-none-match"] == "*"
    assert media.MAY_UPLOAD < uploads.UNNAMED_FOR
    s3, place = boto3.client("s3"), {"Bucket": "media", "Key": "a", "IfNoneMatch": "*"}
    s3.put_object(**place, Body=b"1")
    with pytest.raises(s3.exceptions.ClientError, match="PreconditionFailed"):
        s3.put_object(**place, Body=b"2")
