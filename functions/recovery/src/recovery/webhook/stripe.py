"""POST /v1/recovery/webhooks/stripe

An event of a connected account, verified over the raw body, stored once, answered at once. The one
write is the inbox item. What it says is looked at when it is processed, and not believed even then.
"""

from recovery.stripe import event as stripe_event
from recovery.stripe.event import Hint
from recovery.webhook.body import LARGEST_BODY, TooLarge, packed
from troupe.clock import now
from troupe.edge.endpoint import Event, Operation, receiver
from troupe.edge.request import Malformed
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.observability import outcome
from troupe.store.scope import Answer
from troupe.stripe.webhook import RECEIVED, Received, genuine, parsed

SOURCE = "stripe-connect"
SECRETS = "connect_webhook_secrets"


@receiver(Operation(anonymous=True, secret=True, reply=Received))
def handler(event: Event) -> Answer:
    body = genuine(event, SECRETS, LARGEST_BODY)
    hint = stripe_event.read(parsed(body))
    if not (hint.event_id and hint.type):
        raise Malformed("malformed_event", "An event has an id and a type.")
    ignored = _ignored(hint)
    stored = _store(body, hint, ignored)
    outcome("webhook_received", event_id=hint.event_id, type=hint.type, new=stored, ignored=ignored)
    return RECEIVED


def _ignored(hint: Hint) -> str | None:
    """Why it will not be processed, if it will not be."""
    if not hint.account_id:
        return "platform_event"  # of our own account: never anything of a connected one (S-33)
    return None if hint.subject else "uninteresting_type"


def _store(body: bytes, hint: Hint, ignored: str | None) -> bool:
    try:
        text, headers = packed(body)
        webhook = Webhook(
            source=SOURCE,
            event_id=hint.event_id,
            group=hint.group,
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
