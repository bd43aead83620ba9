"""What is said in a community, for the tests of community: posts, comments, reactions, votes and reports."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from community.comment.decider import COMMENT
from community.post import engagement, values
from community.post.decider import POST
from community.post.state import Post
from community.report.decider import REPORT, Report
from support.community.communities import CommunityUnderTest
from support.community.tenant import Call
from support.dynamodb import stored_items
from support.principals import acting
from support.spec import Reply
from troupe.store import keys, reads
from troupe.store.aggregates import parse
from troupe.store.transact import load

WORDS = {"kind": "text", "text": "Baked this morning."}
POLL = {"kind": "poll", "title": "Bread?", "poll": {"options": ["Yes", "No", "Rye"]}}
JPEG = {"content_type": "image/jpeg", "size_bytes": 4}
STRICT = {"moderation_required": True}
ONE = "/posts/{post_id}"

upload = Call("request_media_upload", "POST /communities/{community_id}/media", JPEG)
create = Call("create_post", "POST /communities/{community_id}/posts", WORDS)
edit = Call("edit_post", f"PATCH {ONE}", {"text": "Eaten by noon."})
publish = Call("publish_post", f"POST {ONE}/publish")
hide = Call("hide_post", f"POST {ONE}/hide", {"reason": "spam"})
delete = Call("delete_post", f"DELETE {ONE}")
restore = Call("restore_post", f"POST {ONE}/restore")
react = Call("react_to_post", f"PUT {ONE}/reactions", {"reaction": "like"})
vote = Call("vote_in_poll", f"PUT {ONE}/vote", {"option_id": "1"})
comment = Call("comment_on_post", f"POST {ONE}/comments", {"text": "How long did it rise?"})
delete_comment = Call("delete_comment", "DELETE /comments/{comment_id}")
report = Call("report_content", "POST /reports")
resolve = Call("resolve_report", "POST /reports/{report_id}/resolve", {"resolution": "dismissed"})


def done(reply: Reply) -> Reply:
    assert reply.status in {200, 201}, reply.body
    return reply


def by(user_id: str, **given: Any) -> dict[str, Any]:
    """A request by a user with the permissions of a consumer."""
    return acting("consumer", user_id, **given)


@dataclass(frozen=True)
class PostUnderTest:
    """One post, and who wrote it."""

    community: CommunityUnderTest
    id: str
    author: str

    @property
    def path(self) -> dict[str, str]:
        return {"post_id": self.id}

    def __call__(self, call: Call, user_id: str | None = None, **given: Any) -> Reply:
        """By a given user, or by its author."""
        return call(self.path, **by(user_id or self.author), **given)

    def by_leader(self, call: Call, **given: Any) -> Reply:
        return self(call, self.community.leader, **given)

    def state(self) -> Post:
        return load(self.community.tenant.tenant_id, POST, self.id).state

    @property
    def status(self) -> str:
        return self.state().status

    def counts(self) -> dict[str, int]:
        found = reads.batch(list(engagement.tallies(self.community.tenant.tenant_id, self.id)))
        total = Counter[str]()
        for item in found.values():
            total.update({name: value for name, value in item.items() if name not in {"PK", "SK"}})
        return {name: value for name, value in total.items() if value}

    def comment(self, user_id: str, text: str = "How long did it rise?") -> str:
        reply = done(self(comment, user_id, body={"text": text}))
        assert values.post_of(reply.body["id"]) == self.id
        return reply.body["id"]

    def report(self, user_id: str, subject_id: str | None = None, **body: Any) -> str:
        given = {"subject_id": subject_id or self.id, "reason": "spam"} | body
        return done(report(body=given, **by(user_id))).body["id"]


def wrote(community: CommunityUnderTest, author: str | None = None, **body: Any) -> PostUnderTest:
    """A post of a given user, or of the leader."""
    author = author or community.leader
    reply = done(create(community.path(), body=WORDS | body, **by(author)))
    return PostUnderTest(community, reply.body["id"], author)


def reported(community: CommunityUnderTest, report_id: str) -> Report:
    return load(community.tenant.tenant_id, REPORT, report_id).state


@contextmanager
def bucket(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """The bucket that the stack has."""
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket="media", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    s3.put_bucket_versioning(Bucket="media", VersioningConfiguration={"Status": "Enabled"})
    patch.setenv("MEDIA_BUCKET", "media")
    yield


def send(
    community: CommunityUnderTest, user_id: str, content: bytes = b"\xff\xd8\xff\xe0", **form: Any
) -> str:
    """A file that a user asks to upload, and uploads."""
    given = {"content_type": "image/jpeg", "size_bytes": len(content)} | form
    media_id = done(upload(community.path(), body=given, **by(user_id))).body["media_id"]
    put(community, user_id, media_id, content, given["content_type"])
    return media_id


def put(
    community: CommunityUnderTest,
    user_id: str,
    media_id: str,
    content: bytes,
    content_type: str = "image/jpeg",
) -> None:
    place = f"{community.tenant.tenant_id}/{community.id}/{user_id}/{media_id}"
    boto3.client("s3").put_object(Bucket="media", Key=place, Body=content, ContentType=content_type)


def audit(community: CommunityUnderTest) -> None:
    """What is counted is what there is: each vote, reaction and comment once."""
    tenant_id = community.tenant.tenant_id
    found = [item for item in stored_items() if item["PK"].startswith(f"{tenant_id}#")]
    of_posts: dict[str, Counter[str]] = {}
    for item in found:
        _, kind, *middle = item["PK"].split("#")
        if kind == "POST" and item["SK"].startswith(("VOTE#", "REACTION#")):
            name = {"VOTE": "votes", "REACTION": "reactions"}[item["SK"].partition("#")[0]]
            of_posts.setdefault(middle[0], Counter())[f"{name}_{item['choice']}"] += 1
        if kind == "COMMENT" and item["SK"] == keys.STATE and "deleted_at" not in item:
            said = parse(COMMENT.state, item["state"])
            of_posts.setdefault(said.post_id, Counter())["comments"] += 1
    tallied = {
        item["PK"].split("#")[3] for item in found if item["PK"].startswith(f"{tenant_id}#TALLY#POST#")
    }
    for post_id in tallied | of_posts.keys():
        assert PostUnderTest(community, post_id, "").counts() == dict(of_posts.get(post_id, {}))
    for item in found:
        if item["PK"].startswith(f"{tenant_id}#TALLY#POST#"):
            assert all(value >= 0 for name, value in item.items() if name not in {"PK", "SK"})
