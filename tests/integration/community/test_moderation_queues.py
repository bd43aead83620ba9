"""What waits for moderators: posts to be looked at, hidden ones, and reports."""

import pytest

from support.community.communities import PRIVATE, found
from support.community.posts import STRICT, by, done, hide, publish, resolve, restore, wrote
from support.community.tenant import ask
from support.dynamodb import round_trips
from support.principals import acting
from troupe.ids import new_id

QUEUE, REPORTS = "/communities/{community_id}/moderation", "/communities/{community_id}/reports"


@pytest.fixture
def community(tenant):
    return found(tenant, **STRICT)


def waiting(community, route=QUEUE, user_id=None, **query):
    with round_trips() as made:
        reply = ask(route, community.path(), query=query, **by(user_id or community.leader))
    if reply.status != 200:
        return reply
    assert made == ["BatchGetItem", "Query"]
    return [each["id"] for each in reply.body["items"]]


def test_posts_wait_in_the_order_they_came(community, clock):
    emily = community.member()
    posts = []
    for _ in range(3):
        clock.forward(seconds=1)
        posts.append(wrote(community, emily, title="First loaf"))
    first, second, third = posts
    assert waiting(community) == [first.id, second.id, third.id]
    (shown, *_) = ask(QUEUE, community.path(), **by(community.leader)).body["items"]
    assert (shown["title"], shown["excerpt"]) == ("First loaf", "Baked this morning.")
    assert (shown["author_id"], shown["display_name"], shown["status"]) == (emily, "Emily", "pending")
    first.by_leader(publish)
    second.by_leader(hide, body={"reason": "off topic"})
    assert waiting(community) == [third.id]
    assert waiting(community, status="hidden") == [second.id]
    (shown,) = ask(QUEUE, community.path(), query={"status": "hidden"}, **by(community.leader)).body["items"]
    assert shown["reason"] == "off topic"
    second.by_leader(restore)
    assert waiting(community) == [second.id, third.id]


def test_reports_wait_until_they_are_resolved(community, clock):
    post = wrote(community)
    reports = []
    for _ in range(2):
        clock.forward(seconds=1)
        reports.append(post.report(community.member()))
    assert waiting(community, REPORTS) == reports
    done(resolve({"report_id": reports[0]}, **by(community.leader)))
    assert waiting(community, REPORTS) == reports[1:]
    assert waiting(community, REPORTS, status="resolved") == reports[:1]
    (shown,) = ask(REPORTS, community.path(), query={"status": "resolved"}, **by(community.leader)).body[
        "items"
    ]
    assert (shown["subject_id"], shown["resolution"]) == (post.id, "dismissed")
    assert shown["resolved_by"] == community.leader


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_only_moderators_see_them(tenant, community, route):
    moderator = community.member(role="moderator")
    assert waiting(community, route, moderator) == []
    assert ask(route, community.path(), **acting("admin", tenant.admin())).status == 200
    for who in (community.member(), tenant.consumer()):
        reply = waiting(community, route, who)
        assert (reply.status, reply.body["code"]) == (403, "moderator_required")


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_s_40_of_a_private_community_there_is_no_queue(tenant, route):
    """S-40."""
    community, stranger = found(tenant, **PRIVATE), tenant.consumer()
    here = waiting(community, route, stranger)
    nowhere = ask(route, {"community_id": new_id()}, **by(stranger))
    assert (here.status, here.body) == (nowhere.status, nowhere.body)
    assert here.status == 404


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_s_45_another_moderator_s_cursor_is_refused_and_nothing_read(community, route):
    """S-45."""
    emily, moderator = community.member(), community.member(role="moderator")
    for _ in range(2):
        wrote(community, emily)
        wrote(community).report(emily)
    cursor = ask(route, community.path(), query={"limit": "1"}, **by(community.leader)).body["cursor"]
    with round_trips() as made:
        reply = ask(route, community.path(), query={"cursor": cursor}, **by(moderator))
    assert (reply.status, reply.body["code"], made) == (400, "foreign_cursor", [])


def test_what_is_no_status(community):
    assert waiting(community, status="bread").status == 422
