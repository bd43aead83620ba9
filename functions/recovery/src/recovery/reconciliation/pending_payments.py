"""Facts of a PaymentIntent whose invoice is not known yet: put aside under its id, until it is (S-81).

From basil on a PaymentIntent names no invoice; the link is an object of its own, and an event may overtake
it. What is parked is only that there is something to be known: the facts are fetched with the invoice.
"""

from collections.abc import Iterable
from datetime import timedelta

from recovery.invoice.state import InvoiceState
from troupe.clock import now
from troupe.domain.instants import rfc3339
from troupe.store import keys, reads, writes
from troupe.store.commit import commit
from troupe.store.keys import Key
from troupe.store.writes import Action

KEPT = timedelta(days=30)  # most PaymentIntents are of no invoice: they leave by themselves


def key(tenant_id: str, account: str, payment_intent_id: str) -> Key:
    return Key(keys.view(tenant_id, "parked", account), payment_intent_id)


def keep(tenant_id: str, account: str, payment_intent_id: str, event_id: str) -> None:
    at = now()
    item = {
        "event_id": event_id,
        "parked_at": rfc3339(at),
        "expires_at": int((at + KEPT).timestamp()),
    }
    commit([writes.put(key(tenant_id, account, payment_intent_id), item)])


def joined(tenant_id: str, account: str, fetched: InvoiceState) -> tuple[Action, ...]:
    """What was put aside for the invoice's PaymentIntents leaves with the transaction that takes them in."""
    wanted = [key(tenant_id, account, each) for each in _intents(fetched)]
    found = reads.batch(wanted) if wanted else {}
    return tuple(_gone(each) for each in found)


def _intents(fetched: InvoiceState) -> Iterable[str]:
    charged = (each.charge.payment_intent_id for each in fetched.charges)
    paid = (each.payment_intent_id for each in fetched.payments)
    return list(dict.fromkeys(each for each in (*charged, *paid) if each))[: reads.MOST_KEYS]


def _gone(pending: Key) -> Action:
    return Action(kind="Delete", parameters={"Key": {"PK": {"S": pending.pk}, "SK": {"S": pending.sk}}})
