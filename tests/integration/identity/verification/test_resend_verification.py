"""What it has in common with RequestPasswordReset is in test_request_password_reset.py."""

import pytest

from support.dynamodb import round_trips, stored_events, stored_items
from support.identity.sign_in import member
from support.identity.tenant import Call

resend = Call("resend_verification", "POST /users/resend-verification")


@pytest.mark.parametrize("status, noted", [("pending", 1), ("active", 0), ("suspended", 0), ("deleted", 0)])
@pytest.mark.parametrize("kind", ["consumer", "staff"])
def test_whom_a_mail_would_help(tenant, clock, status, noted, kind):
    """A user who has yet to confirm the address, or to accept an invitation."""
    who = member(tenant, status, kind=kind)
    with round_trips() as made:
        assert resend(body={"email": who.email}, principal=None).status == 200
    assert made == ["UpdateItem", "BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert len(stored_events("user.verification_requested")) == noted


def test_impatience_is_answered_alike(tenant, clock):
    who = member(tenant, "pending")
    first = resend(body={"email": who.email}, principal=None)
    before = stored_items()
    second = resend(body={"email": who.email}, principal=None)
    assert (first.status, first.body) == (second.status, second.body)
    assert stored_items() == before


def test_bad_bodies(table):
    assert resend(body={"email": "ann@example.com", "tenant_id": "x"}, principal=None).status == 422
