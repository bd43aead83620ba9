"""What happens to a dunning sequence: the mails about an unpaid invoice, in editions that never change."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

type DelaysFrom = Literal["started_at", "previous_sent"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One mail. `delay_hours` counts from the attempt's start, or from when the step before was sent."""

    id: str
    delay_hours: int
    subject_template: str
    body_template: str
    status: Literal["scheduled"] = "scheduled"  # what becomes of a step stands on the attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """What an attempt goes by; once published it never changes."""

    edition: int
    delays_from: DelaysFrom
    steps: tuple[Step, ...]
    published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningSequenceCreated:
    workspace_id: str
    name: str
    delays_from: DelaysFrom
    steps: tuple[Step, ...]
    edition: int
    created_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningSequenceUpdated:
    """The sequence as it is now; a new name alone is no new edition."""

    name: str
    delays_from: DelaysFrom
    steps: tuple[Step, ...]
    edition: int
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningSequenceEnabled:
    workspace_id: str
    enabled_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DunningSequenceDisabled:
    """No new attempt goes by it; those that run end as they began."""

    workspace_id: str
    disabled_at: datetime


type Event = (
    DunningSequenceCreated | DunningSequenceUpdated | DunningSequenceEnabled | DunningSequenceDisabled
)
