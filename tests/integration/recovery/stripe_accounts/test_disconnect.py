"""Stripe accounts are disconnected (disconnect_stripe_account), by their workspace or at Stripe."""

from datetime import timedelta

import pytest

from stripe_simulator import connect as agreeing
from support.identity.tenant import ALL, Manners, happened, items, round_trips
from support.recovery.stripe_accounts import account_of, disconnect, guard, joined
from support.spec import OTHER
from troupe.ids import new_id


class TestDisconnect:
    def test_manners(self, rescue, stripe):
        path = {"stripe_account_id": joined(stripe, rescue.workspace()).body["id"]}
        before = items()
        manners = Manners(disconnect, path, "stripe_account:disconnect")
        for how, status, code in (
            ({"principal": None}, 401, "no_principal"),
            ({"tenant_id": OTHER}, 404, "not_found"),
            ({"permissions": ALL - {"stripe_account:disconnect"}}, 403, "permission_required"),
            ({"standing": "suspended"}, 403, "tenant_suspended"),
            ({"body": {"x": 1}}, 422, "invalid_request"),
        ):
            manners._answers(how, status, code)
        assert disconnect({"stripe_account_id": new_id()}).status == 404
        assert items() == before
        assert stripe.connected

    def test_first_written_then_told_to_stripe_then_free(self, rescue, stripe):
        account_id = joined(stripe, rescue.workspace()).body["id"]
        with round_trips() as made:
            reply = disconnect({"stripe_account_id": account_id}, headers={"if-match": '"1"'})
        assert (reply.status, reply.body) == (200, {"id": account_id, "version": 3})
        assert made == ["BatchGetItem", "TransactWriteItems", "TransactWriteItems"]  # Stripe before the last
        assert not stripe.connected
        assert guard(stripe)["given_up"] is True
        state = rescue.load_account(account_id).state
        assert (state.status, state.disconnected_reason) == ("disconnected", "requested")

    def test_twice_is_once(self, rescue, stripe):
        path = {"stripe_account_id": joined(stripe, rescue.workspace()).body["id"]}
        first = disconnect(path)
        before = items()
        assert disconnect(path).body == first.body
        assert (items(), stripe.calls("/oauth/deauthorize")) == (before, [200])

    @pytest.mark.parametrize("kind", ["rate_limited", "broken", "lost"])
    def test_half_is_finished_by_the_second(self, rescue, stripe, kind, monkeypatch):
        monkeypatch.setattr("stripe._http_client.HTTPClient._sleep_time_seconds", lambda *_, **__: 0)
        account_id = joined(stripe, rescue.workspace()).body["id"]
        stripe.fails(kind, "/oauth/deauthorize")
        assert disconnect({"stripe_account_id": account_id}).status in {200, 503}
        assert rescue.load_account(account_id).state.status == "disconnected"
        stripe.recovers()
        assert disconnect({"stripe_account_id": account_id}).status == 200
        assert not stripe.connected
        assert guard(stripe)["given_up"] is True
        assert len(happened("stripe_account.disconnected")) == 1
        assert len(happened("stripe_account.released")) == 1

    def test_a_connection_that_stripe_has_not_is_ended(self, rescue, stripe):
        account_id = joined(stripe, rescue.workspace()).body["id"]
        agreeing.deauthorize(stripe.simulation.world, account_of(stripe.simulation.world, stripe.account))
        assert disconnect({"stripe_account_id": account_id}).status == 200
        assert guard(stripe)["given_up"] is True

    def test_connecting_again_resumes_the_same_account(self, rescue, stripe):
        workspace = rescue.workspace()
        account_id = joined(stripe, workspace).body["id"]
        began = rescue.load_account(account_id).state.connected_at
        disconnect({"stripe_account_id": account_id})
        with round_trips() as made:
            assert joined(stripe, workspace).body == {"id": account_id, "version": 4}
        assert made.count("TransactWriteItems") == 3  # the second finds that it is there already
        state = rescue.load_account(account_id).state
        assert (state.status, state.disconnected_at) == ("connected", None)
        assert state.connected_at > began
        assert "given_up" not in guard(stripe)
        assert [each.type for each in happened("stripe_account.connected", "stripe_account.reconnected")] == [
            "stripe_account.connected",
            "stripe_account.reconnected",
        ]


class TestWhatStripeTells:
    def test_s39_a_deauthorized_account_is_disconnected_and_free(self, rescue, stripe):
        """S-39: in one step; the connection of before is not ended by news that come late."""
        workspace = rescue.workspace()
        account_id = joined(stripe, workspace).body["id"]
        at = rescue.load_account(account_id).state.connected_at + timedelta(hours=1)
        for _ in range(2):
            rescue.deauthorize(account_id, at)
        state = rescue.load_account(account_id).state
        assert (state.disconnected_at, state.disconnected_reason) == (at, "deauthorized")
        assert guard(stripe)["given_up"] is True
        assert len(happened("stripe_account.disconnected")) == 1

    def test_late_news_do_not_end_the_next_connection(self, rescue, stripe):
        workspace = rescue.workspace()
        account_id = joined(stripe, workspace).body["id"]
        before = rescue.load_account(account_id).state.connected_at - timedelta(seconds=5)
        rescue.deauthorize(account_id, before)
        assert rescue.load_account(account_id).state.status == "connected"
        assert "given_up" not in guard(stripe)
