"""What a community is set to be: its face, who may come in, and who may speak."""

from dataclasses import dataclass, field
from typing import Literal, TypedDict

type Visibility = Literal["public", "private"]
type Posting = Literal["members", "leader"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Branding:
    logo_url: str | None = None
    banner_url: str | None = None
    color: str | None = None  # as in #1a2b3c


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Whom the community takes, and how many (social commerce, 4.3); None and no countries: no limit."""

    minimum_age: int | None = None  # years
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    member_cap: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    name: str
    description: str = ""
    purpose: str = ""
    branding: Branding = field(default_factory=Branding)
    visibility: Visibility = "public"
    rules: tuple[str, ...] = ()
    posting: Posting = "members"
    moderation_required: bool = False
    limits: Limits = field(default_factory=Limits)


class Changes(TypedDict, total=False):
    """Settings by their names; what is not named stays."""

    name: str
    description: str
    purpose: str
    branding: Branding
    visibility: Visibility
    rules: tuple[str, ...]
    posting: Posting
    moderation_required: bool
    limits: Limits
