"""The feeds read events by the names of their fields: they read what the golden ones have."""

from dataclasses import replace
from functools import reduce

import pytest

from community.feed.authors import community, supplier, user
from community.feed.card_rules import GLOBAL, Author, CommunityShown, FeedSource, Offer
from community.feed.sources import post, promotion
from documents.samples.golden import golden
from troupe.projection.view import Tombstone

CIRCLE = "0192f0c1-7a00-7000-8000-0000000000c1"
SINCE = "2026-02-14T00:00:00.000000Z"


def told(project, context, *names, was=None):
    """What becomes of it with these events, one after the other."""
    return reduce(project, (golden(context, name) for name in names), was)


def test_a_promotion():
    piece = told(promotion, "commerce", "promotion.activated")
    assert piece == FeedSource(
        author_id="0192f0c1-7a00-7000-8000-0000000000e1",
        format="single",
        title="Flash sale: 30 % off running shoes",
        excerpt="This week alone.",
        thumbnail_url="https://images.example.com/shoes.jpg",
        offers=(
            Offer(
                product_id="0192f0c1-7a00-7000-8000-0000000000b1",
                name="Red Running Shoes",
                currency="EUR",
                price_cents=7999,
                discount_cents=2400,
                image_url="https://images.example.com/shoes.jpg",
            ),
        ),
        ends_at="2026-02-21T00:00:00.000000Z",
    ).let_in(GLOBAL, SINCE).let_in(CIRCLE, SINCE)
    elsewhere = replace(piece, entries=())
    late = told(promotion, "commerce", "promotion.target_approved", was=elsewhere)
    assert late == elsewhere.let_in(CIRCLE, "2026-02-03T12:00:00.000000Z")
    paused = told(promotion, "commerce", "promotion.paused", was=piece)
    assert paused == replace(piece, shown=False)
    assert told(promotion, "commerce", "promotion.resumed", was=paused) == piece
    for over in ("promotion.ended", "promotion.cancelled"):
        assert told(promotion, "commerce", over, was=piece) == Tombstone(kept=piece)


def test_a_supplier():
    bakery = told(supplier, "commerce", "supplier.created")
    assert bakery == Author(display_name="Emily's Bakery", edition=1)
    assert told(supplier, "commerce", "supplier.updated", was=bakery) == bakery
    for name, shown in (("suspended", False), ("reinstated", True), ("deleted", False), ("restored", True)):
        bakery = told(supplier, "commerce", f"supplier.{name}", was=bakery)
        assert bakery.shown == shown


def test_a_person():
    emily = told(user, "identity", "user.created")
    assert isinstance(emily, Author)
    renamed = told(user, "identity", "user.profile_updated", was=emily)
    assert renamed.avatar_url
    gone = told(user, "identity", "user.deleted", was=renamed)
    assert gone.kept.display_name == renamed.display_name
    assert told(user, "identity", "user.restored", was=gone).display_name == renamed.display_name


def test_a_community():
    founded = told(community, "community", "community.created")
    assert founded == CommunityShown(public=False, edition=1)
    assert told(community, "community", "community.updated", was=replace(founded, public=True)) == replace(
        founded, edition=2
    )
    gone = told(community, "community", "community.deleted", was=founded)
    assert not gone.stands
    assert told(community, "community", "community.restored", was=gone).stands


def test_a_post():
    piece = told(post, "community", "post.created")
    assert (piece.community_id, piece.shown) == (CIRCLE, False)
    shown = told(post, "community", "post.published", "post.global_approved", was=piece)
    assert [entry.feed for entry in shown.entries] == [CIRCLE, GLOBAL]
    assert shown.shown
    assert told(post, "community", "post.global_requested", "post.global_rejected", was=shown) == shown
    assert told(post, "community", "post.global_withdrawn", was=shown).entries == shown.entries[:1]
    assert not told(post, "community", "post.hidden", was=shown).shown
    gone = told(post, "community", "post.deleted", was=shown)
    assert gone == Tombstone(kept=shown)
    edited = told(post, "community", "post.edited", was=shown)
    assert (edited.title, edited.excerpt) != (shown.title, shown.excerpt)


@pytest.mark.parametrize("name", ["post.restored"])
def test_a_post_comes_back_as_what_it_was(name):
    piece = told(post, "community", "post.created", "post.published")
    back = told(post, "community", name, was=Tombstone(kept=piece))
    assert back.shown == (golden("community", name).data["status"] == "published")
