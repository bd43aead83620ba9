"""What Stripe sends to a webhook: genuine and read, or refused. What it is about, a context knows."""

import json
import os
from collections.abc import Mapping, Sequence
from typing import Any, cast

from pydantic import BaseModel

from troupe.clock import now
from troupe.edge.request import Malformed, body_of, header
from troupe.security.secrets import HELD_SECONDS, RENEWED_SECONDS, SecretUnavailable, secret
from troupe.store.scope import Answer
from troupe.stripe.signatures import BadSignature, ForgedSignature, MalformedSignature, StaleSignature, verify

SIGNATURE = "stripe-signature"
REFUSALS = (
    "forged_signature",
    "malformed_body",
    "malformed_event",
    "malformed_json",
    "malformed_signature",
    "stale_signature",
)
"""The codes that a webhook answers with; Stripe shows them beside the delivery."""


class Received(BaseModel, frozen=True):
    """What Stripe is told, whether the event is new or not."""

    received: bool


RECEIVED = Answer(status=200, body={"received": True})


def genuine(event: Mapping[str, Any], secrets_named: str, largest_body: int) -> bytes:
    """The raw body, signed with one of the secrets that the Stripe secret has under a name.

    A signature of none of those that are held may be of one that was just rotated in: they are read again.
    """
    body, signature = body_of(event, largest_body), header(event, SIGNATURE) or ""
    try:
        try:
            verify(body, signature, _secrets(secrets_named, HELD_SECONDS), now())
        except ForgedSignature:
            verify(body, signature, _secrets(secrets_named, RENEWED_SECONDS), now())
    except BadSignature as bad:
        raise _refused(bad) from bad
    return body


def _refused(bad: BadSignature) -> Malformed:
    match bad:
        case MalformedSignature():
            return Malformed("malformed_signature", "The header Stripe-Signature cannot be read.")
        case StaleSignature():
            return Malformed("stale_signature", "The signature's time is more than five minutes from now.")
        case _:
            return Malformed("forged_signature", "The signature is not one of this endpoint's secrets.")


def _secrets(named: str, max_age_seconds: float) -> Sequence[str]:
    """One, or two while it is rotated. Without any nothing can be verified: Stripe has to come again."""
    found: Any = secret(os.environ["STRIPE_SECRET_ARN"], max_age_seconds).get(named)
    secrets = [each for each in found or () if each and each.strip()]
    if not secrets:
        raise SecretUnavailable("no secret of the webhook")
    return secrets


def parsed(body: bytes) -> dict[str, Any]:
    """The event, which is a JSON object."""
    try:
        read: Any = json.loads(body)
    except (ValueError, RecursionError) as failed:
        raise Malformed("malformed_json", "The body is not JSON.") from failed
    if not isinstance(read, dict):
        raise Malformed("malformed_event", "The body is not an object.")
    return cast("dict[str, Any]", read)
