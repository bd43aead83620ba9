"""POST /v1/commerce/webhooks/stripe

An event of the platform's own account, verified over the raw body, stored once, answered at once. The one
write is the inbox item. What it says is looked at when it is processed, and not believed even then.
"""

import os

from commerce.webhook import read
from commerce.webhook.read import StripeEvent
from troupe.clock import now
from troupe.edge.endpoint import Event, Operation, receiver
from troupe.edge.request import Malformed
from troupe.messaging import inbox
from troupe.messaging.inbox import Webhook
from troupe.observability import outcome
from troupe.security.secrets import secret
from troupe.store.scope import Answer
from troupe.stripe.webhook import RECEIVED, REFUSALS, Received, genuine, parsed

SOURCE = "stripe-platform"
SECRETS = "platform_webhook_secrets"
LARGEST_BODY = 256_000  # bytes; an event about an intent, a charge or a dispute has a few thousand
LIVE = ("sk_live", "rk_live")


@receiver(Operation(anonymous=True, secret=True, signed=True, reply=Received, refusals=REFUSALS))
def handler(event: Event) -> Answer:
    body = genuine(event, SECRETS, LARGEST_BODY)
    stripe_event = read.read(parsed(body))
    if not (stripe_event.event_id and stripe_event.type):
        raise Malformed("malformed_event", "An event has an id and a type.")
    ignored = _ignored(stripe_event)
    try:
        stored = inbox.store(_webhook(stripe_event, body, ignored))
    except ValueError as failed:  # an id that no key takes, or no UTF-8
        raise Malformed("malformed_event", "The event's id is none of Stripe's.") from failed
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
    if stripe_event.foreign:
        return "connected_account"
    if not stripe_event.interesting:
        return "uninteresting_type"
    key: str = secret(os.environ["STRIPE_SECRET_ARN"])["api_key"]
    return None if stripe_event.livemode == key.startswith(LIVE) else "wrong_livemode"


def _webhook(stripe_event: StripeEvent, body: bytes, ignored: str | None) -> Webhook:
    return Webhook(
        source=SOURCE,
        event_id=stripe_event.event_id,
        group=stripe_event.group,
        body=body.decode(),
        received_at=now(),
        ignored=ignored,
    )
