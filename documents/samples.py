"""Values for examples, by the name of the property or by the format."""

import hashlib
from collections.abc import Mapping
from typing import Any

INSTANT = "2026-01-31T12:00:00Z"

# By the name of the property; what does not fit the schema of one is passed over.
KNOWN: Mapping[str, Any] = {
    "address": "203.0.113.7",
    "advice_code": "try_again_later",
    "amount_cents": 1999,
    "amount_due_cents": 1999,
    "amount_remaining_cents": 1999,
    "at_risk_cents": 1999,
    "attribution": "our_retry",
    "avatar_url": "https://images.example.com/emily.png",
    "billing_email": "billing@acme.example",
    "billing_plan": "starter",
    "bio": "Makes videos about bread.",
    "birth_date": "1996-05-30",
    "body_template": "Hello,\n\n{{ amount_due }} is still open.\n\n[Pay now]\n",
    "brand": "visa",
    "brands": ["visa"],
    "business_name": "Emily's Bakery",
    "card_country": "DE",
    "charge_id": "ch_3QXk2eLkdIwHu7ix1a2B3c4D",
    "checked_on": "2026-01-15",
    "code": "card_declined",
    "collection_method": "charge_automatically",
    "color": "#1e88e5",
    "considered": "ceiling",
    "correlation_id": "8d1f3c9e-6a42-4b43-9f0c-6d6f1c0a9b7e",
    "country": "DE",
    "currency": "EUR",
    "date": "2026-01-31",
    "day": "2026-01-31",
    "decline_code": "insufficient_funds",
    "default_currency": "EUR",
    "definition_version": "1",
    "delay_hours": 24,
    "description": "What it is for.",
    "detail": "What it is about.",
    "display_name": "Emily Johnson",
    "domain": "acme.example",
    "email": "emily@example.com",
    "fingerprint": "Xt5EWLLDS7FJjR1c",
    "former_email": "em@example.com",
    "from": "2026-01-01",
    "idempotency_key": "0192f0c1-7a00-7000-8000-000000000001/recovery_attempt/1",
    "invoice_number": "ACME-0042",
    "kind": "consumer",
    "last4": "4242",
    "last_login_address": "203.0.113.7",
    "limit": 25,
    "name": "Acme",
    "network_decline_code": "51",
    "network_status": "declined_by_network",
    "new_password": "a long walk by the sea",
    "organizations": ["0192f0c1-7a00-7000-8000-0000000000c1"],
    "outcome_reason": "insufficient_funds",
    "outcome_type": "issuer_declined",
    "owner_email": "emily@example.com",
    "owner_name": "Emily Johnson",
    "password": "a long walk by the sea",
    "payment_intent_id": "pi_3QXk2eLkdIwHu7ix1f2E3d4C",
    "payment_method_id": "pm_1QXk2eLkdIwHu7ixa1B2c3D4",
    "payment_method_type": "card",
    "percent": 80,
    "period": "2026-01",
    "permissions": ["user:read", "user:suspend"],
    "plan": "starter",
    "principal": "user",
    "quiet_from": "21:00",
    "quiet_until": "08:00",
    "quota": "users",
    "reason": "Broke the house rules.",
    "recovered_amount_cents": 1999,
    "reply_to": "billing@acme.example",
    "reversed_amount_cents": 1999,
    "role": "admin",
    "roles": ["consumer"],
    "scopes": ["read_write"],
    "sender_name": "Acme",
    "slug": "acme",
    "source_address": "203.0.113.7",
    "status": "active",
    "stripe_account_id": "acct_1QXk2eLkdIwHu7ix",
    "stripe_customer_id": "cus_RQv5N1Zb4mE7aC",
    "stripe_invoice_id": "in_1QXk2eLkdIwHu7ixd4C3b2A1",
    "stripe_subscription_id": "sub_1QXk2eLkdIwHu7ixz9Y8x7W6",
    "subject_template": "{{ amount_due }} is still open",
    "subscription_status": "past_due",
    "suspended_reason": "Broke the house rules.",
    "tax_id": "DE136695976",
    "timezone": "Europe/Berlin",
    "to": "2026-01-31",
    "token": "e30.e30.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "url": "https://connect.stripe.com/oauth/authorize?response_type=code&client_id=ca_1&scope=read_write&state=e30",
    "version": 1,
    "website_url": "https://acme.example",
    "zone": "Europe/Berlin",
    "zone_reason": "workspace",
}
FORMATS: Mapping[str, Any] = {
    "date": "2026-01-31",
    "date-time": INSTANT,
    "email": "emily@example.com",
    "uri": "https://acme.example",
}
SUFFIXES: Mapping[str, str] = {
    "_at": INSTANT,
    "_until": "2026-01-31T12:02:00Z",
    "_email": "emily@example.com",
    "_token": "e30.e30.c2lnbmF0dXJl",
    "_url": "https://acme.example",
    "_date": "2026-01-31",
}


def identifier(name: str) -> str:
    """A UUIDv7 that belongs to a name."""
    tail = hashlib.sha256(name.encode()).hexdigest()[:12]
    return f"0192f0c1-7a00-7000-8000-{tail}"


def known(name: str) -> list[Any]:
    """What a property of that name may hold, the likeliest first; whether it fits is to be seen."""
    by_suffix = [value for suffix, value in SUFFIXES.items() if name.endswith(suffix)]
    ids = [identifier(name)] if name == "id" or name.endswith("_id") else []
    return [*([KNOWN[name]] if name in KNOWN else []), *ids, *by_suffix]
