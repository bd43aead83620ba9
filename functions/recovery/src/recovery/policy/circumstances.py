"""Facts of an invoice and its payment method that forbid an unattended charge after any decline."""

from dataclasses import dataclass
from datetime import timedelta

from recovery.policy.decline import Classification

LIKE_CARDS = frozenset({"card", "link"})
BANK_DEBIT = "us_bank_account"
NO_MONEY = "stripe.insufficient_funds"
REPRESENTMENTS = 2  # of a bank debit that found no money, and of no other (Nacha; Stripe, ACH debit retries)
REPRESENTED_WITHIN = timedelta(days=14)
ENDED = frozenset({"unpaid", "canceled", "incomplete_expired"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """In Stripe's words."""

    collection_method: str = "charge_automatically"
    auto_advance: bool = True
    has_payment_method: bool = True
    payment_method_type: str | None = "card"
    card_country: str | None = None
    subscription_status: str | None = None

    @property
    def bank_debit(self) -> bool:
        return self.payment_method_type == BANK_DEBIT


def in_the_way(facts: Circumstances, classified: Classification, retries: int) -> tuple[str, ...]:
    """Why nothing is charged (Stripe, Smart Retries: what is not retried); empty if something can be."""
    kind = facts.payment_method_type or "card"
    represented = classified.rule == NO_MONEY and retries < REPRESENTMENTS
    held = {
        "send_invoice": facts.collection_method != "charge_automatically",
        "auto_advance_off": not facts.auto_advance,
        "no_payment_method": not facts.has_payment_method,
        "subscription_ended": facts.subscription_status in ENDED,
        "india_mandate": (facts.card_country or "").upper() == "IN",
        "bank_debit": facts.bank_debit and not represented,
        "local_payment_method": kind not in LIKE_CARDS and not facts.bank_debit,
    }
    return tuple(name for name, holds in held.items() if holds)
