"""What happens to a step of a recovery attempt: one mail, claimed, sent and looked at."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type StepStatus = Literal["scheduled", "sent", "opened", "clicked", "converted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPlan:
    """A step as it was planned when the attempt started or was migrated."""

    id: str
    delay_hours: int
    due_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClaimed:
    step_id: str
    claimed_at: datetime
    claimed_until: datetime
    fetched_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepReleased:
    step_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepPostponed:
    step_id: str
    due_at: datetime
    reason: str  # quiet_hours, mail_cap, slow_down, ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSent:
    step_id: str
    sent_at: datetime
    message_id: str | None = None
    will_retry: bool = False
    retry_at: datetime | None = None
    is_final: bool = False
    with_invoices: tuple[str, ...] = ()  # other invoices of the customer that the mail speaks for
    moved: tuple[StepPlan, ...] = ()  # steps that follow, and come later since this one did


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSkipped:
    """The step stays `scheduled` and will not be sent."""

    step_id: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepOpened:
    """Advisory: a machine may have opened it."""

    step_id: str
    opened_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepClicked:
    step_id: str
    clicked_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConverted:
    """The invoice was paid after this step; from the fact of a payment alone."""

    step_id: str
    converted_at: datetime


type StepEvent = (
    StepClaimed
    | StepReleased
    | StepPostponed
    | StepSent
    | StepSkipped
    | StepOpened
    | StepClicked
    | StepConverted
)
