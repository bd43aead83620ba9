"""What is answered about workspaces, their Stripe accounts and their dunning sequences."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from recovery.sequence.events import DelaysFrom
from recovery.workspace.decider import BillingPlan
from recovery.workspace.settings import Settings


class WorkspaceRow(BaseModel, frozen=True):
    id: str
    name: str
    owner_user_id: str
    timezone: str
    billing_plan: BillingPlan
    is_active: bool
    created_at: datetime
    updated_at: datetime


class WorkspaceView(WorkspaceRow, frozen=True):
    """`default_sequence_id`: what new attempts go by, if it is enabled."""

    default_sequence_id: str | None
    settings: Settings


class StripeAccountView(BaseModel, frozen=True):
    """`disconnected_at` is null while it is connected; `connected_at` is of the latest connection."""

    id: str
    workspace_id: str
    stripe_account_id: str
    livemode: bool
    scopes: tuple[str, ...]
    connected_at: datetime
    disconnected_at: datetime | None
    disconnected_reason: Literal["requested", "deauthorized"] | None


class ConnectUrl(BaseModel, frozen=True):
    """The page where the account's owner authorizes the connection. Valid for an hour, for the caller."""

    url: str


class StepView(BaseModel, frozen=True):
    id: str
    delay_hours: int
    subject_template: str
    body_template: str
    status: Literal["scheduled"]  # what becomes of a step stands on the attempt


class EditionView(BaseModel, frozen=True):
    """What attempts go by that began with it; it never changes."""

    edition: int
    delays_from: DelaysFrom
    steps: tuple[StepView, ...]
    published_at: datetime


class SequenceRow(BaseModel, frozen=True):
    id: str
    workspace_id: str
    name: str
    is_enabled: bool
    edition: int
    step_count: int
    created_at: datetime
    updated_at: datetime


class SequenceView(BaseModel, frozen=True):
    """The sequence with its current edition."""

    id: str
    workspace_id: str
    name: str
    is_enabled: bool
    edition: int
    delays_from: DelaysFrom
    steps: tuple[StepView, ...]
    created_at: datetime
    updated_at: datetime
