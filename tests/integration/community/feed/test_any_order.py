"""S-57: events in any order and any number leave the same feeds, and a rebuild finds them."""

import json
import random
from collections import Counter
from datetime import timedelta

import pytest

from community.feed.card_rules import GLOBAL, VIEW
from community.post.commands import (
    ApproveGlobalDistribution,
    DeletePost,
    EditPost,
    HidePost,
    RequestGlobalDistribution,
    RestorePost,
)
from community.rebuild import handler as rebuild
from support.community.communities import PRIVATE, delete, restore, update
from support.community.feeds import CANCEL, PAUSE, RESUME, approve, deliver, reject
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.stream_events import lambda_context, rows
from troupe.projection import generations

rename = Call("update_profile", "PATCH /me/profile", {"display_name": "Em"})
ASK, GRANT = RequestGlobalDistribution(private=False), ApproveGlobalDistribution(private=False)
HIDE, DELETE, RESTORE = HidePost(reason="spam"), DeletePost(by_author=True), RestorePost()
EDIT = EditPost(changes={"text": "Rolls."}, moderated=False)


def live(feeds):
    """Posts, promotions, communities and authors change and come back, before any event is delivered."""
    people = feeds.tenant.people
    open_one, closed = feeds.community(name="Open"), feeds.community(name="Closed")
    emily, ben = people.consumer("Emily"), people.consumer("Ben")
    for author, community, commands in (
        (emily, open_one, (ASK, GRANT)),
        (emily, open_one, (ASK, GRANT, EDIT)),
        (ben, closed, (ASK, GRANT)),
        (ben, closed, (HIDE, RESTORE, DELETE)),
        (ben, open_one, (EDIT, DELETE, RESTORE, HIDE)),
        (emily, closed, (EDIT,)),
    ):
        post = feeds.post(community, author)
        for each in commands:
            feeds.on_post(post, each)
    rename(principal=emily)
    feeds.at += timedelta(days=40)
    bakery, mill = feeds.supplier("Bakery"), feeds.supplier("Mill")
    for supplier, commands in (
        (bakery, (*approve(GLOBAL.lower(), open_one.id), reject(closed.id), PAUSE, RESUME)),
        (bakery, (*approve(GLOBAL.lower(), open_one.id, closed.id), CANCEL)),
        (mill, approve(GLOBAL.lower(), open_one.id, closed.id)),
    ):
        feeds.on_promotion(feeds.promotion(supplier, open_one, closed), *commands)
    feeds.on_supplier(mill, 2, "suspended", reason="Fraud.")
    closed.by_leader(update, body=PRIVATE)
    open_one.by_leader(delete)
    open_one.by_leader(restore)
    return open_one, closed


def shown(generation):
    """Every card there is, by where it stands."""
    found = rows(view=generations.physical(VIEW, generation))
    return {key: json.loads(row["card"]["S"]) for key, row in found.items() if "card" in row}


def standing(generation):
    """The rows behind them, by what they say; what their cards are called, each generation says for itself."""
    named = {"composed", "cards"}
    return {
        key: {name: value for name, value in row.items() if name not in named}
        for key, row in rows(view=generations.physical(VIEW, generation)).items()
        if key[1] != "MONTHS"
    }


@pytest.fixture
def circles(feeds):
    return live(feeds)


@pytest.mark.parametrize("seed", range(2))
def test_s_57_in_any_order_and_any_number_and_after_a_rebuild(circles, monkeypatch, seed):
    """S-57: a storm leaves what the history says, and a rebuild leaves the same."""
    storm = [event for event in stored_events() if event.aggregate != "membership"] * 2
    random.Random(seed).shuffle(storm)
    deliver(storm)
    stormy, behind = shown(1), standing(1)
    everybody = [card for (where, _), card in stormy.items() if where.startswith(GLOBAL)]
    assert sorted(card["kind"] for card in everybody) == ["post", "promotion"]
    open_one, closed = (each.id for each in circles)
    assert Counter(card["community_id"] for card in stormy.values() if card not in everybody) == {
        open_one: 3,
        closed: 2,
    }
    assert {card["author"].get("display_name") for card in stormy.values()} == {"Em", "Ben", "Bakery"}
    filled_anew(monkeypatch)
    assert (shown(2), standing(2)) == (stormy, behind)


def filled_anew(monkeypatch):
    monkeypatch.setattr("troupe.projection.rebuild.BEFORE_SCAN_SECONDS", 0)
    monkeypatch.setattr("troupe.projection.rebuild.REST_SECONDS", 0)
    rebuild({"view": VIEW, "start": True, "segments": 1}, lambda_context())
    for _ in range(10):
        if generations.of(VIEW).phase == "settled":
            return
        rebuild({"view": VIEW}, lambda_context())
    raise AssertionError("it never ends")
