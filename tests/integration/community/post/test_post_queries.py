"""Queries of posts: who may see them, with the present names, page by page."""

from dataclasses import replace

import pytest

from community.inbound import handler
from support.community.communities import PRIVATE, ban, delete, found
from support.community.posts import POLL, STRICT, bucket, by, comment, done, hide, react, send, vote, wrote
from support.community.posts import delete as delete_post
from support.community.tenant import ask
from support.dynamodb import round_trips, stored_events
from support.principals import acting
from support.spec import OTHER
from support.stream_events import batch, failed
from troupe.ids import new_id

ONE, SAID, REACTED = "/posts/{post_id}", "/posts/{post_id}/comments", "/posts/{post_id}/reactions"
ROUTES = (ONE, SAID, REACTED)


@pytest.fixture
def community(tenant):
    return found(tenant)


def see(post, user_id=None, route=ONE, **given):
    return ask(route, post.path, **by(user_id or post.author), **given)


def test_a_post_is_shown_with_all_that_is_counted_of_it(community):
    emily, max_id = community.member(), community.member("Max")
    post = wrote(community, emily, **POLL)
    for who, option in ((emily, "1"), (max_id, "3"), (community.leader, "3")):
        done(post(vote, who, body={"option_id": option}))
    for who, reaction in ((max_id, "like"), (emily, "like"), (community.leader, "wow")):
        done(post(react, who, body={"reaction": reaction}))
    post.comment(max_id)
    see(post, max_id)  # after which the generation of the people's rows is known for a while
    with round_trips() as made:
        shown = see(post, max_id)
    assert made == ["BatchGetItem", "BatchGetItem"]
    assert shown.version == 2
    body = shown.body
    assert body["author"] == {"id": emily, "display_name": "Emily", "avatar_url": None}
    assert [each["votes"] for each in body["poll"]["options"]] == [1, 0, 2]
    assert (body["poll"]["own"], body["poll"]["closed"]) == ("3", False)
    assert (body["reactions"], body["own_reaction"]) == ({"like": 2, "wow": 1}, "like")
    assert (body["comments"], body["status"], body["everywhere"]) == (1, "published", False)
    assert body["distribution"] is None
    assert see(post).body["distribution"]["status"] == "none"


def test_names_follow_the_profile(tenant, community):
    emily = tenant.consumer("Emily")
    community.admit(emily)
    post = wrote(community, emily)
    post.comment(emily)
    done(post(react))
    told = [each for each in stored_events() if (each.aggregate, each.aggregate_id) == ("user", emily)]
    renamed = replace(
        told[-1],
        id=new_id(),
        type="user.profile_updated",
        version=told[-1].version + 1,
        data={"profile": {"display_name": "Emily Baker", "avatar_url": "https://x.example/e.png"}},
    )
    assert failed(handler(batch(renamed), None)) == []
    for body in (
        see(post).body,
        see(post, route=SAID).body["items"][0],
        see(post, route=REACTED).body["items"][0],
    ):
        assert body["author"]["display_name"] == "Emily Baker"
    gone = replace(renamed, id=new_id(), type="user.deleted", version=renamed.version + 1, data={})
    assert failed(handler(batch(gone), None)) == []
    assert see(post, community.leader).body["author"] == {
        "id": emily,
        "display_name": None,
        "avatar_url": None,
    }


def test_a_picture_is_shown_by_an_address_for_its_version(community, monkeypatch):
    with bucket(monkeypatch):
        media_id = send(community, community.leader)
        post = wrote(community, kind="image", media=[media_id])
        (shown,) = see(post).body["media"]
        (kept,) = post.state().content.media
    assert f"{community.leader}/{media_id}?" in shown["url"]
    assert f"versionId={kept.version}" in shown["url"]
    assert "X-Amz-Expires=3600" in shown["url"]


def test_what_waits_and_what_is_hidden_its_author_sees_and_who_moderates(tenant):
    community = found(tenant, **STRICT)
    emily, max_id = community.member(), community.member("Max")
    post = wrote(community, emily)
    for step in (lambda: None, lambda: post.by_leader(hide)):
        step()
        for route in ROUTES:
            answers = [
                see(post, who, route).status for who in (emily, community.leader, max_id, tenant.consumer())
            ]
            assert answers == [200, 200, 404, 404]
    assert see(post).body["hidden_reason"] == "spam"


def test_deleted_posts_are_not_found(community):
    post = wrote(community, community.member())
    post(delete_post)
    assert [see(post, who).status for who in (post.author, community.leader)] == [404, 404]


def test_all_users_read_a_public_community(tenant, community):
    post = wrote(community)
    left, banned = community.member(), community.member()
    community.leave(left)
    community.by_leader(ban, banned)
    for who in (tenant.consumer(), left, banned):
        assert [see(post, who, route).status for route in ROUTES] == [200] * 3


def test_s_40_private_leaks_nothing(tenant):
    """S-40: not by id, count or cursor; to who asks, left or was banned as to who never was there."""
    community = found(tenant, **PRIVATE)
    post = wrote(community)
    for _ in range(2):
        post.comment(community.leader)
    page = see(post, community.leader, SAID, query={"limit": "1"})
    stranger, pending, left, banned = (tenant.consumer() for _ in range(4))
    community.admit(left)
    community.admit(banned)
    community.join(pending)
    community.leave(left)
    community.by_leader(ban, banned)
    never = {"post_id": f"{new_id()}.{new_id()}"}
    for who in (stranger, pending, left, banned):
        for route in ROUTES:
            here, nowhere = see(post, who, route), ask(route, never, **by(who))
            assert (here.status, here.body, here.headers) == (nowhere.status, nowhere.body, nowhere.headers)
            assert here.status == 404
        foreign = see(post, who, SAID, query={"cursor": page.body["cursor"]})
        assert (foreign.status, foreign.body["code"]) == (400, "foreign_cursor")
    assert see(post, community.leader, tenant_id=OTHER).status == 404
    assert ask(ONE, post.path, **acting("admin", tenant.admin())).status == 200


def test_in_a_deleted_community_nothing_is_read(community):
    post = wrote(community)
    community.by_leader(delete)
    assert [see(post, route=route).status for route in ROUTES] == [404] * 3


@pytest.mark.parametrize(
    "post_id",
    ["bread", "..", f"{new_id()}", f"{new_id()}.{new_id()}.{new_id()}"],
    ids=["a word", "dots", "one id", "three ids"],
)
def test_what_is_no_post_is_not_found(tenant, post_id):
    for route in ROUTES:
        assert ask(route, {"post_id": post_id}, **by(tenant.consumer())).status == 404


def test_comments_come_page_by_page_the_newest_first(community, clock):
    post, said = wrote(community), []
    for number in range(5):
        clock.forward(seconds=1)
        said.append(post.comment(community.leader, f"Comment {number}"))
    see(post)
    pages, cursor = [], None
    while True:
        query = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        with round_trips() as made:
            reply = see(post, community.leader, SAID, query=query)
        assert made == ["BatchGetItem", "Query", "BatchGetItem"]
        pages.append([each["id"] for each in reply.body["items"]])
        cursor = reply.body["cursor"]
        if not cursor:
            break
    assert pages == [said[:2:-1], said[2:0:-1], said[:1]]


def test_s_44_a_full_last_page_has_no_cursor(community):
    """S-44."""
    post = wrote(community)
    assert see(post, route=SAID).body == {"items": [], "cursor": None}
    for _ in range(2):
        done(post(comment))
    assert see(post, route=SAID, query={"limit": "2"}).body["cursor"] is None


@pytest.mark.parametrize("route", [SAID, REACTED])
def test_s_45_a_foreign_cursor_is_refused_and_nothing_read(community, route):
    """S-45: another's, of another list, or tampered with."""
    emily, max_id = community.member(), community.member("Max")
    post, other = wrote(community, emily), wrote(community, emily)
    for who in (emily, max_id):
        post.comment(who)
        done(post(react, who))
    cursor = see(post, emily, route, query={"limit": "1"}).body["cursor"]
    assert see(post, emily, route, query={"cursor": cursor}).status == 200
    tries = [(post, max_id, cursor), (other, emily, cursor), (post, emily, f"{cursor}x")]
    for about, who, tried in tries:
        with round_trips() as made:
            reply = see(about, who, route, query={"cursor": tried})
        assert (reply.status, reply.body["code"], made) == (400, "foreign_cursor", [])


def test_who_reacted_and_how(community):
    emily = community.member()
    post = wrote(community)
    for who, reaction in ((emily, "love"), (community.leader, "like")):
        done(post(react, who, body={"reaction": reaction}))
    shown = {each["author"]["id"]: each["reaction"] for each in see(post, route=REACTED).body["items"]}
    assert shown == {emily: "love", community.leader: "like"}
