"""Accounts, customers and PaymentMethods; they are alike in all shapes."""

from typing import TYPE_CHECKING, Any

from stripe_simulator.model import Account, Card, Customer

if TYPE_CHECKING:
    from stripe_simulator.world import World


def livemode(world: "World", account: str) -> bool:
    return world.get(Account, account).livemode


def address(country: str | None) -> dict[str, str | None]:
    return {
        "city": None, "country": country, "line1": None, "line2": None, "postal_code": None, "state": None
    }  # fmt: skip


def account(account: Account) -> dict[str, Any]:
    return {
        "id": account.id,
        "object": "account",
        "business_profile": {"name": account.name, "url": None},
        "business_type": account.business_type,
        "capabilities": dict(account.capabilities),
        "charges_enabled": account.capabilities.get("card_payments") == "active",
        "country": account.country,
        "created": account.created,
        "default_currency": "usd",
        "details_submitted": account.details_submitted,
        "email": account.email,
        "metadata": dict(account.metadata),
        "payouts_enabled": account.details_submitted,
        "requirements": {
            "alternatives": [],
            "current_deadline": None,
            "currently_due": [] if account.details_submitted else ["external_account"],
            "disabled_reason": None if account.details_submitted else "requirements.past_due",
            "errors": [],
            "eventually_due": [],
            "past_due": [] if account.details_submitted else ["external_account"],
            "pending_verification": [],
        },
        "settings": {"dashboard": {"display_name": account.name, "timezone": "Etc/UTC"}},
        "type": "express" if account.kind == "express" else "standard",
    }


def customer(world: "World", customer: Customer) -> dict[str, Any]:
    return {
        "id": customer.id,
        "object": "customer",
        "address": address(customer.country),
        "balance": 0,
        "created": customer.created,
        "currency": "usd",
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": customer.email,
        "invoice_prefix": customer.id[-8:].upper(),
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": customer.default_payment_method,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": livemode(world, customer.account),
        "metadata": dict(customer.metadata),
        "name": customer.name,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


def billing_details(customer: Customer | None) -> dict[str, Any]:
    return {
        "address": address(customer.country if customer else None),
        "email": customer.email if customer else None,
        "name": customer.name if customer else None,
        "phone": None,
        "tax_id": None,
    }


def entry_of(identifier: str) -> str:
    """The id of the balance transaction of an object."""
    return f"txn_{identifier.partition('_')[2]}"


def bank_facts(card: Card) -> dict[str, Any]:
    return {
        "account_type": "checking",
        "bank_name": "STRIPE TEST BANK",
        "fingerprint": card.fingerprint,
        "last4": card.last4,
    }


def payment_method(world: "World", card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": billing_details(world.get(Customer, card.customer) if card.customer else None),
        card.kind: bank_facts(card) if card.slow else _card(card),
        "created": card.created,
        "customer": card.customer if card.attached else None,
        "livemode": livemode(world, card.account),
        "metadata": {},
        "type": card.kind,
    }


def _card(card: Card) -> dict[str, Any]:
    return {
        **card_facts(card),
        "display_brand": card.brand,
        "generated_from": None,
        "networks": {"available": [card.brand], "preferred": None},
        "three_d_secure_usage": {"supported": True},
        "wallet": None,
    }


def card_facts(card: Card) -> dict[str, Any]:
    return {
        "brand": card.brand,
        "checks": {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"},
        "country": card.country,
        "exp_month": card.exp_month,
        "exp_year": card.exp_year,
        "fingerprint": card.fingerprint,
        "funding": card.funding,
        "last4": card.last4,
    }
