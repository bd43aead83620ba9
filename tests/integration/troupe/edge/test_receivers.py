"""Who receives a webhook gets the event as it came, and answers as every other entry point does."""

import pytest

from support.spec import LAMBDA, request, send
from troupe.edge.endpoint import LARGEST_BODY, Event, Operation, receiver
from troupe.edge.request import Malformed, body_of
from troupe.store.scope import Answer


@receiver(Operation(anonymous=True, secret=True))
def receive(event: Event) -> Answer:
    """Takes what is signed."""
    if body_of(event, LARGEST_BODY) != b"signed":
        raise Malformed("forged_signature", "The signature is wrong.")
    return Answer(status=200, body={"received": True})


def test_the_raw_body_reaches_it():
    reply = send(receive, request("signed", principal=None))
    assert (reply.status, reply.body) == (200, {"received": True})


def test_a_refusal_is_a_problem():
    reply = send(receive, request("forged", principal=None))
    assert (reply.status, reply.body["code"]) == (400, "forged_signature")
    assert receive(request("forged", principal=None), LAMBDA)["headers"]["content-type"].endswith(
        "problem+json"
    )


def test_it_says_what_it_is():
    assert receive.operation.anonymous
    assert receive.__doc__ == "Takes what is signed."


def test_an_operation_with_a_permission_is_no_webhook():
    with pytest.raises(ValueError, match="sign in"):
        receiver(Operation(permission="user:read"))
