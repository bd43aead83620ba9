"""A page of a feed, against the size of its community: one Query of four read units at most, always."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bench.costs import quiet
from bench.counted import Counted, Reply, caller, counting
from bench.report import Section
from bench.shop.bench_shop import Stall, opened
from demo.api import wait_for
from demo.market import patiently
from demo.merchant import CREATED
from local.stack.stack import Stack

SIZES = (10, 100, 500)  # posts
WORDS = "The bakery has a new kind of bread this week, and the first loaf is free. " * 5
PATIENCE = 300.0  # seconds until all of them are in the feed
RUNS = 5
FEED = "/communities/{community_id}/feed"


@dataclass(frozen=True, slots=True)
class Crowd:
    """A community that more and more is said in."""

    community: Counted
    leader: Mapping[str, Any]
    id: str

    def post(self, number: int) -> str:
        body = {"kind": "text", "title": f"Post {number}", "text": WORDS}
        return str(self.community.command("create_post", self.leader, body, community_id=self.id).body["id"])

    def page(self) -> Reply:
        return self.community.query(FEED, self.leader, {"community_id": self.id})

    def shows(self, post: str) -> bool | None:
        """Whether the newest card is that post's."""
        cards = self.page().body["items"]
        return (bool(cards) and cards[0]["id"] == post) or None


def measured(stack: Stack) -> Section:
    stall = opened(stack, 1)
    founded, leader = _founded(stall)
    with counting(stack, "community", stall.story.played.tenant_id) as community, quiet():
        crowd = Crowd(community, caller(community.tenant_id, leader, "leader"), founded)
        rows = [_row(crowd, before, size) for before, size in zip((0, *SIZES), SIZES, strict=False)]
    said = (
        "The first page of a community's feed in this process against the stack's table, the median of "
        f"{RUNS}. Read units computed from the sizes of what was read, the seat of who asks among them."
    )
    columns = ("posts in the community", "cards", "round trips", "read units", "ms")
    return Section(title="Community: a page of a feed", said=said, columns=columns, rows=rows)


def _founded(stall: Stall) -> tuple[str, str]:
    """A community, and the leader who founded it."""
    (person,) = stall.story.people
    leader = stall.story.played.ids[person.email]
    stall.story.owner.post(f"/users/{leader}/promote", {"business": {"name": "Bench"}})
    api = stall.clients[0].of("community")
    founding = partial(api.post, "/communities", {"name": "Bench"}, CREATED)
    return str(patiently("a leader", founding)["id"]), leader


def _row(crowd: Crowd, before: int, size: int) -> tuple[object, ...]:
    for number in range(before, size - 1):
        crowd.post(number)
    last = crowd.post(size)
    wait_for(f"{size} posts in the feed", partial(crowd.shows, last), PATIENCE)
    pages = sorted((crowd.page() for _ in range(RUNS)), key=lambda page: page.milliseconds)
    page = pages[len(pages) // 2]
    return size, len(page.body["items"]), page.traffic.round_trips, page.traffic.reads, page.milliseconds
