"""POST /v1/commerce/suppliers/{supplier_id}/payout-account"""

from datetime import datetime
from typing import Any

from commerce.payout import account as payout_account
from commerce.supplier import transactions
from commerce.supplier.commands import OpenPayoutAccount
from commerce.supplier.decider import payable
from commerce.supplier.transactions import SupplierRef
from troupe.edge.endpoint import NoBody, Operation, Version, endpoint
from troupe.edge.request import Request, done
from troupe.store import reads
from troupe.store.scope import Answer
from troupe.store.transact import Decision, Snapshot, transact


class Onboarding(Version, frozen=True):
    """The page on which Stripe asks for the rest; it is good once."""

    url: str
    expires_at: datetime


@endpoint(
    Operation(
        permission="supplier:open_payout_account",
        reply=Onboarding,
        secret=True,
        refusals=("payout_account_exists", "payout_account_refused", "supplier_not_verified"),
    )
)
def handler(request: Request[NoBody]) -> Answer:
    """Once there is an account, asking again gives a new address of the page.

    Nothing is written before Stripe has said which account it is; the same key gives the same account.
    """
    supplier = transactions.own(request)
    seen = Snapshot(scope=request.scope, items=reads.batch([supplier.key(request.tenant_id)]))
    account = _account(request, seen, supplier)

    def decide(at: Snapshot) -> Decision:
        opened = OpenPayoutAccount(stripe_account_id=account)
        return Decision(changes=(at.decide(supplier, opened),))

    decided = transact(request.scope, (supplier,), decide, seen)
    body = {**done(decided).body, **payout_account.onboarding(account)}
    return Answer(status=200, body=body, headers=done(decided).headers)


def _account(request: Request[Any], seen: Snapshot, supplier: SupplierRef) -> str:
    there = seen.of(supplier).state
    if there.payout_account:
        return there.payout_account.stripe_account_id
    payable(there)
    return payout_account.opened(request.tenant_id, supplier.id, there.company.country)
