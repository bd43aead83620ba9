"""What a post says: words, images, a video, a link or a poll, each kind by rules of its own."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal, TypedDict, get_args

from troupe.domain.decider import Invalid, Rejected

type Kind = Literal["text", "image", "video", "link", "poll"]
type Picture = Literal["image/jpeg", "image/png", "image/webp", "image/gif"]
type Video = Literal["video/mp4", "video/webm"]

MOST_IMAGES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file in the bucket, by the version that was there when it was posted: no other is ever shown."""

    id: str
    version: str
    content_type: str
    size_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A page, and how it shows itself as far as the author tells."""

    url: str
    title: str | None = None
    thumbnail_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    id: str  # "1" for the first
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    options: tuple[Option, ...]
    closes_at: datetime | None = None

    def has(self, option_id: str) -> bool:
        return any(option.id == option_id for option in self.options)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    kind: Kind
    title: str | None = None
    text: str = ""
    media: tuple[Media, ...] = ()
    link: Link | None = None
    poll: Poll | None = None


def unworded(poll: Poll | None) -> Poll | None:
    """A poll without what its author asked; the votes remain, by option."""
    return poll and replace(poll, options=tuple(replace(each, text="") for each in poll.options))


def wordless(content: Content) -> Content:
    """A post without anything that its author wrote or showed."""
    return Content(kind=content.kind, poll=unworded(content.poll))


class Changes(TypedDict, total=False):
    """Parts of a post by their names; what is not named stays. What a poll asks stays always."""

    title: str | None
    text: str
    media: tuple[Media, ...]
    link: Link | None


def check(content: Content) -> None:
    """Refuse what is not of its kind: a part that is lacking, and one that belongs to another kind."""
    has = {"media": bool(content.media), "link": content.link is not None, "poll": content.poll is not None}
    for part, there in has.items():
        if there and part != _PARTS[content.kind]:
            raise Invalid("wrong_kind", f"A post of the kind {content.kind} has no {part}.", part)
    own = _PARTS[content.kind]
    if own and not has[own]:
        raise Invalid("part_missing", f"A post of the kind {content.kind} has {own}.", own)
    if content.kind == "text" and not content.text:
        raise Invalid("part_missing", "A post of words has a text.", "text")
    if content.kind == "poll" and not (content.title or content.text):
        raise Invalid("part_missing", "A poll asks something: it has a title or a text.", "title")
    _check_media(content)


_TYPES = {
    "image": frozenset(get_args(Picture.__value__)),
    "video": frozenset(get_args(Video.__value__)),
}
_PARTS = {"text": None, "image": "media", "video": "media", "link": "link", "poll": "poll"}


def _check_media(content: Content) -> None:
    most = 1 if content.kind == "video" else MOST_IMAGES
    if len(content.media) > most:
        raise Invalid("too_many_files", f"A post of this kind has at most {most}.", "media")
    if len({each.id for each in content.media}) < len(content.media):
        raise Invalid("duplicate_items", "Each file stands in a post once.", "media")
    if not {each.content_type for each in content.media} <= _TYPES.get(content.kind, frozenset()):
        raise Invalid("wrong_kind", f"A post of the kind {content.kind} has files of that kind.", "media")


def check_poll(poll: Poll | None, now: datetime) -> None:
    if poll is None:
        return
    if len({option.text for option in poll.options}) < len(poll.options):
        raise Invalid("duplicate_items", "The options of a poll differ.", "poll")
    if poll.closes_at is not None and poll.closes_at <= now:
        raise Invalid("in_the_past", "A poll closes in the future.", "poll")


def check_vote(poll: Poll | None, option_id: str, now: datetime) -> None:
    """Refuse a vote for what cannot be voted for, or not any more."""
    if poll is None:
        raise Rejected("no_poll", "There is nothing to vote on in this post.")
    if not poll.has(option_id):
        raise Invalid("unknown_option", "The poll has no such option.", "option_id")
    if poll.closes_at is not None and poll.closes_at <= now:
        raise Rejected("poll_closed", "The poll is closed.")
