"""A page of a feed is one query of at most four read units, whoever reads it and whatever people write."""

from dataclasses import replace
from datetime import datetime

import pytest

from community.feed.pages import LARGEST
from support.community.communities import PRIVATE, profiled
from support.community.feeds import COMMUNITY_FEED, FEED, feed, ids
from support.community.tenant import ask
from support.identity.tenant import items, round_trips
from support.principals import acting
from support.spec import OTHER
from support.stream_events import envelope, item
from troupe.ids import new_id
from troupe.store import table

LONG = "https://images.example.com/" + "x" * 150


def size(item):
    """The bytes of an item, as DynamoDB counts them: names and texts in UTF-8.

    https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    """
    return sum(len(name.encode()) + len(str(value).encode()) for name, value in item.items())


def units(found):
    """Of a query that is not consistent: half a unit for each 4 KB of all that it reads."""
    return -(-sum(map(size, found)) // 4096) / 2


def full(gazette, circle, author, count):
    """Posts, the newest first."""
    said = "Bread and what goes with it. " * 20
    posts = [
        gazette.post(circle, author, said, title="A title that is long enough. " * 4) for _ in range(count)
    ]
    gazette.hears()
    return posts[::-1]


def cards(feed_name):
    return [each for each in items() if "card" in each and each["PK"].split("#")[2] == feed_name]


@pytest.fixture
def circle(gazette):
    return gazette.circle()


def writer(gazette):
    """Somebody whose name and picture are as long as they may be."""
    author = new_id()
    data = {"kind": "consumer", "profile": {"display_name": "Æ" * 120, "avatar_url": LONG}}
    event = replace(envelope("user", author, 1, "created", tenant_id=gazette.plaza.tenant_id), data=data)
    table.client().put_item(TableName=table.name(), Item=item(event))
    return author


def test_a_page_is_one_query_of_at_most_four_units(gazette, circle):
    posts = full(gazette, circle, writer(gazette), LARGEST + 2)
    feed(circle.leader, circle)  # which generation is live is known from now on
    with round_trips() as made:
        page = feed(circle.leader, circle)
    assert ids(page) == posts[:LARGEST]
    assert made == ["BatchGetItem", "Query"]  # the seat, and the page
    read = sorted(cards(circle.id), key=lambda each: each["SK"])[-LARGEST - 1 :]
    assert len(read) == LARGEST + 1
    assert max(map(size, read)) <= 1100
    assert 2 < units(read) <= 3.5
    assert units([{"x": "x" * 1099}] * (LARGEST + 1)) == 3.5  # and whatever people write


def test_everybody_s_page_is_one_query_and_the_months(gazette, circle):
    from community.post.commands import ApproveGlobalDistribution, RequestGlobalDistribution

    (post,) = full(gazette, circle, writer(gazette), 1)
    for each in (RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)):
        gazette.on_post(post, each)
    gazette.hears()
    feed(circle.leader)
    with round_trips() as made:
        assert ids(feed(circle.leader)) == [post]
    assert made == ["GetItem", "Query"]


def test_it_costs_the_same_whatever_the_size_of_the_community(gazette, circle):
    full(gazette, circle, circle.leader, 3)
    feed(circle.leader, circle)
    made = []
    for members in (0, 200):
        circle.seat([new_id() for _ in range(members)])
        with round_trips() as trips:
            feed(circle.leader, circle)
        made.append(list(trips))
    assert made == [["BatchGetItem", "Query"]] * 2


@pytest.mark.parametrize("limit", ["0", "26", "x"])
def test_a_page_is_never_larger(circle, limit):
    assert feed(circle.leader, circle, limit=limit).status == 422


def walk(who, circle, limit):
    """Every page, to the end."""
    pages, query = [], {"limit": str(limit)}
    while True:
        reply = feed(who, circle, **query)
        pages.append(ids(reply))
        if reply.body["cursor"] is None:
            return pages
        query = {"limit": str(limit), "cursor": reply.body["cursor"]}


def test_s_44_a_full_last_page_has_no_cursor(gazette, circle):
    """S-44: 25 posts, pages of 25: one page, and no empty one after it."""
    posts = full(gazette, circle, circle.leader, LARGEST)
    assert walk(circle.leader, circle, LARGEST) == [posts]


def test_a_page_ends_with_its_month_and_skips_those_without_cards(gazette, circle):
    posts = {}
    for day in ("2025-11-30T23:50", "2026-02-27T12:00", "2026-02-28T12:00", "2026-03-01T00:01"):
        gazette.at = datetime.fromisoformat(f"{day}:00+00:00")
        posts[day] = gazette.post(circle, circle.leader)
    gazette.hears()
    oldest, second, third, newest = posts.values()
    assert walk(circle.leader, circle, LARGEST) == [[newest], [third, second], [oldest]]
    assert walk(circle.leader, circle, 1) == [[newest], [third], [second], [oldest]]


def test_s_42_a_reader_is_not_disturbed_by_what_comes_meanwhile(gazette, circle):
    """S-42: on the third page when more arrive, and some go: nothing twice, and nothing left out."""
    from community.post.commands import HidePost

    posts = full(gazette, circle, circle.leader, 12)
    first = feed(circle.leader, circle, limit="4")
    second = feed(circle.leader, circle, limit="4", cursor=first.body["cursor"])
    full(gazette, circle, circle.leader, 10)
    gazette.on_post(posts[7], HidePost(reason="spam"))  # the very card that the cursor names
    gazette.hears()
    third = feed(circle.leader, circle, limit="4", cursor=second.body["cursor"])
    assert [*ids(first), *ids(second), *ids(third)] == posts
    assert third.body["cursor"] is None


class TestCursors:
    """S-45: one of somebody else, of another feed or tenant, or a forged one is refused before a read."""

    @pytest.fixture
    def circle(self, gazette):
        circle = gazette.circle(**PRIVATE)
        full(gazette, circle, circle.leader, 2)
        return circle

    @pytest.fixture
    def cursor(self, circle):
        return feed(circle.leader, circle, limit="1").body["cursor"]

    def refused(self, reply, made):
        assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
        assert made == []

    def test_s_45_another_viewer_s(self, plaza, circle, cursor):
        for who in (circle.member(), profiled(plaza)):
            with round_trips() as made:
                reply = feed(who, circle, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_feed_s(self, gazette, circle, cursor):
        other = gazette.circle()
        for where in (other, None):
            with round_trips() as made:
                reply = feed(circle.leader, where, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_tenant_s(self, circle, cursor):
        for route, path in ((FEED, {}), (COMMUNITY_FEED, circle.path())):
            with round_trips() as made:
                there = acting("leader", circle.leader, tenant_id=OTHER)
                reply = ask(route, path, **there, query={"cursor": cursor})
            self.refused(reply, made)

    @pytest.mark.parametrize("forge", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "x"])
    def test_s_45_a_tampered_one(self, circle, cursor, forge):
        with round_trips() as made:
            reply = feed(circle.leader, circle, cursor=forge(cursor))
        self.refused(reply, made)

    def test_s_40_ends_with_the_membership(self, circle):
        from support.community.communities import ban

        emily = circle.member()
        cursor = feed(emily, circle, limit="1").body["cursor"]
        assert feed(emily, circle, cursor=cursor).status == 200
        circle.by_leader(ban, emily)
        assert feed(emily, circle, cursor=cursor).status == 404
