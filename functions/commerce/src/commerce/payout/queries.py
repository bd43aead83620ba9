"""GET route about a supplier's money: what it has earned, what it has been paid, and what is still owed."""

from pydantic import BaseModel

from commerce.payout import ledger
from commerce.query_routes import ROUTES
from commerce.supplier import standing, transactions
from troupe.edge.endpoint import NoBody
from troupe.edge.queries import found, one
from troupe.edge.request import Request
from troupe.store.scope import Answer
from troupe.store.transact import Unknown


class LedgerView(BaseModel, frozen=True):
    """In cents: balance = earnings - commission - reversals - payouts; if negative, the supplier owes it.

    An order is in it from when its hold after the delivery is over; a payout, from when it is begun.
    """

    currency: str
    earnings_cents: int
    commission_cents: int
    reversals_cents: int
    payouts_cents: int
    balance_cents: int


class Ledgers(BaseModel, frozen=True):
    """One for each currency that the supplier has sold in."""

    supplier_id: str
    ledgers: list[LedgerView]


@ROUTES.get("/suppliers/{supplier_id}/ledger", permission="supplier:read", reply=Ledgers)
def supplier_ledger(request: Request[NoBody]) -> Answer:
    """For the supplier itself, and for who may see suppliers' accounts."""
    supplier_id = request.id("supplier_id")
    if not standing.sees(request.caller, supplier_id):
        raise Unknown(supplier_id)
    one(request, transactions.ref(supplier_id))
    sums = ledger.of(request.tenant_id, supplier_id)
    return found(
        Ledgers(
            supplier_id=supplier_id,
            ledgers=[
                LedgerView(currency=currency, **{f"{name}_cents": cents for name, cents in each.items()})
                for currency, each in sums.items()
            ],
        )
    )
