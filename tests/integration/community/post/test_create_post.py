"""create_post and request_media_upload: who may say what where, and the files of it."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ConnectTimeoutError

from community.external.readers import Allowances
from community.person.person import Person
from community.post import media
from support.command_contract import CommandContract
from support.community.communities import PRIVATE, ban, found
from support.community.posts import (
    JPEG,
    POLL,
    STRICT,
    WORDS,
    bucket,
    by,
    create,
    done,
    put,
    send,
    upload,
    wrote,
)
from support.dynamodb import stored_events, stored_items
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.principals import acting
from support.spec import ANN
from troupe.aws import clients
from troupe.ids import new_id


@pytest.fixture
def files(table, monkeypatch):
    with bucket(monkeypatch):
        yield


def test_manners(tenant):
    community = found(tenant)
    given = by(community.leader)
    reply = CommandContract(create, community.path(), "post:create", given, stale=False).check()
    assert reply.body["status"] == "published"
    assert reply.headers["location"] == f"/v1/community/posts/{reply.body['id']}"


def test_a_member_s_post_is_published_at_once(tenant):
    community = found(tenant)
    emily = community.member()
    post = wrote(community, emily, title="First loaf")
    told = stored_events("post.created", "post.published")
    assert [each.type for each in told] == ["post.created", "post.published"]
    assert {each.aggregate_id for each in told} == {post.id}
    assert told[0].data["author"] == {"id": emily, "display_name": "Emily", "avatar_url": None}
    assert (told[0].data["community_id"], told[0].data["status"]) == (community.id, "published")
    assert (post.status, post.state().content.title) == ("published", "First loaf")


def test_it_waits_where_posts_are_looked_at_first(tenant):
    community = found(tenant, **STRICT)
    emily, max_id = community.member(), community.member("Max", role="moderator")
    assert create(community.path(), **by(emily)).body["status"] == "pending"
    assert create(community.path(), **by(max_id)).body["status"] == "published"
    assert create(community.path(), **by(community.leader)).body["status"] == "published"
    assert [each.data["status"] for each in stored_events("post.created")] == [
        "pending",
        "published",
        "published",
    ]
    assert len(stored_events("post.published")) == 2


def test_only_the_leader_posts_where_the_setting_says_so(tenant):
    community = found(tenant, posting="leader")
    moderator, before = community.member(role="moderator"), stored_items()
    reply = create(community.path(), **by(moderator))
    assert (reply.status, reply.body["code"]) == (403, "leader_required")
    assert stored_items() == before
    wrote(community)


def test_only_members_post(tenant):
    community = found(tenant)
    stranger, left, banned = tenant.consumer(), community.member(), community.member()
    community.leave(left)
    community.by_leader(ban, banned)
    for each in (stranger, left, banned):
        reply = create(community.path(), **by(each))
        assert (reply.status, reply.body["code"]) == (403, "member_required")


def test_s_40_others_do_not_find_a_private_community(tenant):
    """S-40: whether one posts, or asks to send a file; as in one that never was."""
    community = found(tenant, **PRIVATE)
    stranger, pending, left, banned = (tenant.consumer() for _ in range(4))
    community.admit(left)
    community.admit(banned)
    community.join(pending)
    community.leave(left)
    community.by_leader(ban, banned)
    for each in (stranger, pending, left, banned):
        for call in (create, upload):
            here = call(community.path(), **by(each))
            nowhere = call({"community_id": new_id()}, **by(each))
            assert (here.status, here.body) == (nowhere.status, nowhere.body)
            assert here.status == 404


def test_whose_profile_does_not_allow_it_does_not_post(tenant, monkeypatch):
    community = found(tenant)
    emily = community.member()
    muted = Person(
        display_name="Emily", kind="consumer", status="active", allowances=Allowances(can_post=False)
    )
    monkeypatch.setattr("community.person.person.find", lambda *_: muted)
    for call in (create, upload):
        reply = call(community.path(), **by(emily))
        assert (reply.status, reply.body["code"]) == (403, "may_not_post")


def test_a_post_in_nothing(tenant):
    assert create({"community_id": "bread"}, **by(tenant.consumer())).status == 404


@pytest.mark.parametrize(
    "body, code, field",
    [
        ({"kind": "text"}, "part_missing", "text"),
        ({"kind": "poll", "title": "Bread?"}, "part_missing", "poll"),
        (POLL | {"poll": {"options": ["Yes", "Yes"]}}, "duplicate_items", "poll"),
        (
            POLL | {"poll": {"options": ["A", "B"], "closes_at": "2020-01-01T00:00:00Z"}},
            "in_the_past",
            "poll",
        ),
        (WORDS | {"link": {"url": "https://x.example"}}, "wrong_kind", None),
    ],
)
def test_what_is_not_of_its_kind_is_refused(tenant, body, code, field):
    community = found(tenant)
    before = stored_items()
    reply = create(community.path(), body=body, **by(community.leader))
    assert (reply.status, reply.body["errors"][0]["code"]) == (422, code)
    assert field is None or reply.body["errors"][0]["field"] == field
    assert stored_items() == before


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "link", "link": {"url": "javascript:alert(1)"}},
        {"kind": "poll", "title": "Bread?", "poll": {"options": ["Yes"]}},
        {"kind": "image", "media": ["../secret"]},
        {"kind": "song", "text": "La"},
        WORDS | {"title": ""},
        WORDS | {"author_id": ANN},
    ],
)
def test_what_cannot_be_read_is_refused(tenant, body):
    community = found(tenant)
    assert create(community.path(), body=body, **by(community.leader)).body["code"] == "invalid_request"


def test_a_poll_and_a_link_are_kept_as_they_were_asked(tenant):
    community = found(tenant)
    poll = wrote(community, **POLL).state().content.poll
    assert [(each.id, each.text) for each in poll.options] == [("1", "Yes"), ("2", "No"), ("3", "Rye")]
    link = {"url": "https://bread.example", "title": "Bread", "thumbnail_url": "https://bread.example/1.png"}
    assert wrote(community, kind="link", link=link).state().content.link.url == "https://bread.example"


def test_the_signature_fixes_type_and_size(tenant, files):
    community = found(tenant)
    reply = done(upload(community.path(), **by(community.leader)))
    sent = reply.body["upload"]
    signed = parse_qs(urlsplit(sent["url"]).query)
    assert signed["X-Amz-SignedHeaders"] == ["content-length;content-type;host;if-none-match"]
    assert signed["X-Amz-Expires"] == ["900"]
    assert (sent["method"], sent["headers"]) == (
        "PUT",
        {"content-type": "image/jpeg", "content-length": "4", "if-none-match": "*"},
    )
    assert f"/{community.id}/{community.leader}/{reply.body['media_id']}?" in sent["url"]


@pytest.mark.parametrize(
    "body, code",
    [
        (JPEG | {"size_bytes": 10 * 1024 * 1024 + 1}, "file_too_large"),
        ({"content_type": "video/mp4", "size_bytes": 200 * 1024 * 1024 + 1}, "less_than_equal"),
        (JPEG | {"content_type": "image/svg+xml"}, None),
    ],
)
def test_what_is_no_picture_nor_video_is_not_sent(tenant, files, body, code):
    community = found(tenant)
    reply = upload(community.path(), body=body, **by(community.leader))
    assert reply.status == 422
    assert code is None or reply.body["errors"][0]["code"] == code


def test_a_post_shows_the_file_that_was_there(tenant, files):
    """A later upload to a still valid address does not change the post."""
    community = found(tenant)
    emily = community.member()
    media_id = send(community, emily)
    (kept,) = wrote(community, emily, kind="image", media=[media_id]).state().content.media
    assert (kept.id, kept.content_type, kept.size_bytes) == (media_id, "image/jpeg", 4)
    put(community, emily, media_id, b"something else")
    assert f"versionId={kept.version}" in media.shown("folder", media_id, kept.version)


def test_a_file_that_was_not_sent_is_not_posted(tenant, files):
    community = found(tenant)
    emily, max_id = community.member(), community.member("Max")
    of_max, before = send(community, max_id), stored_items()
    for media_id in (new_id(), of_max):
        reply = create(community.path(), body={"kind": "image", "media": [media_id]}, **by(emily))
        assert (reply.status, reply.body["errors"][0]["code"]) == (422, "media_missing")
    assert stored_items() == before


def test_a_video_is_no_picture(tenant, files):
    community = found(tenant)
    film = send(community, community.leader, content_type="video/mp4")
    body = {"kind": "image", "media": [film]}
    assert (
        create(community.path(), body=body, **by(community.leader)).body["errors"][0]["code"] == "wrong_kind"
    )
    assert wrote(community, kind="video", media=[film]).status == "published"


def refused(**_):
    return SimpleNamespace(status_code=403), {
        "Error": {"Code": "AccessDenied"},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }


def silent(**_):
    raise ConnectTimeoutError(endpoint_url="https://s3")


@pytest.mark.parametrize("answer", [refused, silent])
def test_a_bucket_that_does_not_say_is_waited_for(tenant, files, answer):
    """That is no file that was not sent."""
    community = found(tenant)
    media_id, before = send(community, community.leader), stored_items()
    events = clients.s3().meta.events
    events.register_first("before-call.s3.HeadObject", answer)
    reply = create(community.path(), body={"kind": "image", "media": [media_id]}, **by(community.leader))
    events.unregister("before-call.s3.HeadObject", answer)
    assert (reply.status, reply.body["code"]) == (503, "unavailable")
    assert stored_items() == before


def test_an_overseer_does_not_post_without_being_a_member(tenant):
    community, admin = found(tenant), tenant.admin()
    assert create(community.path(), **acting("admin", admin)).body["code"] == "member_required"


def test_an_answer_that_was_lost_is_one_post(tenant):
    community = found(tenant)
    for headers in ({}, {"idempotency-key": "k"}):
        with failing(lost):
            assert create(community.path(), headers=headers, **by(community.leader)).status == 201
    assert len(stored_events("post.created")) == 2
    again = create(community.path(), headers={"idempotency-key": "k"}, **by(community.leader))
    assert again.headers["idempotent-replayed"] == "true"
    assert len(stored_events("post.created")) == 2
    other = create(community.path(), headers={"idempotency-key": "k"}, **by(community.leader, body=POLL))
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
