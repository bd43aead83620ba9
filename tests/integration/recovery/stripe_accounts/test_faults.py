"""Stripe in bad times, while accounts are connected (connect_stripe_account)."""

import pytest

from recovery.stripe_account import oauth
from support.dynamodb import stored_events
from support.recovery.stripe_accounts import connect, disconnect, joined, state_of
from troupe.stripe.client import Misused


class TestStripeInBadTimes:
    def test_a_code_that_is_not_good(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": "ac_unknown", "state": state_of(workspace)}
        reply = connect({"workspace_id": workspace}, body=body)
        assert (reply.status, reply.body["code"]) == (422, "authorization_refused")
        assert reply.body["errors"][0]["field"] == "code"
        again = connect({"workspace_id": workspace}, body=body)
        assert (again.status, again.body["code"]) == (409, "authorization_used")
        assert stored_events("stripe_account.connected") == []

    @pytest.mark.parametrize("kind", ["down", "broken", "lost"])
    def test_who_does_not_know_whether_it_was_exchanged_does_not_do_it_again(self, tenant, stripe, kind):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        stripe.fails(kind, "/oauth/token")
        reply = connect({"workspace_id": workspace}, body=body)
        assert (reply.status, reply.body["code"]) == (503, "unavailable")
        assert len(stripe.calls("/oauth/token")) == 1
        stripe.recovers()
        assert connect({"workspace_id": workspace}, body=body).body["code"] == "authorization_used"
        assert len(stripe.calls("/oauth/token")) == 1
        assert joined(stripe, workspace).status == 201  # begun anew

    def test_what_was_throttled_may_be_asked_again(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        stripe.fails("rate_limited", "/oauth/token")
        assert connect({"workspace_id": workspace}, body=body).status == 503
        stripe.recovers()
        assert connect({"workspace_id": workspace}, body=body).status == 201

    def test_a_fault_of_ours_is_a_500(self, tenant, stripe, monkeypatch):
        workspace, second = tenant.workspace(), tenant.workspace()
        account = {"stripe_account_id": joined(stripe, workspace).body["id"]}
        body = {"code": stripe.code(), "state": state_of(second)}

        def misconfigured(work):
            import stripe as library

            failed = library.AuthenticationError("No such key.")
            raise Misused(failed) from failed

        monkeypatch.setattr(oauth, "call", misconfigured)
        assert connect({"workspace_id": second}, body=body).status == 500
        assert disconnect(account).status == 500
