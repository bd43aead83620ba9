"""PATCH /v1/identity/tenants/{tenant_id}/settings"""

from typing import Annotated, cast

from pydantic import Field

from identity import standing
from identity.tenant_commands import SettingsChanges, UpdateSettings
from troupe import fields
from troupe.http import Operation, endpoint
from troupe.request import Request
from troupe.scope import Answer

COUNTRIES = 250  # of ISO 3166-1 there are 249

BasisPoints = Annotated[int, Field(ge=0, le=10_000)]
TaxRates = Annotated[dict[fields.Country, BasisPoints], Field(max_length=COUNTRIES)]


class Body(fields.Body):
    """What is not sent stays, and a map is replaced as a whole; null clears, where it is allowed."""

    name: fields.Name = Field(default_factory=str)
    domain: fields.Domain | None = None
    billing_email: fields.Email | None = None
    metadata: fields.Map = Field(default_factory=dict)
    zone: fields.Zone = Field(default_factory=str)
    open_sign_up: bool = Field(default_factory=bool)
    default_currency: fields.Currency = Field(default_factory=str)
    commission_basis_points: BasisPoints = Field(default_factory=int)
    tax_rates: TaxRates = Field(default_factory=dict[str, int])
    return_window_days: Annotated[int, Field(ge=0, le=365)] = Field(default_factory=int)
    payout_hold_days: Annotated[int, Field(ge=0, le=90)] = Field(default_factory=int)
    promotion_decision_days: Annotated[int, Field(ge=1, le=60)] = Field(default_factory=int)
    order_accept_hours: Annotated[int, Field(ge=1, le=336)] = Field(default_factory=int)
    custom: fields.Map = Field(default_factory=dict)


@endpoint(
    Operation(
        permission="tenant:update_settings",
        body=Body,
        refusals=("domain_taken", "tenant_cancelled"),
        example={
            "name": "Acme Creators GmbH",
            "open_sign_up": True,
            "default_currency": "EUR",
            "custom": {"theme": {"dark": True}},
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    changes = cast("SettingsChanges", fields.given(request.body))
    return standing.change(request, UpdateSettings(changes=changes))
