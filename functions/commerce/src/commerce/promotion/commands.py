"""What may be asked of a promotion."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from commerce.promotion.events import Details, Featured, Kind, Limits, Visibility, Ware
from troupe.domain.limits import Reason


class DetailChanges(TypedDict, total=False):
    """The details that change; what is not in it stays. Products and limits are replaced as a whole."""

    title: str
    description: str | None
    kind: Kind
    products: tuple[Featured, ...]
    visibility: Visibility
    communities: tuple[str, ...]
    starts_at: datetime
    ends_at: datetime | None
    limits: Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePromotion:
    supplier_id: str
    details: Details


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdatePromotion:
    """A draft, or what was rejected. Whether its products can be promoted is asked when it is submitted."""

    changes: DetailChanges


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitPromotion:
    """With its products as they are, and how long its targets have to decide."""

    products: tuple[Ware, ...]
    decide_within: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovePromotion:
    """It is shown there from its start on, or at once; what others decide is their affair."""

    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectPromotion:
    """It is not shown there; what others decide is their affair."""

    target: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidePromotion:
    """The time to decide has passed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindApprovers:
    """A day has passed, and some have not decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartPromotion:
    """Its window has begun."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndPromotion:
    """Its window is over."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PausePromotion:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class ResumePromotion:
    """Within its window, and of a supplier that sells."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CancelPromotion:
    """Cancels the promotion for good in every status but `ended`."""

    reason: Reason


type Timed = DecidePromotion | RemindApprovers | StartPromotion | EndPromotion
type Asked = (
    UpdatePromotion
    | SubmitPromotion
    | ApprovePromotion
    | RejectPromotion
    | PausePromotion
    | ResumePromotion
    | CancelPromotion
)
type Command = Asked | Timed
