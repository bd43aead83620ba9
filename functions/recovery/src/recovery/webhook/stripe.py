"""POST /v1/recovery/webhooks/stripe

An event of a connected account, verified over the raw body, stored once, answered at once. The one
write is the inbox item. What it says is looked at when it is processed, and not believed even then.
"""

from recovery.stripe import event as stripe_events
from recovery.stripe.event import StripeEvent
from recovery.webhook.body import LARGEST_BODY, TooLarge, packed
from troupe.clock import now
from troupe.edge.endpoint import Event, Operation, receiver
from troupe.edge.request import Malformed
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.observability import outcome
from troupe.store.scope import Answer
from troupe.stripe.webhook import RECEIVED, REFUSALS, Received, genuine, parsed

SOURCE = "stripe-connect"
SECRETS = "connect_webhook_secrets"


@receiver(Operation(anonymous=True, secret=True, signed=True, reply=Received, refusals=REFUSALS))
def handler(event: Event) -> Answer:
    body = genuine(event, SECRETS, LARGEST_BODY)
    stripe_event = stripe_events.read(parsed(body))
    if not (stripe_event.event_id and stripe_event.type):
        raise Malformed("malformed_event", "An event has an id and a type.")
    ignored = _ignored(stripe_event)
    stored = _store(body, stripe_event, ignored)
    outcome(
        "webhook_received",
        event_id=stripe_event.event_id,
        type=stripe_event.type,
        new=stored,
        ignored=ignored,
    )
    return RECEIVED


def _ignored(stripe_event: StripeEvent) -> str | None:
    """Why it will not be processed, if it will not be."""
    if not stripe_event.account_id:
        return "platform_event"  # of our own account: never anything of a connected one (S-33)
    return None if stripe_event.subject else "uninteresting_type"


def _store(body: bytes, stripe_event: StripeEvent, ignored: str | None) -> bool:
    try:
        text, headers = packed(body)
        webhook = Webhook(
            source=SOURCE,
            event_id=stripe_event.event_id,
            group=stripe_event.group,
            body=text,
            received_at=now(),
            headers=headers,
            ignored=ignored,
        )
        return inbox.store(webhook)
    except TooLarge as failed:
        raise Malformed("request_too_large", "The body is more than we store.", 413) from failed
    except ValueError as failed:  # an id that no key takes, or no UTF-8
        raise Malformed("malformed_event", "The event's id is none of Stripe's.") from failed
