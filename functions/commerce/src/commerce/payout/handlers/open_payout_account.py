"""POST /v1/commerce/suppliers/{supplier_id}/payout-account"""

from datetime import datetime
from typing import Any

from commerce import business, payout_accounts
from commerce.business import SupplierRef
from commerce.supplier import payable
from commerce.supplier_commands import OpenPayoutAccount
from troupe import reads
from troupe.http import NoBody, Operation, Version, endpoint
from troupe.request import Request, done
from troupe.scope import Answer
from troupe.store import Decision, Snapshot, transact


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
    supplier = business.own(request)
    seen = Snapshot(scope=request.scope, items=reads.batch([supplier.key(request.tenant_id)]))
    account = _account(request, seen, supplier)

    def decide(at: Snapshot) -> Decision:
        opened = OpenPayoutAccount(stripe_account_id=account)
        return Decision(changes=(at.decide(supplier, opened),))

    decided = transact(request.scope, (supplier,), decide, seen)
    body = {**done(decided).body, **payout_accounts.onboarding(account)}
    return Answer(status=200, body=body, headers=done(decided).headers)


def _account(request: Request[Any], seen: Snapshot, supplier: SupplierRef) -> str:
    there = seen.of(supplier).state
    if there.payout_account:
        return there.payout_account.stripe_account_id
    payable(there)
    return payout_accounts.opened(request.tenant_id, supplier.id, there.company.country)
