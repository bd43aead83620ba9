"""Charges, as raw JSON of any shape, read as facts: what was charged, by which card, and why it failed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from recovery.attempt.events import CardData, Charge, ChargeStatus, Initiator
from recovery.invoice import json
from recovery.invoice.json import Raw
from recovery.invoice.state import ChargeState, PaymentMethod
from recovery.policy.decline import Decline

CHARGED: dict[str, ChargeStatus] = {"succeeded": "succeeded", "failed": "failed"}
WITHDRAWN = frozenset({"needs_response", "under_review", "lost"})  # disputes whose money is gone
EPOCH = datetime.fromtimestamp(0, UTC)
AUTHENTICATION = frozenset(
    {"authentication_required", "authentication_not_handled", "mobile_device_authentication_required"}
)
AUTHENTICATE = Decline(code="authentication_required")


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeObjects:
    """Raw objects: the invoice with what it was expanded by, and what had to be asked for besides."""

    invoice: Raw
    customer: Raw
    subscription: Raw | None = None
    method: Raw | None = None  # that would be charged
    intents: tuple[Raw, ...] = ()
    charges: tuple[Raw, ...] = ()
    disputes: tuple[Raw, ...] = ()
    refunds: tuple[Raw, ...] = ()


def charges(found: StripeObjects, region: str | None) -> tuple[ChargeState, ...]:
    """Oldest first. `region`: the customer's country, where the card tells none."""
    return tuple(_authenticated(sorted(_charges(found, region), key=_made_at)))


def _charges(found: StripeObjects, region: str | None) -> Iterator[ChargeState]:
    intents = {json.text(each, "id"): each for each in found.intents}
    charged = {json.text(each, "id"): each for each in found.charges}
    for raw in reversed(charged.values()):  # Stripe lists the newest first
        intent = intents.get(json.identifier(raw, "payment_intent"), {})
        yield _charge(raw, intent, found, region)
    made = {json.identifier(each, "payment_intent") for each in charged.values()}
    yield from (_unmade(each) for named, each in intents.items() if named not in made and _waits(each))


def _made_at(made: ChargeState) -> datetime:
    return made.charge.at


def _authenticated(made: list[ChargeState]) -> Iterator[ChargeState]:
    """Charges that passed after their card asked for authentication, which only the customer can give."""
    asked: set[str | None] = set()
    for each in made:
        fingerprint, declined = each.charge.fingerprint, each.decline
        if each.charge.status == "succeeded" and fingerprint in asked:
            yield replace(each, charge=replace(each.charge, initiator="customer"))
        else:
            yield each
        asked.discard(fingerprint)
        if declined and declined.code in AUTHENTICATION and fingerprint:
            asked.add(fingerprint)


def _charge(raw: Raw, intent: Raw, found: StripeObjects, region: str | None) -> ChargeState:
    error = json.nested(intent, "last_payment_error")
    own = json.identifier(error, "charge") == json.text(raw, "id")
    decline = json.charge_decline(raw, region)
    if own and decline:
        decline = json.enriched(decline, json.error_decline(error, region))
    disputes = [each for each in found.disputes if _names(each, raw)]
    refunds = (*(each for each in found.refunds if _names(each, raw)), *json.listed(raw, "refunds"))
    return ChargeState(
        charge=_made(raw),
        card=_card_used(raw),
        decline=decline,
        refunded_cents=json.amount(raw, "amount_refunded"),
        refunded_at=_latest(refunds),
        disputed_cents=sum(_withdrawn(each) for each in disputes),
        disputed_at=_latest(disputes),
        requires_action=own and _waits(intent),
    )


def _names(reversal: Raw, charge: Raw) -> bool:
    return json.identifier(reversal, "charge") == json.text(charge, "id")


def _latest(raws: Iterable[Raw]) -> datetime | None:
    instants = (json.instant(each, "created") for each in raws)
    return max((each for each in instants if each), default=None)


def _withdrawn(dispute: Raw) -> int:
    return json.amount(dispute, "amount") if json.text(dispute, "status") in WITHDRAWN else 0


def _made(raw: Raw) -> Charge:
    return Charge(
        id=json.text(raw, "id") or "",
        payment_intent_id=json.identifier(raw, "payment_intent"),
        at=json.instant(raw, "created") or EPOCH,
        status=CHARGED.get(json.text(raw, "status") or "", "pending"),
        amount_cents=json.amount(raw, "amount"),
        initiator=initiator(raw),
        executed=json.executed(raw),
        fingerprint=json.fingerprint(raw),
        brand=json.brand(raw),
        payment_method_id=json.first(json.identifier(raw, "payment_method"), json.identifier(raw, "source")),
    )


def initiator(raw: Raw) -> Initiator:
    """Who had it charged, as far as a charge tells: a challenge means that the customer was there.

    Stripe says nowhere whether its own retries, an API call or the hosted page made a charge. What Troupe
    made it knows by its claims, which `reconcile` compares.
    """
    return "customer" if json.on_session(raw) else "stripe"


def _card_used(raw: Raw) -> CardData | None:
    """The card as it was when it was charged."""
    kind = json.text(raw, "payment_method_details", "type") or "card"
    facts = json.nested(raw, "payment_method_details", kind) or json.nested(raw, "source")
    named = json.first(json.identifier(raw, "payment_method"), json.identifier(raw, "source"))
    if named is None:
        return None
    return CardData(
        payment_method_id=named,
        fingerprint=json.text(facts, "fingerprint"),
        brand=json.text(facts, "brand"),
        last4=json.text(facts, "last4"),
        expires=_expires(json.number(facts, "exp_year"), json.number(facts, "exp_month")),
    )


def _waits(intent: Raw) -> bool:
    """Whether it asks for authentication; where nothing was charged yet, that is all there is (S-40)."""
    return json.text(intent, "status") == "requires_action"


def _unmade(intent: Raw) -> ChargeState:
    """Stands for the charge that waits for the customer; it never reached the network."""
    method = json.nested(intent, "payment_method")
    card = card_of(payment_method(method)) if method else None
    named = json.identifier(intent, "payment_method")
    charge = Charge(
        id=json.text(intent, "id") or "",
        payment_intent_id=json.text(intent, "id"),
        at=json.instant(intent, "created") or EPOCH,
        status="failed",
        amount_cents=json.amount(intent, "amount"),
        initiator="stripe",
        executed=False,
        payment_method_id=named,
    )
    told = json.error_decline(json.nested(intent, "last_payment_error"))
    decline = json.enriched(told, AUTHENTICATE) or AUTHENTICATE
    used = card or (CardData(payment_method_id=named) if named else None)
    return ChargeState(charge=charge, card=used, decline=decline, requires_action=True)


# Cards


def payment_method(raw: Raw) -> PaymentMethod:
    """A PaymentMethod, or a card or source of the older kind, whose facts stand on it."""
    kind = json.text(raw, "type") or "card"
    facts = json.nested(raw, kind) or raw
    return PaymentMethod(
        id=json.text(raw, "id") or "",
        type=kind,
        fingerprint=json.text(facts, "fingerprint"),
        brand=json.text(facts, "brand"),
        last4=json.text(facts, "last4"),
        exp_month=json.number(facts, "exp_month"),
        exp_year=json.number(facts, "exp_year"),
        country=json.text(facts, "country"),
        created_at=json.instant(raw, "created"),
    )


def card_of(method: PaymentMethod) -> CardData:
    """As an attempt knows it."""
    return CardData(
        payment_method_id=method.id,
        fingerprint=method.fingerprint,
        brand=method.brand,
        last4=method.last4,
        expires=_expires(method.exp_year, method.exp_month),
    )


def _expires(year: int | None, month: int | None) -> str | None:
    return f"{year:04}-{month:02}" if year and month else None
