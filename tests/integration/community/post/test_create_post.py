"""create_post and request_media_upload: who may say what where, and the files of it."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from botocore.exceptions import ConnectTimeoutError

from community.external.readers import Allowances
from community.person.person import Person
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
from support.faulty_client import lost
from support.identity.sign_in import failing
from support.identity.tenant import Manners, happened, items
from support.principals import acting
from support.spec import ANN
from troupe.aws import clients
from troupe.ids import new_id


@pytest.fixture
def files(table, monkeypatch):
    with bucket(monkeypatch):
        yield


def test_manners(plaza):
    circle = found(plaza)
    given = by(circle.leader)
    reply = Manners(create, circle.path(), "post:create", given, stale=False).check()
    assert reply.body["status"] == "published"
    assert reply.headers["location"] == f"/v1/community/posts/{reply.body['id']}"


def test_a_member_s_post_is_published_at_once(plaza):
    circle = found(plaza)
    emily = circle.member()
    post = wrote(circle, emily, title="First loaf")
    told = happened("post.created", "post.published")
    assert [each.type for each in told] == ["post.created", "post.published"]
    assert {each.aggregate_id for each in told} == {post.id}
    assert told[0].data["author"] == {"id": emily, "display_name": "Emily", "avatar_url": None}
    assert (told[0].data["community_id"], told[0].data["status"]) == (circle.id, "published")
    assert (post.status, post.state().content.title) == ("published", "First loaf")


def test_it_waits_where_posts_are_looked_at_first(plaza):
    circle = found(plaza, **STRICT)
    emily, max_id = circle.member(), circle.member("Max", role="moderator")
    assert create(circle.path(), **by(emily)).body["status"] == "pending"
    assert create(circle.path(), **by(max_id)).body["status"] == "published"
    assert create(circle.path(), **by(circle.leader)).body["status"] == "published"
    assert [each.data["status"] for each in happened("post.created")] == ["pending", "published", "published"]
    assert len(happened("post.published")) == 2


def test_where_the_leader_alone_posts_nobody_else_does(plaza):
    circle = found(plaza, posting="leader")
    moderator, before = circle.member(role="moderator"), items()
    reply = create(circle.path(), **by(moderator))
    assert (reply.status, reply.body["code"]) == (403, "leader_required")
    assert items() == before
    wrote(circle)


def test_only_members_post(plaza):
    circle = found(plaza)
    stranger, left, banned = plaza.consumer(), circle.member(), circle.member()
    circle.leave(left)
    circle.by_leader(ban, banned)
    for each in (stranger, left, banned):
        reply = create(circle.path(), **by(each))
        assert (reply.status, reply.body["code"]) == (403, "member_required")


def test_s_40_to_whoever_is_not_in_it_a_private_community_is_not_there(plaza):
    """S-40: whether one posts, or asks to send a file; as in one that never was."""
    circle = found(plaza, **PRIVATE)
    stranger, pending, left, banned = (plaza.consumer() for _ in range(4))
    circle.admit(left)
    circle.admit(banned)
    circle.join(pending)
    circle.leave(left)
    circle.by_leader(ban, banned)
    for each in (stranger, pending, left, banned):
        for call in (create, upload):
            here = call(circle.path(), **by(each))
            nowhere = call({"community_id": new_id()}, **by(each))
            assert (here.status, here.body) == (nowhere.status, nowhere.body)
            assert here.status == 404


def test_whose_profile_does_not_allow_it_does_not_post(plaza, monkeypatch):
    circle = found(plaza)
    emily = circle.member()
    muted = Person(
        display_name="Emily", kind="consumer", status="active", allowances=Allowances(can_post=False)
    )
    monkeypatch.setattr("community.person.person.find", lambda *_: muted)
    for call in (create, upload):
        reply = call(circle.path(), **by(emily))
        assert (reply.status, reply.body["code"]) == (403, "may_not_post")


def test_a_post_in_nothing(plaza):
    assert create({"community_id": "bread"}, **by(plaza.consumer())).status == 404


@pytest.mark.parametrize(
    "body, code, field",
    [
        ({"kind": "text"}, "part_missing", "text"),
        ({"kind": "poll", "title": "Bread?"}, "part_missing", "poll"),
        (POLL | {"poll": {"options": ["Yes", "Yes"]}}, "repeated", "poll"),
        (
            POLL | {"poll": {"options": ["A", "B"], "closes_at": "2020-01-01T00:00:00Z"}},
            "in_the_past",
            "poll",
        ),
        (WORDS | {"link": {"url": "https://x.example"}}, "wrong_kind", None),
    ],
)
def test_what_is_not_of_its_kind_is_refused(plaza, body, code, field):
    circle = found(plaza)
    before = items()
    reply = create(circle.path(), body=body, **by(circle.leader))
    assert (reply.status, reply.body["errors"][0]["code"]) == (422, code)
    assert field is None or reply.body["errors"][0]["field"] == field
    assert items() == before


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
def test_what_cannot_be_read_is_refused(plaza, body):
    circle = found(plaza)
    assert create(circle.path(), body=body, **by(circle.leader)).body["code"] == "invalid_request"


def test_a_poll_and_a_link_are_kept_as_they_were_asked(plaza):
    circle = found(plaza)
    poll = wrote(circle, **POLL).state().content.poll
    assert [(each.id, each.text) for each in poll.options] == [("1", "Yes"), ("2", "No"), ("3", "Rye")]
    link = {"url": "https://bread.example", "title": "Bread", "thumbnail_url": "https://bread.example/1.png"}
    assert wrote(circle, kind="link", link=link).state().content.link.url == "https://bread.example"


def test_the_signature_fixes_type_and_size(plaza, files):
    circle = found(plaza)
    reply = done(upload(circle.path(), **by(circle.leader)))
    sent = reply.body["upload"]
    signed = parse_qs(urlsplit(sent["url"]).query)
    assert signed["X-Amz-SignedHeaders"] == ["content-length;content-type;host"]
    assert signed["X-Amz-Expires"] == ["900"]
    assert (sent["method"], sent["headers"]) == (
        "PUT",
        {"content-type": "image/jpeg", "content-length": "4"},
    )
    assert f"/{circle.id}/{circle.leader}/{reply.body['media_id']}?" in sent["url"]


def test_asking_to_send_a_file_writes_nothing(plaza, files):
    circle = found(plaza)
    before = items()
    done(upload(circle.path(), **by(circle.leader)))
    assert items() == before


@pytest.mark.parametrize(
    "body, code",
    [
        (JPEG | {"size_bytes": 10 * 1024 * 1024 + 1}, "file_too_large"),
        ({"content_type": "video/mp4", "size_bytes": 200 * 1024 * 1024 + 1}, "less_than_equal"),
        (JPEG | {"content_type": "image/svg+xml"}, None),
    ],
)
def test_what_is_no_picture_nor_video_is_not_sent(plaza, files, body, code):
    circle = found(plaza)
    reply = upload(circle.path(), body=body, **by(circle.leader))
    assert reply.status == 422
    assert code is None or reply.body["errors"][0]["code"] == code


def test_a_post_shows_the_file_that_was_there(plaza, files):
    """Whatever is sent there afterwards, by an address that is still good."""
    circle = found(plaza)
    emily = circle.member()
    media_id = send(circle, emily)
    (kept,) = wrote(circle, emily, kind="image", media=[media_id]).state().content.media
    assert (kept.id, kept.content_type, kept.size_bytes) == (media_id, "image/jpeg", 4)
    put(circle, emily, media_id, b"something else")
    (other,) = wrote(circle, emily, kind="image", media=[media_id]).state().content.media
    assert other.version != kept.version


def test_a_file_that_was_not_sent_is_not_posted(plaza, files):
    circle = found(plaza)
    emily, max_id = circle.member(), circle.member("Max")
    of_max, before = send(circle, max_id), items()
    for media_id in (new_id(), of_max):
        reply = create(circle.path(), body={"kind": "image", "media": [media_id]}, **by(emily))
        assert (reply.status, reply.body["errors"][0]["code"]) == (422, "media_missing")
    assert items() == before


def test_a_video_is_no_picture(plaza, files):
    circle = found(plaza)
    film = send(circle, circle.leader, content_type="video/mp4")
    body = {"kind": "image", "media": [film]}
    assert create(circle.path(), body=body, **by(circle.leader)).body["errors"][0]["code"] == "wrong_kind"
    assert wrote(circle, kind="video", media=[film]).status == "published"


def refused(**_):
    return SimpleNamespace(status_code=403), {
        "Error": {"Code": "AccessDenied"},
        "ResponseMetadata": {"HTTPStatusCode": 403},
    }


def silent(**_):
    raise ConnectTimeoutError(endpoint_url="https://s3")


@pytest.mark.parametrize("answer", [refused, silent])
def test_a_bucket_that_does_not_say_is_waited_for(plaza, files, answer):
    """That is no file that was not sent."""
    circle = found(plaza)
    media_id, before = send(circle, circle.leader), items()
    events = clients.s3().meta.events
    events.register_first("before-call.s3.HeadObject", answer)
    reply = create(circle.path(), body={"kind": "image", "media": [media_id]}, **by(circle.leader))
    events.unregister("before-call.s3.HeadObject", answer)
    assert (reply.status, reply.body["code"]) == (503, "unavailable")
    assert items() == before


def test_an_overseer_does_not_post_without_being_a_member(plaza):
    circle, admin = found(plaza), plaza.admin()
    assert create(circle.path(), **acting("admin", admin)).body["code"] == "member_required"


def test_an_answer_that_was_lost_is_one_post(plaza):
    circle = found(plaza)
    for headers in ({}, {"idempotency-key": "k"}):
        with failing(lost):
            assert create(circle.path(), headers=headers, **by(circle.leader)).status == 201
    assert len(happened("post.created")) == 2
    again = create(circle.path(), headers={"idempotency-key": "k"}, **by(circle.leader))
    assert again.headers["idempotent-replayed"] == "true"
    assert len(happened("post.created")) == 2
    other = create(circle.path(), headers={"idempotency-key": "k"}, **by(circle.leader, body=POLL))
    assert (other.status, other.body["code"]) == (422, "idempotency_key_reused")
