"""Impressions and clicks: batches that are counted once, and what they make of a promotion's performance."""

from datetime import timedelta

import pytest

from commerce.promotion.performance import PROMOTION_PERFORMANCE
from support.command_contract import ALL
from support.commerce.promotions import Promotions, community, record
from support.commerce.shop import ask
from support.dynamodb import round_trips, stored_events, stored_items
from support.principals import NOON, acting
from support.spec import TENANT
from support.stream_events import batch, failed
from troupe.domain.instants import rfc3339
from troupe.ids import new_id
from troupe.projection import generations
from troupe.store import reads


@pytest.fixture
def promotions(flow, clock, monkeypatch):
    monkeypatch.setattr("troupe.projection.counters.now", clock)  # what is long past is not counted
    return Promotions()


@pytest.fixture
def emily(shop):
    return acting("consumer", shop.consumer())


def entry(path, community_id=None, impressions=1, clicks=0, minute=NOON):
    return {
        "promotion_id": path["promotion_id"],
        "community_id": community_id,
        "minute": rfc3339(minute),
        "impressions": impressions,
        "clicks": clicks,
    }


def sent(*entries, batch_id=None):
    return {"batch_id": batch_id or new_id(), "shown": list(entries)}


def hears(*envelopes):
    from commerce.inbound import handler

    assert failed(handler(batch(*envelopes), None)) == []


def rows(path):
    partition = generations.partition(TENANT, PROMOTION_PERFORMANCE.name, path["promotion_id"])
    found = reads.between(partition, "0", "~")
    return {each["SK"]: (each.get("impressions", 0), each.get("clicks", 0)) for each in found}


def test_a_storm_is_one_write_for_each_community(promotions, emily):
    """S-48: 100,000 in a minute; exact sums, and a batch that is delivered again is not counted again."""
    a, b = community(promotions.leader_id), community(promotions.leader_id)
    path = promotions.active(promotions.goods(), visibility="both", communities=[a, b])
    places = [a, b, None]
    entries = [
        entry(path, places[number % 3], 1000, 10, NOON + timedelta(seconds=number % 50))
        for number in range(90)
    ]
    body = sent(*entries)
    more = sent(entry(path, a, 10_000, 1))
    with round_trips() as made:
        for each in (body, more):
            assert record(body=each, **emily).body["recorded"] == len(each["shown"])
    assert made == ["BatchGetItem", "TransactWriteItems"] * 2  # what was shown where, and the batch
    events = stored_events("promotion.impressions_recorded")
    assert [len(each.data["shown"]) for each in events] == [3, 1]
    after = stored_items()
    again = record(body=body, **emily)
    assert (again.status, stored_items()) == (200, after)
    with round_trips() as made:
        hears(*events)
    assert made.count("TransactWriteItems") == 1  # all of them: the marks, and one addition for each row
    expected = {a: (40_000, 301), b: (30_000, 300), "GLOBAL": (30_000, 300)}
    assert rows(path) == expected
    hears(*events, *events)
    assert rows(path) == expected


def test_another_batch_under_the_same_id_is_refused(promotions, emily, shop):
    path, batch_id = promotions.active(promotions.goods()), new_id()
    assert record(body=sent(entry(path), batch_id=batch_id), **emily).status == 200
    other = record(body=sent(entry(path, impressions=2), batch_id=batch_id), **emily)
    assert (other.status, other.body["code"]) == (409, "batch_reused")
    theirs = acting("consumer", shop.consumer("Bob"))
    assert record(body=sent(entry(path, impressions=2), batch_id=batch_id), **theirs).body["recorded"] == 1


def test_what_could_not_have_been_shown_is_left_out(promotions, emily):
    a, b = community(promotions.leader_id), community(promotions.leader_id)
    goods = promotions.goods()
    here = promotions.submitted(goods, visibility="communities", communities=[a, b])
    promotions.decides("approve", here, a)
    promotions.decides("reject", here, b)
    draft, unknown = promotions.draft(goods), {"promotion_id": new_id()}
    later = promotions.active(goods, starts_at="2026-03-02T00:00:00Z")
    wrong = [
        entry(here),  # not global
        entry(here, b),  # rejected there
        entry(here, new_id()),
        entry(here, a, minute=NOON - timedelta(days=3)),
        entry(here, a, minute=NOON + timedelta(hours=1)),
        entry(later),  # not yet
        entry(draft),
        entry(unknown),
    ]
    before = stored_items()
    reply = record(body=sent(*wrong), **emily)
    assert (reply.body["recorded"], reply.body["left_out"], stored_items()) == (0, 8, before)
    reply = record(body=sent(entry(here, a), *wrong), **emily)
    assert (reply.body["recorded"], reply.body["left_out"]) == (1, 8)


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"impressions": -1}, "shown.0.impressions"),
        ({"clicks": 1_000_001}, "shown.0.clicks"),
        ({"minute": "noon"}, "shown.0.minute"),
        ({"promotion_id": "p"}, "shown.0.promotion_id"),
    ],
)
def test_bad_fields_are_named(promotions, emily, wrong, field):
    reply = record(body=sent(entry({"promotion_id": new_id()}) | wrong), **emily)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_who_may_record(promotions, emily):
    body = sent(entry({"promotion_id": new_id()}))
    assert record(body=body, principal=None).status == 401
    assert record(body=body, **emily | {"permissions": ALL - {"promotion:record_impressions"}}).status == 403
    assert record(body=sent(), **emily).status == 422


def test_how_it_does_in_each_community(promotions, emily):
    """All of it for the supplier; a leader sees the communities that one leads."""
    mine, other = community(promotions.leader_id), community(new_id())
    path = promotions.submitted(promotions.goods(), visibility="both", communities=[mine, other])
    from support.commerce.promotions import approve

    for target in ("global", mine, other):
        assert approve(path, body={"target": target}, **promotions.ada).status == 200
    record(body=sent(entry(path, mine, 5, 1), entry(path, other, 7), entry(path, None, 9, 2)), **emily)
    hears(*stored_events("promotion.impressions_recorded"))

    def seen(caller):
        reply = ask("/promotions/{promotion_id}/performance", path, **caller)
        if reply.status != 200:
            return reply.status
        return {each["community_id"]: each["impressions"] for each in reply.body["performance"]}

    assert seen(promotions.by) == seen(promotions.ada) == {mine: 5, other: 7, None: 9}
    assert seen(promotions.lea) == {mine: 5}
    assert seen(Promotions().lea) == 404
    assert seen(emily) == 403
