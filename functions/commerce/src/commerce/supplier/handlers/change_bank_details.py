"""PUT /v1/commerce/suppliers/{supplier_id}/bank-details"""

from datetime import datetime

from pydantic import ConfigDict

from commerce.supplier import encryption, transactions
from commerce.supplier.commands import ChangeBankDetails
from commerce.supplier.requests import BankDetails
from troupe.domain.instants import rfc3339
from troupe.edge.endpoint import Operation, Version, endpoint
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot


class Body(BankDetails):
    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "account_holder": "Bread & Butter GmbH",
                    "country": "DE",
                    "currency": "EUR",
                    "iban": "DE89370400440532013000",
                }
            ]
        }
    )


class BankDetailsChanged(Version, frozen=True):
    tail: str  # what is shown of the number
    payout_after: datetime


@endpoint(
    Operation(
        permission="supplier:change_bank_details",
        body=Body,
        reply=BankDetailsChanged,
        secret=True,
        refusals=("record_fixed", "supplier_suspended"),
        example={
            "account_holder": "Bakery GmbH",
            "country": "DE",
            "currency": "EUR",
            "iban": "DE89 3704 0044 0532 0130 00",
        },
    )
)
def handler(request: Request[Body]) -> Answer:
    """Payouts wait for three days, so that a stranger in the account gets nothing of them."""
    supplier, details = transactions.own(request), request.body
    tail = encryption.masked(details.number)
    command = ChangeBankDetails(tail=tail, country=details.country, currency=details.currency)

    def decide(at: Snapshot) -> Decision:
        changed = at.decide(supplier, command)
        after = transactions.supplier_of(changed.after)
        key = encryption.part(request.tenant_id, supplier.id, "bank", after.sealed)
        sealed = encryption.encrypted(key, "bank", details.model_dump(), request.now)
        shown = {"tail": tail, "payout_after": after.payout_after and rfc3339(after.payout_after)}
        return Decision(changes=(changed,), actions=(sealed,), body=shown)

    return request.transact((supplier,), decide)
