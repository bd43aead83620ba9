"""Stripe accounts are disconnected (disconnect_stripe_account), by their workspace or at Stripe."""

from datetime import timedelta

import pytest

from stripe_simulator import connect as agreeing
from support.command_contract import ALL, CommandContract
from support.dynamodb import round_trips, stored_events, stored_items
from support.recovery.stripe_accounts import account_of, disconnect, guard, joined
from support.spec import OTHER
from troupe.ids import new_id


class TestDisconnect:
    def test_manners(self, tenant, stripe):
        path = {"stripe_account_id": joined(stripe, tenant.workspace()).body["id"]}
        before = stored_items()
        manners = CommandContract(disconnect, path, "stripe_account:disconnect")
        for how, status, code in (
            ({"principal": None}, 401, "no_principal"),
            ({"tenant_id": OTHER}, 404, "not_found"),
            ({"permissions": ALL - {"stripe_account:disconnect"}}, 403, "permission_required"),
            ({"standing": "suspended"}, 403, "tenant_suspended"),
            ({"body": {"x": 1}}, 422, "invalid_request"),
        ):
            manners._answers(how, status, code)
        assert disconnect({"stripe_account_id": new_id()}).status == 404
        assert stored_items() == before
        assert stripe.connected

    def test_first_written_then_told_to_stripe_then_free(self, tenant, stripe):
        account_id = joined(stripe, tenant.workspace()).body["id"]
        with round_trips() as made:
            reply = disconnect({"stripe_account_id": account_id}, headers={"if-match": '"1"'})
        assert (reply.status, reply.body) == (200, {"id": account_id, "version": 3})
        assert made == ["BatchGetItem", "TransactWriteItems", "TransactWriteItems"]  # Stripe before the last
        assert not stripe.connected
        assert guard(stripe)["given_up"] is True
        state = tenant.load_account(account_id).state
        assert (state.status, state.disconnected_reason) == ("disconnected", "requested")

    def test_twice_is_once(self, tenant, stripe):
        path = {"stripe_account_id": joined(stripe, tenant.workspace()).body["id"]}
        first = disconnect(path)
        before = stored_items()
        assert disconnect(path).body == first.body
        assert (stored_items(), stripe.calls("/oauth/deauthorize")) == (before, [200])

    @pytest.mark.parametrize("kind", ["rate_limited", "broken", "lost"])
    def test_half_is_finished_by_the_second(self, tenant, stripe, kind, monkeypatch):
        monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_, **__: 0)
        account_id = joined(stripe, tenant.workspace()).body["id"]
        stripe.fails(kind, "/oauth/deauthorize")
        assert disconnect({"stripe_account_id": account_id}).status in {200, 503}
        assert tenant.load_account(account_id).state.status == "disconnected"
        stripe.recovers()
        assert disconnect({"stripe_account_id": account_id}).status == 200
        assert not stripe.connected
        assert guard(stripe)["given_up"] is True
        assert len(stored_events("stripe_account.disconnected")) == 1
        assert len(stored_events("stripe_account.released")) == 1

    def test_a_connection_that_stripe_has_not_is_ended(self, tenant, stripe):
        account_id = joined(stripe, tenant.workspace()).body["id"]
        agreeing.deauthorize(stripe.simulation.world, account_of(stripe.simulation.world, stripe.account))
        assert disconnect({"stripe_account_id": account_id}).status == 200
        assert guard(stripe)["given_up"] is True

    def test_connecting_again_resumes_the_same_account(self, tenant, stripe):
        workspace = tenant.workspace()
        account_id = joined(stripe, workspace).body["id"]
        began = tenant.load_account(account_id).state.connected_at
        disconnect({"stripe_account_id": account_id})
        with round_trips() as made:
            assert joined(stripe, workspace).body == {"id": account_id, "version": 4}
        assert made.count("TransactWriteItems") == 3  # the second finds that it is there already
        state = tenant.load_account(account_id).state
        assert (state.status, state.disconnected_at) == ("connected", None)
        assert state.connected_at > began
        assert "given_up" not in guard(stripe)
        assert [
            each.type for each in stored_events("stripe_account.connected", "stripe_account.reconnected")
        ] == [
            "stripe_account.connected",
            "stripe_account.reconnected",
        ]


class TestWhatStripeTells:
    def test_s39_a_deauthorized_account_is_disconnected_and_free(self, tenant, stripe):
        """S-39: in one step; the connection of before is not ended by news that come late."""
        workspace = tenant.workspace()
        account_id = joined(stripe, workspace).body["id"]
        at = tenant.load_account(account_id).state.connected_at + timedelta(hours=1)
        for _ in range(2):
            tenant.deauthorize(account_id, at)
        state = tenant.load_account(account_id).state
        assert (state.disconnected_at, state.disconnected_reason) == (at, "deauthorized")
        assert guard(stripe)["given_up"] is True
        assert len(stored_events("stripe_account.disconnected")) == 1

    def test_late_news_do_not_end_the_next_connection(self, tenant, stripe):
        workspace = tenant.workspace()
        account_id = joined(stripe, workspace).body["id"]
        before = tenant.load_account(account_id).state.connected_at - timedelta(seconds=5)
        tenant.deauthorize(account_id, before)
        assert tenant.load_account(account_id).state.status == "connected"
        assert "given_up" not in guard(stripe)
