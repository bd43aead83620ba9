"""The connected Stripe account that a supplier is paid to, and the page on which Stripe asks for the rest.

Stripe asks the business for its bank account and its persons itself. The account is made under a key of the
supplier's own, so that a call whose answer was lost, made again, is told of the same account.
"""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from commerce.payment.stripe import NotOurs, named_in
from commerce.supplier import transactions
from commerce.supplier.commands import NotePayoutAccount
from troupe.domain.decider import Rejected
from troupe.domain.instants import rfc3339
from troupe.store.scope import Scope
from troupe.store.transact import Unknown, execute
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Misused


def opened(tenant_id: str, supplier_id: str, country: str) -> str:
    """The id of the supplier's account. Raises `PaymentFailed`, or the refusal."""
    key = stripe_client.idempotency_key(tenant_id, supplier_id, f"payout_account_{country}")
    given: Any = {
        "type": "express",
        "country": country,
        "business_type": "company",
        "capabilities": {"transfers": {"requested": True}},
        "metadata": {"tenant_id": tenant_id, "supplier_id": supplier_id},
    }
    try:
        return stripe_client.call(
            lambda client: client.v1.accounts.create(given, {"idempotency_key": key})
        ).id
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
    link = stripe_client.call(lambda client: client.v1.account_links.create(given))
    return {"url": link.url, "expires_at": rfc3339(datetime.fromtimestamp(link.expires_at, UTC))}


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """An account as Stripe has it just now, and whose it is by our metadata."""

    tenant_id: str
    supplier_id: str
    told: NotePayoutAccount


def find(stripe_account_id: str) -> Found:
    """Ask Stripe how it stands. Raises `NotOurs`, `PaymentFailed`."""
    try:
        found = stripe_client.call(lambda client: client.v1.accounts.retrieve(stripe_account_id))
    except Misused as refused:
        raise NotOurs(stripe_account_id) from refused
    raw: Any = found.to_dict()
    tenant_id, supplier_id = named_in(raw, "tenant_id", "supplier_id")
    can: Any = raw.get("capabilities") or {}
    told = NotePayoutAccount(
        stripe_account_id=stripe_account_id,
        details_submitted=raw.get("details_submitted") is True,
        transfers_enabled=can.get("transfers") == "active",
    )
    return Found(tenant_id=tenant_id, supplier_id=supplier_id, told=told)


def note(scope: Scope, found: Found) -> str | None:
    """Write down how it stands. Why nothing comes of it, if nothing does."""
    try:
        execute(scope, transactions.ref(found.supplier_id), found.told)
    except Unknown:
        return "unknown_supplier"
    return None
