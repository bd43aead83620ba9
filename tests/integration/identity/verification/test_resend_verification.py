"""What it has in common with RequestPasswordReset is in test_request_password_reset.py."""

import pytest

from support.identity.sign_in import member
from support.identity.tenant import Call, happened, items, round_trips

resend = Call("resend_verification", "POST /users/resend-verification")


@pytest.mark.parametrize("status, noted", [("pending", 1), ("active", 0), ("suspended", 0), ("deleted", 0)])
@pytest.mark.parametrize("password", ["correct horse battery", None])
def test_whom_a_mail_would_help(town, clock, status, noted, password):
    """Whoever has yet to confirm the address, or to accept an invitation."""
    who = member(town, status, password=password)
    with round_trips() as made:
        assert resend(body={"email": who.email}, principal=None).status == 200
    assert made == ["BatchGetItem", "BatchGetItem", "TransactWriteItems"]
    assert len(happened("user.verification_requested")) == noted


def test_impatience_is_answered_alike(town, clock):
    who = member(town, "pending")
    first = resend(body={"email": who.email}, principal=None)
    before = items()
    second = resend(body={"email": who.email}, principal=None)
    assert (first.status, first.body) == (second.status, second.body)
    assert items() == before


def test_bad_bodies(table):
    assert resend(body={"email": "ann@example.com", "tenant_id": "x"}, principal=None).status == 422
