"""POST /v1/commerce/webhooks/stripe

An event of the platform's own account, verified over the raw body, stored once, answered at once. The one
write is the inbox item. What it says is looked at when it is processed, and not believed even then.
"""

import json
import os
from collections.abc import Sequence
from typing import Any, cast

from pydantic import BaseModel

from commerce.webhooks import hints
from commerce.webhooks.hints import Hint
from troupe import inbox
from troupe.clock import now
from troupe.http import Event, Operation, receiver
from troupe.inbox import Webhook
from troupe.observability import outcome
from troupe.request import Malformed, body_of, header
from troupe.scope import Answer
from troupe.secrets import HELD_SECONDS, RENEWED_SECONDS, SecretUnavailable, secret
from troupe.webhooks import BadSignature, ForgedSignature, MalformedSignature, StaleSignature, verify

SOURCE = "stripe-platform"
SIGNATURE = "stripe-signature"
LARGEST_BODY = 256_000  # bytes; an event about an intent, a charge or a dispute has a few thousand
LIVE = ("sk_live", "rk_live")

CODES: dict[type[BadSignature], str] = {
    MalformedSignature: "malformed_signature",
    ForgedSignature: "forged_signature",
    StaleSignature: "stale_signature",
}


class Received(BaseModel, frozen=True):
    """What Stripe is told, whether the event is new or not."""

    received: bool


@receiver(Operation(anonymous=True, secret=True, reply=Received))
def handler(event: Event) -> Answer:
    body = body_of(event, LARGEST_BODY)
    _verify(body, header(event, SIGNATURE) or "")
    hint = _read(body)
    ignored = _ignored(hint)
    try:
        stored = inbox.store(_webhook(hint, body, ignored))
    except ValueError as failed:  # an id that no key takes, or no UTF-8
        raise Malformed("malformed_event", "The event's id is none of Stripe's.") from failed
    outcome("webhook_received", event_id=hint.event_id, type=hint.type, new=stored, ignored=ignored)
    return Answer(status=200, body={"received": True})


def _verify(body: bytes, signature: str) -> None:
    """With the secrets that are held; a signature of none of them may be of one that was just rotated in."""
    try:
        try:
            verify(body, signature, _secrets(HELD_SECONDS), now())
        except ForgedSignature:
            verify(body, signature, _secrets(RENEWED_SECONDS), now())
    except BadSignature as bad:
        raise Malformed(CODES[type(bad)], f"The signature: {bad}.") from bad


def _secrets(max_age_seconds: float) -> Sequence[str]:
    """One, or two while it is rotated. Without any nothing can be verified: Stripe has to come again."""
    found: Any = secret(os.environ["STRIPE_SECRET_ARN"], max_age_seconds).get("platform_webhook_secrets")
    secrets = [each for each in found or () if each and each.strip()]
    if not secrets:
        raise SecretUnavailable("no secret of the webhook")
    return secrets


def _read(body: bytes) -> Hint:
    try:
        parsed: Any = json.loads(body)
    except (ValueError, RecursionError) as failed:
        raise Malformed("malformed_json", "The body is not JSON.") from failed
    if not isinstance(parsed, dict):
        raise Malformed("malformed_event", "The body is not an object.")
    hint = hints.read(cast("dict[str, Any]", parsed))
    if not (hint.event_id and hint.type):
        raise Malformed("malformed_event", "An event has an id and a type.")
    return hint


def _ignored(hint: Hint) -> str | None:
    """Why it will not be processed, if it will not be."""
    if hint.account_id:
        return "connected_account"
    if not hint.interesting:
        return "uninteresting_type"
    key: str = secret(os.environ["STRIPE_SECRET_ARN"])["api_key"]
    return None if hint.livemode == key.startswith(LIVE) else "wrong_livemode"


def _webhook(hint: Hint, body: bytes, ignored: str | None) -> Webhook:
    return Webhook(
        source=SOURCE,
        event_id=hint.event_id,
        group=hint.group,
        body=body.decode(),
        received_at=now(),
        ignored=ignored,
    )
