"""Stripe accounts are connected (connect_stripe_account) and disconnected (disconnect_stripe_account).

Against a Stripe that speaks OAuth over HTTP, in good and bad times.
"""

from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from local.stripe_world import connect as agreeing
from local.stripe_world.faults import Fault
from local.stripe_world.server import serve
from local.stripe_world.simulation import Simulation
from recovery import connections, oauth
from recovery.stripe_account import id_of
from rescue import Call, Rescue, ask, stripe_at
from spec import ANN, OTHER, TENANT
from town import ALL, Manners, happened, items, meanwhile, round_trips
from troupe import reads
from troupe.ids import new_id
from troupe.payments import Misused

BEN = "0192f0c1-0000-7000-8000-0000000000b2"
connect = Call("connect_stripe_account", "POST /workspaces/{workspace_id}/stripe-accounts")
disconnect = Call("disconnect_stripe_account", "DELETE /stripe-accounts/{stripe_account_id}")


@dataclass
class Stripe:
    """The Stripe that is called, with one account of somebody who may agree to be connected."""

    simulation: Simulation
    account: str

    def code(self, account=None):
        """What comes back when the owner of the account has agreed."""
        world = self.simulation.world
        return agreeing.authorize(world, _account(world, account or self.account))

    def fails(self, kind, path, calls=None):
        self.simulation.faults.on.clear()
        self.simulation.faults.add(Fault(kind=kind, path=path, calls=calls))

    def recovers(self):
        self.simulation.faults.on.clear()

    def calls(self, path):
        return [each.status for each in self.simulation.made if each.path == path]

    @property
    def connected(self):
        return _account(self.simulation.world, self.account).connected


def _account(world, account):
    from local.stripe_world.model import Account

    return world.get(Account, account)


@pytest.fixture
def stripe(rescue):
    simulation = Simulation()
    account = simulation.world.open_account(connected=False)
    with serve(simulation) as url, stripe_at(url):
        yield Stripe(simulation, account.id)


def state_of(workspace, **given):
    """The state as it travels to Stripe and back, out of the address that the tenant is sent to."""
    reply = ask("/workspaces/{workspace_id}/stripe-connect-url", {"workspace_id": workspace}, **given)
    assert reply.status == 200, reply.body
    return parse_qs(urlsplit(reply.body["url"]).query)["state"][0]


def joined(stripe, workspace, account=None, **given):
    body = {"code": stripe.code(account), "state": state_of(workspace, **given)}
    return connect({"workspace_id": workspace}, body=body, **given)


def guard(stripe):
    return reads.one(connections.guard(stripe.account))


def elsewhere():
    """Another tenant's workspace, and how it asks."""
    other = Rescue(OTHER)
    other.found()
    return other.workspace(), {"tenant_id": OTHER}


class TestConnect:
    def test_it_belongs_to_the_workspace_in_the_whole_system(self, rescue, stripe):
        workspace = rescue.workspace()
        reply = joined(stripe, workspace)
        account_id = id_of(workspace, stripe.account)
        assert (reply.status, reply.body) == (201, {"id": account_id, "version": 1})
        assert guard(stripe) == {
            **dict(zip(("PK", "SK"), connections.guard(stripe.account), strict=True)),
            "tenant_id": TENANT,
            "workspace_id": workspace,
            "stripe_account_id": account_id,
            "livemode": True,
        }
        state = rescue.load_account(account_id).state
        assert (state.stripe_account_id, state.livemode, state.scopes) == (
            stripe.account,
            True,
            ("read_write",),
        )
        assert stripe.connected

    def test_no_token_of_stripe_is_kept(self, rescue, stripe):
        joined(stripe, rescue.workspace())
        held = str(items())
        assert not any(word in held for word in ("sk_", "rt_", "pk_", "access_token", "ac_"))

    def test_round_trips(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        with round_trips() as made:
            assert connect({"workspace_id": workspace}, body=body).status == 201
        assert made == ["TransactWriteItems", "TransactWriteItems"]  # before Stripe is called, and after

    def test_the_same_request_again_is_told_of_it_and_exchanges_nothing(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        first = connect({"workspace_id": workspace}, body=body)
        before = items()
        again = connect({"workspace_id": workspace}, body=body)
        assert (again.status, again.body) == (200, first.body)
        assert again.headers["etag"] == first.headers["etag"]
        assert (items(), stripe.calls("/oauth/token")) == (before, [200])

    def test_the_same_code_twice_at_once_is_exchanged_once(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        with meanwhile(lambda: connect({"workspace_id": workspace}, body=body)):
            assert connect({"workspace_id": workspace}, body=body).status == 200
        assert stripe.calls("/oauth/token") == [200]

    def test_connecting_once_more_changes_nothing(self, rescue, stripe):
        workspace = rescue.workspace()
        first = joined(stripe, workspace)
        assert joined(stripe, workspace).body == first.body
        assert len(happened("stripe_account.connected", "stripe_account.reconnected")) == 1

    def test_one_workspace_may_have_several(self, rescue, stripe):
        workspace, second = rescue.workspace(), stripe.simulation.world.open_account(connected=False)
        assert joined(stripe, workspace).status == joined(stripe, workspace, second.id).status == 201
        path = {"workspace_id": workspace}
        assert len(ask("/workspaces/{workspace_id}/stripe-accounts", path).body["items"]) == 2


class TestWhoseItIs:
    def test_not_another_workspace_s_nor_another_tenant_s(self, rescue, stripe):
        mine, second = rescue.workspace(), rescue.workspace()
        joined(stripe, mine)
        theirs, them = elsewhere()
        held = guard(stripe)
        for workspace, who in ((second, {}), (theirs, them)):
            reply = joined(stripe, workspace, **who)
            assert (reply.status, reply.body["code"]) == (409, "stripe_account_taken")
        assert guard(stripe) == held
        assert stripe.connected

    def test_two_workspaces_at_once(self, rescue, stripe, monkeypatch):
        first, (second, them) = rescue.workspace(), elsewhere()
        exchange, won = oauth.exchange, []

        def slowly(code):
            monkeypatch.setattr(oauth, "exchange", exchange)
            given = exchange(code)
            won.append(joined(stripe, second, **them).status)
            return given

        state = state_of(first)
        monkeypatch.setattr(oauth, "exchange", slowly)
        reply = connect({"workspace_id": first}, body={"code": stripe.code(), "state": state})
        assert (won, reply.status, reply.body["code"]) == ([201], 409, "stripe_account_taken")
        assert guard(stripe)["tenant_id"] == OTHER

    def test_it_moves_once_it_is_free(self, rescue, stripe):
        mine, (theirs, them) = rescue.workspace(), elsewhere()
        disconnect({"stripe_account_id": joined(stripe, mine).body["id"]})
        assert joined(stripe, theirs, **them).status == 201
        assert (guard(stripe)["tenant_id"], guard(stripe).get("given_up")) == (OTHER, None)
        back = joined(stripe, mine)
        assert (back.status, back.body["code"]) == (409, "stripe_account_taken")

    def test_not_while_stripe_still_connects_it(self, rescue, stripe):
        mine, second = rescue.workspace(), rescue.workspace()
        account = {"stripe_account_id": joined(stripe, mine).body["id"]}
        stripe.fails("rate_limited", "/oauth/deauthorize")
        assert disconnect(account).status == 503
        stripe.recovers()
        assert joined(stripe, second).body["code"] == "stripe_account_taken"
        assert disconnect(account).status == 200
        assert joined(stripe, second).status == 201

    def test_a_former_owner_s_second_disconnect_ends_nothing_of_the_new_one_s(self, rescue, stripe):
        mine, second = rescue.workspace(), rescue.workspace()
        account = {"stripe_account_id": joined(stripe, mine).body["id"]}
        disconnect(account)
        joined(stripe, second)
        assert disconnect(account).status == 200
        assert stripe.connected
        assert guard(stripe)["workspace_id"] == second


class TestWhoMayConnect:
    def test_a_state_of_another_workspace_person_or_tenant_or_of_nobody(self, rescue, stripe):
        workspace, second = rescue.workspace(), rescue.workspace()
        theirs, them = elsewhere()
        states = [
            state_of(second),
            state_of(workspace, principal=BEN),
            state_of(theirs, **them),
            "forged.x",
            state_of(workspace)[:-1] + "~",
        ]
        before = items()
        for state in states:
            reply = connect({"workspace_id": workspace}, body={"code": stripe.code(), "state": state})
            assert (reply.status, reply.body["code"]) == (422, "state_refused")
        assert items() == before
        assert stripe.calls("/oauth/token") == []

    def test_a_state_is_good_for_an_hour(self, rescue, stripe, clock):
        workspace = rescue.workspace()
        state = state_of_at(clock, workspace)
        clock.forward(minutes=60)
        body = {"code": stripe.code(), "state": state}
        assert connect({"workspace_id": workspace}, body=body).body["code"] == "state_refused"
        clock.forward(seconds=-1)
        assert connect({"workspace_id": workspace}, body=body).status == 201

    def test_manners(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        path, before = {"workspace_id": workspace}, items()
        assert connect(path, body=body, principal=None).status == 401
        assert connect(path, body=body, permissions=ALL - {"stripe_account:connect"}).status == 403
        assert connect(path, body=body, standing="suspended").body["code"] == "tenant_suspended"
        assert connect(path, body=body, tenant_id=OTHER).status == 404
        assert connect({"workspace_id": new_id()}, body=body).status == 404
        assert connect(path, body={"code": ""}).status == 422
        assert connect(path, body='{"x":').status == 400
        assert (items(), stripe.calls("/oauth/token")) == (before, [])

    def test_not_in_a_workspace_at_rest(self, rescue, stripe):
        workspace = rescue.workspace()
        rescue.deactivate(workspace)
        reply = joined(stripe, workspace)
        assert (reply.status, reply.body["code"]) == (409, "workspace_inactive")
        assert stripe.calls("/oauth/token") == []


def state_of_at(clock, workspace):
    """As `state_of`, by the moved clock, which queries and commands share."""
    from recovery import authorizations
    from recovery.authorizations import url

    assert timedelta(hours=1) == authorizations.LASTS
    context = Rescue().scope(clock()).context
    return parse_qs(urlsplit(url(context, workspace)).query)["state"][0]


class TestStripeInBadTimes:
    def test_a_code_that_is_not_good(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": "ac_unknown", "state": state_of(workspace)}
        reply = connect({"workspace_id": workspace}, body=body)
        assert (reply.status, reply.body["code"]) == (422, "authorization_refused")
        assert reply.body["errors"][0]["field"] == "code"
        again = connect({"workspace_id": workspace}, body=body)
        assert (again.status, again.body["code"]) == (409, "authorization_used")
        assert happened("stripe_account.connected") == []

    @pytest.mark.parametrize("kind", ["down", "broken", "lost"])
    def test_who_does_not_know_whether_it_was_exchanged_does_not_do_it_again(self, rescue, stripe, kind):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        stripe.fails(kind, "/oauth/token")
        reply = connect({"workspace_id": workspace}, body=body)
        assert (reply.status, reply.body["code"]) == (503, "unavailable")
        assert len(stripe.calls("/oauth/token")) == 1
        stripe.recovers()
        assert connect({"workspace_id": workspace}, body=body).body["code"] == "authorization_used"
        assert len(stripe.calls("/oauth/token")) == 1
        assert joined(stripe, workspace).status == 201  # begun anew

    def test_what_was_throttled_may_be_asked_again(self, rescue, stripe):
        workspace = rescue.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        stripe.fails("rate_limited", "/oauth/token")
        assert connect({"workspace_id": workspace}, body=body).status == 503
        stripe.recovers()
        assert connect({"workspace_id": workspace}, body=body).status == 201

    def test_a_fault_of_ours_is_a_500(self, rescue, stripe, monkeypatch):
        workspace, second = rescue.workspace(), rescue.workspace()
        account = {"stripe_account_id": joined(stripe, workspace).body["id"]}
        body = {"code": stripe.code(), "state": state_of(second)}

        def misconfigured(work):
            import stripe as library

            failed = library.AuthenticationError("No such key.")
            raise Misused(failed) from failed

        monkeypatch.setattr(oauth, "call", misconfigured)
        assert connect({"workspace_id": second}, body=body).status == 500
        assert disconnect(account).status == 500


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
        agreeing.deauthorize(stripe.simulation.world, _account(stripe.simulation.world, stripe.account))
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


def test_where_the_owner_of_the_account_is_sent(rescue, stripe):
    workspace = rescue.workspace()
    route, path = "/workspaces/{workspace_id}/stripe-connect-url", {"workspace_id": workspace}
    with round_trips() as made:
        url = ask(route, path).body["url"]
    asked = parse_qs(urlsplit(url).query)
    assert urlsplit(url).path == "/oauth/authorize"
    assert (asked["client_id"], asked["scope"], asked["response_type"]) == (
        ["ca_world"],
        ["read_write"],
        ["code"],
    )
    assert ANN not in url
    assert made == ["BatchGetItem"]
    assert ask(route, path, tenant_id=OTHER).status == 404
    assert ask(route, path, permissions=ALL - {"stripe_account:connect"}).status == 403
