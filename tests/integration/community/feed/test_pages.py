"""A page of a feed is one query of at most four read units, for every reader and any length of texts."""

from dataclasses import replace
from datetime import datetime

import pytest

from community.feed.pages import LARGEST
from support.community.communities import PRIVATE, profiled
from support.community.feeds import COMMUNITY_FEED, FEED, feed, ids
from support.community.tenant import ask
from support.dynamodb import round_trips, stored_items
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


def full(feeds, community, author, count):
    """Posts, the newest first."""
    said = "Bread and what goes with it. " * 20
    posts = [
        feeds.post(community, author, said, title="A title that is long enough. " * 4) for _ in range(count)
    ]
    feeds.hears()
    return posts[::-1]


def cards(feed_name):
    return [each for each in stored_items() if "card" in each and each["PK"].split("#")[2] == feed_name]


@pytest.fixture
def community(feeds):
    return feeds.community()


def writer(feeds):
    """A user whose name and picture have the greatest length."""
    author = new_id()
    data = {"kind": "consumer", "profile": {"display_name": "Æ" * 120, "avatar_url": LONG}}
    event = replace(envelope("user", author, 1, "created", tenant_id=feeds.tenant.tenant_id), data=data)
    table.client().put_item(TableName=table.name(), Item=item(event))
    return author


def test_a_page_is_one_query_of_at_most_four_units(feeds, community):
    posts = full(feeds, community, writer(feeds), LARGEST + 2)
    feed(community.leader, community)  # which generation is live is known from now on
    with round_trips() as made:
        page = feed(community.leader, community)
    assert ids(page) == posts[:LARGEST]
    assert made == ["BatchGetItem", "Query"]  # the seat, and the page
    read = sorted(cards(community.id), key=lambda each: each["SK"])[-LARGEST - 1 :]
    assert len(read) == LARGEST + 1
    assert max(map(size, read)) <= 1100
    assert 2 < units(read) <= 3.5
    assert units([{"x": "x" * 1099}] * (LARGEST + 1)) == 3.5  # with any texts


def test_a_page_of_the_global_feed_is_one_query_and_the_months(feeds, community):
    from community.post.commands import ApproveGlobalDistribution, RequestGlobalDistribution

    (post,) = full(feeds, community, writer(feeds), 1)
    for each in (RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)):
        feeds.on_post(post, each)
    feeds.hears()
    feed(community.leader)
    with round_trips() as made:
        assert ids(feed(community.leader)) == [post]
    assert made == ["GetItem", "Query"]


def test_the_cost_does_not_depend_on_the_community_s_size(feeds, community):
    full(feeds, community, community.leader, 3)
    feed(community.leader, community)
    made = []
    for members in (0, 200):
        community.seat([new_id() for _ in range(members)])
        with round_trips() as trips:
            feed(community.leader, community)
        made.append(list(trips))
    assert made == [["BatchGetItem", "Query"]] * 2


@pytest.mark.parametrize("limit", ["0", "26", "x"])
def test_a_page_is_never_larger(community, limit):
    assert feed(community.leader, community, limit=limit).status == 422


def walk(who, community, limit):
    """Every page, to the end."""
    pages, query = [], {"limit": str(limit)}
    while True:
        reply = feed(who, community, **query)
        pages.append(ids(reply))
        if reply.body["cursor"] is None:
            return pages
        query = {"limit": str(limit), "cursor": reply.body["cursor"]}


def test_s_44_a_full_last_page_has_no_cursor(feeds, community):
    """S-44: 25 posts, pages of 25: one page, and no empty one after it."""
    posts = full(feeds, community, community.leader, LARGEST)
    assert walk(community.leader, community, LARGEST) == [posts]


def test_a_page_ends_with_its_month_and_skips_those_without_cards(feeds, community):
    posts = {}
    for day in ("2025-11-30T23:50", "2026-02-27T12:00", "2026-02-28T12:00", "2026-03-01T00:01"):
        feeds.at = datetime.fromisoformat(f"{day}:00+00:00")
        posts[day] = feeds.post(community, community.leader)
    feeds.hears()
    oldest, second, third, newest = posts.values()
    assert walk(community.leader, community, LARGEST) == [[newest], [third, second], [oldest]]
    assert walk(community.leader, community, 1) == [[newest], [third], [second], [oldest]]


def test_s_42_a_reader_is_not_disturbed_by_what_comes_meanwhile(feeds, community):
    """S-42: on the third page when more arrive, and some go: nothing twice, and nothing left out."""
    from community.post.commands import HidePost

    posts = full(feeds, community, community.leader, 12)
    first = feed(community.leader, community, limit="4")
    second = feed(community.leader, community, limit="4", cursor=first.body["cursor"])
    full(feeds, community, community.leader, 10)
    feeds.on_post(posts[7], HidePost(reason="spam"))  # the very card that the cursor names
    feeds.hears()
    third = feed(community.leader, community, limit="4", cursor=second.body["cursor"])
    assert [*ids(first), *ids(second), *ids(third)] == posts
    assert third.body["cursor"] is None


class TestCursors:
    """S-45: a cursor of another user, feed or tenant, or a forged one, is refused before a read."""

    @pytest.fixture
    def community(self, feeds):
        community = feeds.community(**PRIVATE)
        full(feeds, community, community.leader, 2)
        return community

    @pytest.fixture
    def cursor(self, community):
        return feed(community.leader, community, limit="1").body["cursor"]

    def refused(self, reply, made):
        assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
        assert made == []

    def test_s_45_another_viewer_s(self, tenant, community, cursor):
        for who in (community.member(), profiled(tenant)):
            with round_trips() as made:
                reply = feed(who, community, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_feed_s(self, feeds, community, cursor):
        other = feeds.community()
        for where in (other, None):
            with round_trips() as made:
                reply = feed(community.leader, where, cursor=cursor)
            self.refused(reply, made)

    def test_s_45_another_tenant_s(self, community, cursor):
        for route, path in ((FEED, {}), (COMMUNITY_FEED, community.path())):
            with round_trips() as made:
                there = acting("leader", community.leader, tenant_id=OTHER)
                reply = ask(route, path, **there, query={"cursor": cursor})
            self.refused(reply, made)

    @pytest.mark.parametrize("forge", [lambda text: text[:-1], lambda text: "x" + text, lambda _: "x"])
    def test_s_45_a_tampered_one(self, community, cursor, forge):
        with round_trips() as made:
            reply = feed(community.leader, community, cursor=forge(cursor))
        self.refused(reply, made)

    def test_s_40_ends_with_the_membership(self, community):
        from support.community.communities import ban

        emily = community.member()
        cursor = feed(emily, community, limit="1").body["cursor"]
        assert feed(emily, community, cursor=cursor).status == 200
        community.by_leader(ban, emily)
        assert feed(emily, community, cursor=cursor).status == 404
