"""What feeds show: pieces (posts and promotions), and the cards that they become. All of it pure.

A card holds all that a feed shows of its post or promotion, so that a page is read without joins. Its size
is limited, so that the cost of a page does not depend on the length of the texts.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

type Kind = Literal["post", "promotion"]

VIEW = "feed_items"
GLOBAL = "GLOBAL"  # the feed of the whole tenant; every other one is a community's, by its id
LARGEST_CARD = 890  # bytes: with its keys it has at most 1,100, and 26 of them are 3.5 read units
LONGEST_NAME, LONGEST_TITLE, LONGEST_EXCERPT = 100, 160, 240  # bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Whom a piece is by. `edition` is the version of the stream that last changed anything here."""

    display_name: str
    avatar_url: str | None = None
    shown: bool = True  # whether anything of theirs is
    edition: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class CommunityShown:
    """The community of a global post, which is shown while the community is public."""

    public: bool
    stands: bool = True
    edition: int = 0

    @property
    def open(self) -> bool:
        return self.public and self.stands


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product in a promotion as it was approved: the variant that costs least, and what is taken off it."""

    product_id: str
    name: str
    currency: str
    price_cents: int
    discount_cents: int
    image_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A file of the post, by the version that is shown; where it is read is said when it is asked for."""

    id: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A feed that a piece is let into, and since when, which is its place there."""

    feed: str
    since: str  # RFC 3339


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedSource:
    """`entries`: where it has its place; `shown`: whether it is shown in any of them now."""

    author_id: str
    format: str
    community_id: str | None = None  # of a post
    title: str | None = None
    excerpt: str | None = None
    thumbnail_url: str | None = None
    image: Image | None = None
    offers: tuple[Offer, ...] = ()
    ends_at: str | None = None
    entries: tuple[Entry, ...] = ()
    shown: bool = True

    @property
    def community(self) -> str | None:
        """The community that has to be open for the piece's card in the global feed."""
        everywhere = any(entry.feed == GLOBAL for entry in self.entries)
        return self.community_id if everywhere else None

    def let_in(self, feed: str, since: str) -> "FeedSource":
        """In this feed as well; it keeps the place that it had there before."""
        if any(entry.feed == feed for entry in self.entries):
            return self
        return replace(self, entries=(*self.entries, Entry(feed=feed, since=since)))

    def taken_out(self, feed: str) -> "FeedSource":
        return replace(self, entries=tuple(each for each in self.entries if each.feed != feed))


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    kind: Kind
    id: str
    author: Mapping[str, str | None]
    format: str
    at: str
    community_id: str | None = None
    title: str | None = None
    excerpt: str | None = None
    thumbnail_url: str | None = None
    image: Image | None = None
    offers: tuple[Offer, ...] = ()
    ends_at: str | None = None


def cards(
    kind: Kind, source_id: str, source: FeedSource, author: Author | None, community: CommunityShown | None
) -> Mapping[Entry, str]:
    """The card of each feed that shows the piece now, as it is stored."""
    if not source.shown or (author and not author.shown):
        return {}
    closed = source.community is not None and not (community and community.open)
    return {
        entry: _fitted(_card(kind, source_id, source, author, entry))
        for entry in source.entries
        if not (closed and entry.feed == GLOBAL)
    }


def _card(kind: Kind, source_id: str, source: FeedSource, author: Author | None, entry: Entry) -> Card:
    return Card(
        kind=kind,
        id=source_id,
        author={
            "id": source.author_id,
            "display_name": clipped(author.display_name, LONGEST_NAME) if author else None,
            "avatar_url": author.avatar_url if author else None,
        },
        format=source.format,
        at=entry.since,
        community_id=source.community_id or (None if entry.feed == GLOBAL else entry.feed),
        title=clipped(source.title, LONGEST_TITLE),
        excerpt=clipped(source.excerpt, LONGEST_EXCERPT),
        thumbnail_url=source.thumbnail_url,
        image=source.image,
        offers=source.offers,
        ends_at=source.ends_at,
    )


# What a card that is too large goes without, one after the other; the piece itself has all of it.
_SHORTER: Iterable[Callable[[Card], Card]] = (
    lambda card: replace(card, offers=tuple(replace(each, image_url=None) for each in card.offers)),
    lambda card: replace(card, excerpt=None),
    lambda card: replace(card, author={**card.author, "avatar_url": None}),
    lambda card: replace(card, thumbnail_url=None, image=None),
    lambda card: replace(card, offers=card.offers[:1]),
    lambda card: replace(card, offers=()),
)


def _fitted(card: Card) -> str:
    for shorter in _SHORTER:
        text = _text(card)
        if len(text.encode()) <= LARGEST_CARD:
            return text
        card = shorter(card)
    return _text(card)


def _text(card: Card) -> str:
    """JSON without what is not there."""
    return json.dumps(_given(asdict(card)), ensure_ascii=False, separators=(",", ":"))


def _given(value: Any) -> Any:
    match value:
        case dict():
            return {name: _given(each) for name, each in value.items() if each not in (None, ())}  # pyright: ignore[reportUnknownVariableType] -- JSON
        case tuple():
            return [_given(each) for each in value]  # pyright: ignore[reportUnknownVariableType] -- JSON
        case _:
            return value


def clipped(text: str | None, longest: int) -> str | None:
    """One line, at most so many bytes of UTF-8, with an ellipsis if that is not all; None for nothing."""
    line = " ".join((text or "").split())
    octets = "".join(each for each in line if each >= " ").encode()
    if len(octets) <= longest:
        return octets.decode() or None
    return octets[: longest - 3].decode(errors="ignore").rstrip() + "…"
