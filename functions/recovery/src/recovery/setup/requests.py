"""The parts of request bodies that several of recovery's commands take."""

from typing import Annotated, cast

from pydantic import AfterValidator, Field

from recovery.fields import Cents
from recovery.policy.overrides import checked_overrides
from recovery.workspace.settings import CancellationPolicy, OnCancelInvoice, PaydayRule, SettingsChanges
from troupe.domain import limits
from troupe.edge import fields

LocalTime = Annotated[
    str,
    limits.Text(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", means="a time of day, as 21:00"),
    Field(examples=["21:00"]),
]
DeclineCode = Annotated[
    str,
    limits.Text(pattern=r"^[a-z0-9_]{1,64}$", means="a decline code of Stripe's, as do_not_honor"),
    Field(examples=["do_not_honor"]),
]
Overrides = Annotated[tuple[DeclineCode, ...], Field(max_length=60), AfterValidator(checked_overrides)]
SenderName = Annotated[
    str,
    limits.Text(
        strip_whitespace=True,
        min_length=1,
        max_length=64,
        pattern=r'^[^<>",;:@\x00-\x1f\x7f]+$',
        means='a name without < > " , ; : @',
    ),
]


class SettingsForm(fields.Body):
    """What is not sent stays, in a new workspace as it is here. Null clears where there may be none."""

    retry_limit: Annotated[int, Field(ge=0, le=20)] = 8
    window_days: Annotated[int, Field(ge=1, le=60)] = 28
    payday_rule: PaydayRule = "1st_15th"
    retry_hour_local: Annotated[int, Field(ge=0, le=23)] = 10
    retry_concurrency: Annotated[int, Field(ge=1, le=50)] = 5
    retry_spread_minutes: Annotated[int, Field(ge=0, le=720)] = 60
    quiet_from: LocalTime = "21:00"
    quiet_until: LocalTime = "08:00"
    mail_cap: Annotated[int, Field(ge=1, le=20)] = 2
    mail_cap_days: Annotated[int, Field(ge=1, le=30)] = 7
    mail_thresholds: Annotated[dict[fields.Currency, Cents], Field(max_length=50)] = Field(
        default_factory=dict[str, int], examples=[{"EUR": 500}]
    )
    cancellation_policy: CancellationPolicy = "stop"
    on_cancel_invoice: OnCancelInvoice = "leave"
    disconnect_grace_days: Annotated[int, Field(ge=0, le=90)] = 7
    final_grace_hours: Annotated[int, Field(ge=0, le=720)] = 72
    expiry_lead_days: Annotated[int, Field(ge=1, le=90)] = 14
    decline_overrides: Overrides = ()
    reply_to: fields.Email | None = None
    sender_name: SenderName | None = None


def given(form: SettingsForm) -> SettingsChanges:
    """The settings that were sent."""
    return cast("SettingsChanges", fields.given(form))
