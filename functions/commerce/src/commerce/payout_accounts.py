"""The connected Stripe account that a supplier is paid to, and the page on which Stripe asks for the rest.

Stripe asks the business for its bank account and its persons itself. The account is made under a key of the
supplier's own, so that a call whose answer was lost, made again, is told of the same account.
"""

import os
from datetime import UTC, datetime
from typing import Any

from troupe import payments
from troupe.clock import rfc3339
from troupe.decider import Rejected
from troupe.payments import Misused


def opened(tenant_id: str, supplier_id: str, country: str) -> str:
    """The id of the supplier's account. Raises `PaymentFailed`, or the refusal."""
    key = payments.idempotency_key(tenant_id, supplier_id, f"payout_account_{country}")
    given: Any = {
        "type": "express",
        "country": country,
        "business_type": "company",
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"tenant_id": tenant_id, "supplier_id": supplier_id},
    }
    try:
        return payments.call(lambda client: client.v1.accounts.create(given, {"idempotency_key": key})).id
    except Misused as refused:
        raise Rejected("payout_account_refused", "Stripe opens no account for this supplier.") from refused


def onboarding(stripe_account_id: str) -> dict[str, Any]:
    """Where the business tells Stripe what it asks for: good once, for some minutes."""
    pages = f"{os.environ['PUBLIC_URL'].rstrip('/')}/payout-account"
    given: Any = {
        "account": stripe_account_id,
        "type": "account_onboarding",
        "refresh_url": f"{pages}?again",
        "return_url": pages,
    }
    link = payments.call(lambda client: client.v1.account_links.create(given))
    return {"url": link.url, "expires_at": rfc3339(datetime.fromtimestamp(link.expires_at, UTC))}
