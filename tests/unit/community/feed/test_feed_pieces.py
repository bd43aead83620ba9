"""Posts and promotions as feeds show them, by what happens to them."""

from dataclasses import replace

import pytest
from pydantic import ValidationError

from community.feed.card_rules import GLOBAL, Entry, FeedSource, Image, Offer
from community.feed.sources import post, promotion
from support.commerce.promotion_histories import PENDING, WARES, activated, approved
from support.stream_events import envelope
from troupe.projection.view import Tombstone
from troupe.store.aggregates import dump, parse

T1, T2 = "2026-01-31T12:00:00Z", "2026-02-01T12:00:00Z"
SINCE1, SINCE2 = "2026-01-31T12:00:00.000000Z", "2026-02-01T12:00:00.000000Z"
SAID = {"title": "Rye", "text": "Bread.", "media": [], "link": None}
CREATED = {"community_id": "c", "author_id": "e", "kind": "text", **SAID, "status": "published"}
WRITTEN = FeedSource(
    author_id="e", format="text", community_id="c", title="Rye", excerpt="Bread.", shown=False
)
PUBLISHED = replace(WRITTEN, shown=True, entries=(Entry(feed="c", since=SINCE1),))
SHARED = PUBLISHED.let_in(GLOBAL, SINCE2)


def told(name, **data):
    return replace(envelope("post", "c.p", 1, name), data={"community_id": "c", **data})


def test_a_post_is_shown_from_when_it_is_published():
    assert post(None, told("created", **CREATED)) == WRITTEN
    assert post(WRITTEN, told("published", published_at=T1)) == PUBLISHED


@pytest.mark.parametrize(
    "name, data, after",
    [
        ("hidden", {}, replace(SHARED, shown=False)),
        ("edited", {**SAID, "title": "Oat", "status": "published"}, replace(SHARED, title="Oat")),
        ("edited", {**SAID, "status": "pending"}, replace(SHARED, shown=False)),
        ("published", {"published_at": T1}, SHARED),
        ("restored", {"status": "hidden"}, replace(SHARED, shown=False)),
        ("restored", {"status": "published"}, SHARED),
        ("global_requested", {}, SHARED),
        ("global_withdrawn", {}, PUBLISHED),
        ("deleted", {}, Tombstone(kept=SHARED)),
        ("anything", {}, SHARED),
    ],
)
def test_changes_of_a_globally_shown_post(name, data, after):
    assert post(SHARED, told(name, **data)) == after


def test_the_global_feed_shows_it_from_its_approval():
    assert post(PUBLISHED, told("global_approved", approved_at=T2)) == SHARED


def test_a_deleted_post_comes_back_as_it_was():
    gone = Tombstone(kept=SHARED)
    assert post(gone, told("hidden")) == gone
    assert post(gone, told("restored", status="published")) == SHARED
    assert post(gone, told("restored", status="hidden")) == replace(SHARED, shown=False)
    assert post(None, told("published", published_at=T1)) is None


def test_a_link_shows_its_page_and_an_image_itself():
    link = {"url": "https://x.example", "title": "Ovens", "thumbnail_url": "https://x.example/o.png"}
    media = [
        {"id": "m0", "version": "v0", "content_type": "video/mp4"},
        {"id": "m1", "version": "v1", "content_type": "image/png"},
        {"id": "m2", "version": "v2", "content_type": "image/png"},
    ]
    linked = post(None, told("created", **{**CREATED, "title": None, "link": link}))
    assert (linked.title, linked.thumbnail_url, linked.image) == ("Ovens", "https://x.example/o.png", None)
    pictured = post(None, told("created", **{**CREATED, "media": media}))
    assert (pictured.title, pictured.image) == ("Rye", Image(id="m1", version="v1"))


# Promotions, from the aggregate's own events.

OFFER = Offer(product_id="p1", name="Shoes", currency="EUR", price_cents=1000, discount_cents=300)


def happens(source, event, name):
    data = parse(dict, dump(type(event), event)) if event else {}
    return promotion(source, replace(envelope("promotion", "m", 1, name), data=data))


def active(*targets):
    return happens(None, activated(*targets), "activated")


def test_a_promotion_is_shown_where_it_was_approved_from_when_it_is_active():
    source = active("global", "a")
    assert (source.title, source.format, source.offers) == ("Flash sale", "single", (OFFER,))
    assert [entry.feed for entry in source.entries] == [GLOBAL, "a"]
    assert {entry.since for entry in source.entries} == {SINCE1}
    assert source.ends_at == "2026-02-20T12:00:00.000000Z"


def test_nothing_is_shown_before():
    created, submitted = PENDING
    assert happens(None, created, "created") is None
    assert happens(None, submitted, "submitted") is None
    assert happens(None, approved("a"), "target_approved") is None


def test_who_approves_late_adds_an_entry_and_who_did_before_adds_none():
    source = active("a")
    assert happens(source, approved("a"), "target_approved") == source
    late = happens(source, approved("b"), "target_approved")
    assert [entry.feed for entry in late.entries] == ["a", "b"]


def test_it_is_paused_resumed_and_over():
    source = active("a")
    paused = happens(source, None, "paused")
    assert paused == replace(source, shown=False)
    assert happens(paused, None, "resumed") == source
    for over in ("ended", "cancelled"):
        assert happens(paused, None, over) == Tombstone(kept=paused)
    assert happens(Tombstone(kept=source), None, "resumed") == Tombstone(kept=source)
    assert happens(source, None, "anything") == source


def test_a_product_is_offered_by_the_variant_that_costs_least():
    (ware,) = WARES
    (variant,) = ware.variants
    dearer = replace(variant, id="v2", price_cents=900, discount_cents=100)
    told = replace(activated("a"), products=(replace(ware, variants=(dearer, variant), image_url="i"),))
    source = happens(None, told, "activated")
    assert (source.offers[0], source.thumbnail_url) == (replace(OFFER, image_url="i"), "i")
    bare = happens(None, replace(told, products=(replace(ware, variants=()),)), "activated")
    assert (bare.offers[0].price_cents, bare.offers[0].discount_cents) == (0, 0)


def test_what_is_always_on_has_no_end():
    told = activated("a")
    source = happens(None, replace(told, details=replace(told.details, ends_at=None)), "activated")
    assert source.ends_at is None


def test_what_lacks_a_field_is_an_error():
    with pytest.raises(ValidationError):
        promotion(None, envelope("promotion", "m", 1, "activated", supplier_id="s"))
