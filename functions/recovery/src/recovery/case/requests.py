"""What people and the flow send about a recovery attempt."""

from typing import Annotated, Literal

from pydantic import Field

from recovery.fields import Cents, ReasonCode
from troupe.edge import fields


class AbandonBody(fields.Body):
    reason: ReasonCode = "requested"


class FailBody(fields.Body):
    """Any reason but `requested` is the plan's, and has to be so."""

    reason: ReasonCode = "requested"


class HoldBody(fields.Body):
    """Until then it waits to be resumed, and is abandoned if it is not; without one it waits on."""

    until: Annotated[fields.Instant | None, Field(examples=["2099-01-31T12:00:00Z"])] = None


class RecoveredBody(fields.Body):
    """What was paid, by whichever way, since the attempt started; when, if not just now."""

    recovered_amount_cents: Annotated[Cents, Field(gt=0)]
    recovered_at: fields.Instant | None = None


class ReversedBody(fields.Body):
    """All that went back so far; what was recorded before is part of it."""

    reversed_amount_cents: Annotated[Cents, Field(gt=0)]
    reason: Literal["refund", "dispute"]
    reversed_at: fields.Instant | None = None
