"""Values for examples, by the name of the property or by the format."""

import hashlib
from collections.abc import Mapping
from typing import Any

INSTANT = "2026-01-31T12:00:00Z"

# By the name of the property; what does not fit the schema of one is passed over.
KNOWN: Mapping[str, Any] = {
    "address": "203.0.113.7",
    "amount_cents": 1999,
    "avatar_url": "https://images.example.com/emily.png",
    "billing_email": "billing@acme.example",
    "bio": "Makes videos about bread.",
    "birth_date": "1996-05-30",
    "business_name": "Emily's Bakery",
    "correlation_id": "8d1f3c9e-6a42-4b43-9f0c-6d6f1c0a9b7e",
    "country": "DE",
    "currency": "EUR",
    "date": "2026-01-31",
    "day": "2026-01-31",
    "default_currency": "EUR",
    "description": "What it is for.",
    "detail": "What it is about.",
    "display_name": "Emily Johnson",
    "domain": "acme.example",
    "email": "emily@example.com",
    "former_email": "em@example.com",
    "from": "2026-01-01",
    "kind": "consumer",
    "last_login_address": "203.0.113.7",
    "limit": 25,
    "name": "Acme",
    "new_password": "a long walk by the sea",
    "organizations": ["0192f0c1-7a00-7000-8000-0000000000c1"],
    "owner_email": "emily@example.com",
    "owner_name": "Emily Johnson",
    "password": "a long walk by the sea",
    "percent": 80,
    "period": "2026-01",
    "permissions": ["user:read", "user:suspend"],
    "plan": "starter",
    "principal": "user",
    "quota": "users",
    "reason": "Broke the house rules.",
    "role": "admin",
    "roles": ["consumer"],
    "slug": "acme",
    "source_address": "203.0.113.7",
    "status": "active",
    "suspended_reason": "Broke the house rules.",
    "tax_id": "DE136695976",
    "to": "2026-01-31",
    "token": "e30.e30.c2lnbmF0dXJl",
    "token_type": "Bearer",
    "version": 1,
    "website_url": "https://acme.example",
    "zone": "Europe/Berlin",
}
FORMATS: Mapping[str, Any] = {
    "date": "2026-01-31",
    "date-time": INSTANT,
    "email": "emily@example.com",
    "uri": "https://acme.example",
}
SUFFIXES: Mapping[str, str] = {
    "_at": INSTANT,
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
