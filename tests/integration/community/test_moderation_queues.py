"""What waits for moderators: posts to be looked at, hidden ones, and reports."""

import pytest

from support.community.communities import PRIVATE, found
from support.community.posts import STRICT, by, done, hide, publish, resolve, restore, wrote
from support.community.tenant import ask
from support.identity.tenant import round_trips
from support.principals import acting
from troupe.ids import new_id

QUEUE, REPORTS = "/communities/{community_id}/moderation", "/communities/{community_id}/reports"


@pytest.fixture
def circle(plaza):
    return found(plaza, **STRICT)


def waiting(circle, route=QUEUE, user_id=None, **query):
    with round_trips() as made:
        reply = ask(route, circle.path(), query=query, **by(user_id or circle.leader))
    if reply.status != 200:
        return reply
    assert made == ["BatchGetItem", "Query"]
    return [each["id"] for each in reply.body["items"]]


def test_posts_wait_in_the_order_they_came(circle, clock):
    emily = circle.member()
    posts = []
    for _ in range(3):
        clock.forward(seconds=1)
        posts.append(wrote(circle, emily, title="First loaf"))
    first, second, third = posts
    assert waiting(circle) == [first.id, second.id, third.id]
    (shown, *_) = ask(QUEUE, circle.path(), **by(circle.leader)).body["items"]
    assert (shown["title"], shown["excerpt"]) == ("First loaf", "Baked this morning.")
    assert (shown["author_id"], shown["display_name"], shown["status"]) == (emily, "Emily", "pending")
    first.by_leader(publish)
    second.by_leader(hide, body={"reason": "off topic"})
    assert waiting(circle) == [third.id]
    assert waiting(circle, status="hidden") == [second.id]
    (shown,) = ask(QUEUE, circle.path(), query={"status": "hidden"}, **by(circle.leader)).body["items"]
    assert shown["reason"] == "off topic"
    second.by_leader(restore)
    assert waiting(circle) == [second.id, third.id]


def test_reports_wait_until_they_are_resolved(circle, clock):
    post = wrote(circle)
    reports = []
    for _ in range(2):
        clock.forward(seconds=1)
        reports.append(post.report(circle.member()))
    assert waiting(circle, REPORTS) == reports
    done(resolve({"report_id": reports[0]}, **by(circle.leader)))
    assert waiting(circle, REPORTS) == reports[1:]
    assert waiting(circle, REPORTS, status="resolved") == reports[:1]
    (shown,) = ask(REPORTS, circle.path(), query={"status": "resolved"}, **by(circle.leader)).body["items"]
    assert (shown["subject_id"], shown["resolution"]) == (post.id, "dismissed")
    assert shown["resolved_by"] == circle.leader


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_moderators_see_them_and_nobody_else(plaza, circle, route):
    moderator = circle.member(role="moderator")
    assert waiting(circle, route, moderator) == []
    assert ask(route, circle.path(), **acting("admin", plaza.admin())).status == 200
    for who in (circle.member(), plaza.consumer()):
        reply = waiting(circle, route, who)
        assert (reply.status, reply.body["code"]) == (403, "moderator_required")


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_s_40_of_a_private_community_there_is_no_queue(plaza, route):
    """S-40."""
    circle, stranger = found(plaza, **PRIVATE), plaza.consumer()
    here = waiting(circle, route, stranger)
    nowhere = ask(route, {"community_id": new_id()}, **by(stranger))
    assert (here.status, here.body) == (nowhere.status, nowhere.body)
    assert here.status == 404


@pytest.mark.parametrize("route", [QUEUE, REPORTS])
def test_s_45_another_moderator_s_cursor_is_refused_and_nothing_read(circle, route):
    """S-45."""
    emily, moderator = circle.member(), circle.member(role="moderator")
    for _ in range(2):
        wrote(circle, emily)
        wrote(circle).report(emily)
    cursor = ask(route, circle.path(), query={"limit": "1"}, **by(circle.leader)).body["cursor"]
    with round_trips() as made:
        reply = ask(route, circle.path(), query={"cursor": cursor}, **by(moderator))
    assert (reply.status, reply.body["code"], made) == (400, "foreign_cursor", [])


def test_what_is_no_status(circle):
    assert waiting(circle, status="bread").status == 422
