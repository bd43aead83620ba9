"""Stripe's raw JSON, read alike in the three shapes of its API (2020-08-27, acacia, basil).

Where a fact stands depends on the version: these accessors know all its places, and give None (or nothing)
for what is missing, null, or of another kind than it should be. None of them raises.
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any, cast

from recovery.policy.decline import Decline

type Raw = Mapping[str, Any]

DECLINE_FIELDS = tuple(field.name for field in fields(Decline))
GENERIC = "generic_decline"
LATEST = datetime.max.replace(tzinfo=UTC).timestamp()


def at(raw: Any, *path: str) -> Any:
    """What stands at the end of a path of names; None where the path breaks off."""
    for name in path:
        if not isinstance(raw, Mapping):
            return None
        raw = cast("Raw", raw).get(name)
    return raw


def nested(raw: Any, *path: str) -> Raw:
    """The object at the end of a path; an empty one where there is none."""
    found = at(raw, *path)
    return cast("Raw", found) if isinstance(found, Mapping) else {}


def listed(raw: Any, *path: str) -> Iterator[Raw]:
    """The objects of a list, of Stripe's (`data`) or of JSON's own."""
    found = at(raw, *path)
    inner = at(found, "data") if isinstance(found, Mapping) else found
    if isinstance(inner, list):
        things = cast("list[object]", inner)
        yield from (cast("Raw", each) for each in things if isinstance(each, Mapping))


def text(raw: Any, *path: str) -> str | None:
    found = at(raw, *path)
    return found if isinstance(found, str) and found else None


def number(raw: Any, *path: str) -> int | None:
    found = at(raw, *path)
    return found if isinstance(found, int) and not isinstance(found, bool) else None


def amount(raw: Any, *path: str) -> int:
    return number(raw, *path) or 0


def flag(raw: Any, *path: str) -> bool:
    return at(raw, *path) is True


def instant(raw: Any, *path: str) -> datetime | None:
    """Seconds since 1970 as an instant."""
    seconds = number(raw, *path)
    return datetime.fromtimestamp(seconds, UTC) if seconds and 0 < seconds < LATEST else None


def identifier(raw: Any, *path: str) -> str | None:
    """The id of what may be expanded or not."""
    found = at(raw, *path)
    return text(found, "id") if isinstance(found, Mapping) else text(raw, *path)


def first(*found: str | None) -> str | None:
    return next((each for each in found if each), None)


# An invoice


def invoice_subscription_id(invoice: Raw) -> str | None:
    """On the invoice itself, from basil on under `parent`; the lines name it in both."""
    named = (
        identifier(invoice, "subscription"),
        identifier(invoice, "parent", "subscription_details", "subscription"),
    )
    lines = (_line_subscription_id(line) for line in listed(invoice, "lines"))
    return first(*named) or next((each for each in lines if each), None)


def _line_subscription_id(line: Raw) -> str | None:
    return first(
        identifier(line, "subscription"),
        identifier(line, "parent", "subscription_item_details", "subscription"),
        identifier(line, "parent", "invoice_item_details", "subscription"),
    )


def invoice_payment_intent_ids(invoice: Raw) -> tuple[str, ...]:
    """The one on the invoice, and from basil on those of its payments; each once, oldest shape first."""
    payments = (identifier(each, "payment", "payment_intent") for each in listed(invoice, "payments"))
    found = (identifier(invoice, "payment_intent"), *payments)
    return tuple(dict.fromkeys(each for each in found if each))


def invoice_charge_ids(invoice: Raw) -> tuple[str, ...]:
    """Charges that the invoice names itself: there may be more, of its PaymentIntents."""
    payments = (identifier(each, "payment", "charge") for each in listed(invoice, "payments"))
    found = (identifier(invoice, "charge"), *payments)
    return tuple(dict.fromkeys(each for each in found if each))


def invoice_paid_out_of_band(invoice: Raw) -> bool:
    """Newer versions record it as a payment of another kind than a PaymentIntent or charge."""
    kinds = (text(each, "payment", "type") for each in listed(invoice, "payments") if _paid(each))
    return flag(invoice, "paid_out_of_band") or "payment_record" in kinds


def _paid(payment: Raw) -> bool:
    return text(payment, "status") == "paid"


# A subscription


def subscription_period_end(subscription: Raw) -> datetime | None:
    """When the next charge is due: on the subscription, from basil on at its items, of which one is first."""
    ends = (instant(item, "current_period_end") for item in listed(subscription, "items"))
    found = (instant(subscription, "current_period_end"), *ends)
    return min((each for each in found if each), default=None)


# PaymentIntents, charges and what else points to an invoice


def linked_invoice_id(thing: Raw) -> str | None:
    """What an InvoicePayment and a credit note name; PaymentIntents and charges only before basil."""
    return identifier(thing, "invoice")


def intent_charges(intent: Raw) -> tuple[Raw, ...]:
    """The charges that a PaymentIntent has with it: a list before 2022-11-15, then at most its latest."""
    latest = nested(intent, "latest_charge")
    found = (*listed(intent, "charges"), *((latest,) if latest else ()))
    return tuple({text(each, "id"): each for each in found}.values())


def brand(charge: Raw) -> str | None:
    return first(
        text(charge, "payment_method_details", "card", "brand"),
        text(charge, "payment_method_details", "card", "network"),
        text(charge, "source", "brand"),
    )


def fingerprint(charge: Raw) -> str | None:
    """Of the card, or of the bank account, that was charged."""
    details = nested(charge, "payment_method_details")
    kind = text(details, "type") or "card"
    return first(text(details, kind, "fingerprint"), text(charge, "source", "fingerprint"))


def country(charge: Raw) -> str | None:
    """Where the card was issued."""
    details = nested(charge, "payment_method_details")
    kind = text(details, "type") or "card"
    return first(text(details, kind, "country"), text(charge, "source", "country"))


def executed(charge: Raw) -> bool:
    """Whether the network was asked: not so for what Stripe blocked (https://docs.stripe.com/declines)."""
    outcome = nested(charge, "outcome")
    unsent = text(outcome, "network_status") == "not_sent_to_network"
    return not (unsent or text(outcome, "type") in {"blocked", "invalid"})


def on_session(charge: Raw) -> bool:
    """Whether the cardholder was there: a challenge was passed or failed."""
    secure = nested(charge, "payment_method_details", "card", "three_d_secure")
    return text(secure, "authentication_flow") == "challenge"


# Why a charge was declined


def charge_decline(charge: Raw, region: str | None = None) -> Decline | None:
    """Everything a charge says of its failure; None for one that did not fail.

    Newer versions have advice and network codes in the outcome; `error` codes stand on the charge itself.
    """
    if text(charge, "status") != "failed" and text(charge, "failure_code") is None:
        return None
    outcome = nested(charge, "outcome")
    code = text(charge, "failure_code")
    return Decline(
        code=code,
        decline_code=_decline_code(code, outcome),
        advice_code=text(outcome, "advice_code"),
        network_decline_code=text(outcome, "network_decline_code"),
        network_advice_code=text(outcome, "network_advice_code"),
        outcome_type=text(outcome, "type"),
        outcome_reason=text(outcome, "reason"),
        network_status=text(outcome, "network_status"),
        brand=brand(charge),
        region=first(country(charge), region),
        payment_method_type=text(charge, "payment_method_details", "type"),
    )


def _decline_code(code: str | None, outcome: Raw) -> str | None:
    """A charge has no field for it: of an issuer's decline it is the outcome's reason.

    What Stripe blocked is told as a generic decline (https://docs.stripe.com/declines#blocked-payments).
    """
    if code != "card_declined":
        return None
    return GENERIC if text(outcome, "type") == "blocked" else text(outcome, "reason")


def error_decline(error: Raw, region: str | None = None) -> Decline | None:
    """The same of a payment error, as on a PaymentIntent or in an answer; what both tell is alike."""
    if not error:
        return None
    card = nested(error, "payment_method", "card")
    code, decline_code = text(error, "code"), text(error, "decline_code")
    return Decline(
        code=code,
        decline_code=None if decline_code == code else decline_code,
        advice_code=text(error, "advice_code"),
        network_decline_code=text(error, "network_decline_code"),
        network_advice_code=text(error, "network_advice_code"),
        brand=text(card, "brand"),
        region=first(text(card, "country"), region),
        payment_method_type=text(error, "payment_method", "type"),
    )


def enriched(decline: Decline | None, other: Decline | None) -> Decline | None:
    """What one tells and the other leaves out, where both are of the same charge."""
    if decline is None or other is None:
        return decline or other
    told = {name: getattr(other, name) for name in DECLINE_FIELDS if getattr(decline, name) is None}
    return replace(decline, **told)
