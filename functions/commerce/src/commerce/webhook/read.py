"""What an event of Stripe's points to. It is a hint to look there: what it says itself is never believed.

https://docs.stripe.com/webhooks#event-ordering
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

INTENTS, REFUNDS, DISPUTES = "payment_intent.", "refund.", "charge.dispute."
OF_CHARGES = "charge.refund"  # charge.refunded, charge.refund.updated: they tell of refunds, too
TRANSFERS, ACCOUNTS = "transfer.reversed", "account.updated"
WANTED = (INTENTS, REFUNDS, DISPUTES, OF_CHARGES, TRANSFERS, ACCOUNTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class StripeEvent:
    """The object and the intent that it is about, and what our metadata said of it when it was made."""

    event_id: str
    type: str
    account_id: str
    livemode: bool
    about: str
    intent_id: str
    tenant_id: str
    order_id: str

    @property
    def interesting(self) -> bool:
        return self.type.startswith(WANTED)

    @property
    def foreign(self) -> bool:
        """Of a connected account, and not about that account itself, which is for us to know."""
        told_of_itself = self.type == ACCOUNTS and self.account_id == self.about
        return bool(self.account_id) and not told_of_itself

    @property
    def group(self) -> str:
        """Events of one intent are taken one after the other, and so are those of one account."""
        return sha256((self.intent_id or self.about or self.event_id).encode()).hexdigest()


def read(event: Mapping[str, Any]) -> StripeEvent:
    """The hint in an event; what is of another form than expected is as good as absent."""
    kind = _text(event, "type")
    thing = _nested(_nested(event, "data"), "object")
    metadata = _nested(thing, "metadata")
    return StripeEvent(
        event_id=_text(event, "id"),
        type=kind,
        account_id=_text(event, "account"),
        livemode=event.get("livemode") is True,
        about=_text(thing, "id"),
        intent_id=_text(thing, "id" if kind.startswith(INTENTS) else "payment_intent"),
        tenant_id=_text(metadata, "tenant_id"),
        order_id=_text(metadata, "order_id"),
    )


def _text(of: Mapping[str, Any], name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _nested(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = of.get(name)
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
