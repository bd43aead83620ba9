"""The cards that a piece becomes: which there are, what they show, and how large they can be."""

import json
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.feed.card_rules import (
    GLOBAL,
    LARGEST_CARD,
    Author,
    CommunityShown,
    Entry,
    FeedSource,
    Image,
    Offer,
    cards,
    clipped,
)
from troupe.ids import new_id

EARLY, LATE = "2026-01-31T12:00:00.000000Z", "2026-02-01T12:00:00.000000Z"
EMILY = Author(display_name="Emily", avatar_url="https://x.example/e.png", edition=1)
IN, EVERYWHERE = Entry(feed="c", since=EARLY), Entry(feed=GLOBAL, since=LATE)
POST = FeedSource(author_id="e", format="text", community_id="c", title="Rye", entries=(IN,))
SHARED = replace(POST, entries=(IN, EVERYWHERE))
OPEN = CommunityShown(public=True)


def shown(source, author=EMILY, community=OPEN, kind="post"):
    made = cards(kind, "c.p", source, author, community)
    return {entry.feed: json.loads(text) for entry, text in made.items()}


def test_one_for_each_feed_that_it_is_in():
    assert shown(SHARED) == {
        "c": {
            "kind": "post",
            "id": "c.p",
            "author": {"id": "e", "display_name": "Emily", "avatar_url": "https://x.example/e.png"},
            "format": "text",
            "at": EARLY,
            "community_id": "c",
            "title": "Rye",
        },
        GLOBAL: {**shown(POST)["c"], "at": LATE},
    }


def test_of_whom_nothing_is_known_it_shows_no_name():
    assert shown(POST, author=None)["c"]["author"] == {"id": "e"}


def test_a_promotion_s_card_is_of_the_community_whose_feed_it_is_in():
    source = FeedSource(author_id="s", format="single", entries=(IN, EVERYWHERE))
    made = shown(source, community=None, kind="promotion")
    assert (made["c"]["community_id"], "community_id" in made[GLOBAL]) == ("c", False)


@pytest.mark.parametrize(
    "source, author",
    [(replace(SHARED, shown=False), EMILY), (SHARED, replace(EMILY, shown=False))],
    ids=["not shown itself", "by an author who is not shown"],
)
def test_what_is_not_shown_has_none(source, author):
    assert shown(source, author) == {}


@pytest.mark.parametrize(
    "community", [None, CommunityShown(public=False), CommunityShown(public=True, stands=False)]
)
def test_the_global_feed_shows_only_public_communities(community):
    assert shown(SHARED, community=community).keys() == {"c"}


def test_only_a_global_card_depends_on_its_community():
    assert (POST.community, SHARED.community, SHARED.taken_out(GLOBAL)) == (None, "c", POST)


def test_it_keeps_its_place_in_a_feed():
    assert POST.let_in("c", LATE) == POST
    assert POST.let_in(GLOBAL, LATE) == SHARED


@pytest.mark.parametrize(
    "text, shown",
    [
        (None, None),
        ("", None),
        ("  ", None),
        (" a\n\tb\0 ", "a b"),
        ("abcdef", "abcdef"),
        ("abcdefg", "abc…"),
    ],
)
def test_clipped(text, shown):
    assert clipped(text, 6) == shown


def test_clipped_leaves_no_half_letter():
    assert clipped("ääää", 7) == "ää…"
    assert len(clipped("ä" * 100, 99).encode()) <= 99


TEXTS = st.text(max_size=400)
URLS = st.none() | st.text(max_size=2000).map(lambda text: f"https://x.example/{text}")
OFFERS = st.builds(
    Offer,
    product_id=st.just(new_id()),
    name=TEXTS,
    currency=st.just("EUR"),
    price_cents=st.integers(0, 10**12),
    discount_cents=st.integers(0, 10**12),
    image_url=URLS,
)
PIECES = st.builds(
    FeedSource,
    author_id=st.just(new_id()),
    format=st.just("campaign"),
    community_id=st.none() | st.just(new_id()),
    title=TEXTS,
    excerpt=TEXTS,
    thumbnail_url=URLS,
    image=st.none() | st.builds(Image, id=st.just(new_id()), version=st.text(max_size=1024)),
    offers=st.lists(OFFERS, max_size=3).map(tuple),
    ends_at=st.just(LATE),
    entries=st.just((Entry(feed=new_id(), since=EARLY),)),
)
AUTHORS = st.none() | st.builds(Author, display_name=TEXTS, avatar_url=URLS)


@given(PIECES, AUTHORS)
@settings(deadline=None)
def test_none_is_ever_larger_than_a_page_bears(source, author):
    (text,) = cards("promotion", f"{new_id()}.{new_id()}", source, author, None).values()
    assert len(text.encode()) <= LARGEST_CARD
    assert json.loads(text)["author"]["id"] == source.author_id


def test_the_largest_that_is_left_is_not_too_large():
    """Every letter of it takes two bytes, where one was counted."""
    author = Author(display_name='"' * 200)
    source = replace(POST, author_id=new_id(), title="\\" * 200, community_id=new_id(), ends_at=LATE)
    source = replace(source, offers=(OFFER,) * 3, excerpt="x" * 300, format="campaign")
    (text,) = cards("promotion", f"{new_id()}.{new_id()}", source, author, None).values()
    assert LARGEST_CARD - 60 < len(text.encode()) <= LARGEST_CARD
    assert json.loads(text)["title"] == "\\" * 157 + "…"


OFFER = Offer(
    product_id=new_id(),
    name="Shoes",
    currency="EUR",
    price_cents=1,
    discount_cents=0,
    image_url="https://x.example/" + "i" * 300,
)


def test_what_is_too_much_goes_in_an_order():
    picture = OFFER.image_url
    source = replace(POST, offers=(OFFER, OFFER), excerpt="bread " * 10, thumbnail_url=picture)
    made = shown(source)["c"]
    assert "image_url" not in made["offers"][0]
    assert (made["thumbnail_url"], made["excerpt"]) == (picture, ("bread " * 10).strip())
    wordy = shown(replace(source, thumbnail_url="https://x.example/" + "i" * 550))["c"]
    assert ("excerpt" in wordy, len(wordy["offers"])) == (False, 2)
