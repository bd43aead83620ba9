"""What can be asked of a post."""

from dataclasses import dataclass
from datetime import timedelta

from community.person.values import PersonSnapshot
from community.post.content_rules import Changes, Content
from troupe.domain.limits import Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePost:
    """`moderated`: it is looked at before others see it."""

    community_id: str
    author: PersonSnapshot
    content: Content
    moderated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EditPost:
    changes: Changes
    moderated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishPost:
    """Let others see a post that a moderator has looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HidePost:
    """A published post is taken out of sight, and one that waits is turned down; its author still sees it."""

    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletePost:
    by_author: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RestorePost:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestGlobalDistribution:
    """`private`: whether the community is, as it is now. `decide_within`: the time that there is for it."""

    private: bool
    decide_within: timedelta = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveGlobalDistribution:
    private: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectGlobalDistribution:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindAdministrators:
    """A day has passed, and they have not decided."""


type Distributing = RequestGlobalDistribution | ApproveGlobalDistribution | RejectGlobalDistribution
type Moderating = EditPost | PublishPost | HidePost | DeletePost | RestorePost
type Command = Moderating | RemindAdministrators | Distributing
