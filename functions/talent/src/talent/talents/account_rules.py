"""What is accepted as a platform, a handle and a tag, in the form that is stored and compared."""

from typing import cast, get_args
from unicodedata import normalize

from talent.talents.values import Platform, PlatformProfile, Platforms
from troupe.domain.decider import Invalid, Rejected

PLATFORMS = frozenset[str](get_args(Platform.__value__))
LONGEST_TAG = 50
MOST_TAGS = 50
MOST_NOTES = 100


def platform(name: str) -> Platform:
    if name not in PLATFORMS:
        known = ", ".join(sorted(PLATFORMS))
        raise Invalid("unknown_platform", f"Name one of these platforms: {known}.", "platform")
    return cast("Platform", name)


def handle(text: str) -> str:
    """Without the @ before it, and composed (NFC)."""
    bare = normalize("NFC", text.strip()).lstrip("@").strip()
    if not bare:
        raise Invalid("handle_empty", "Give the handle of the account.", "handle")
    return bare


def same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def tag(text: str) -> str:
    folded = normalize("NFC", text.strip()).casefold()
    if not 1 <= len(folded) <= LONGEST_TAG:
        raise Invalid("tag_length", f"A tag has 1 to {LONGEST_TAG} characters.", "tag")
    return folded


def tags(given: tuple[str, ...]) -> tuple[str, ...]:
    """Each once, in the order given (`too_many_tags`)."""
    found = tuple(dict.fromkeys(map(tag, given)))
    room(len(found))
    return found


def room(count: int) -> None:
    if count > MOST_TAGS:
        raise Rejected("too_many_tags", f"A talent has at most {MOST_TAGS} tags.")


def linked(platforms: Platforms, name: Platform) -> PlatformProfile:
    if (found := platforms.get(name)) is None:
        raise Rejected("platform_not_linked", f"No account on {name} is linked. Link it first.")
    return found


def conflicts(one: PlatformProfile, other: PlatformProfile) -> bool:
    """Whether two links to a platform lead to different accounts."""
    if one.external_id and other.external_id:
        return one.external_id != other.external_id
    return not same(one.handle, other.handle)
