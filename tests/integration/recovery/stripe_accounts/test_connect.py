"""Stripe accounts are connected (connect_stripe_account), each to one workspace in the whole system."""

from recovery.stripe_account import oauth, transactions
from recovery.stripe_account.decider import id_of
from support.dynamodb import before_next_write, round_trips, stored_events, stored_items
from support.recovery.stripe_accounts import connect, disconnect, elsewhere, guard, joined, state_of
from support.recovery.tenant import ask
from support.spec import OTHER, TENANT


class TestConnect:
    def test_it_belongs_to_the_workspace_in_the_whole_system(self, tenant, stripe):
        workspace = tenant.workspace()
        reply = joined(stripe, workspace)
        account_id = id_of(workspace, stripe.account)
        assert (reply.status, reply.body) == (201, {"id": account_id, "version": 1})
        assert guard(stripe) == {
            **dict(zip(("PK", "SK"), transactions.guard(stripe.account), strict=True)),
            "tenant_id": TENANT,
            "workspace_id": workspace,
            "stripe_account_id": account_id,
            "livemode": True,
        }
        state = tenant.load_account(account_id).state
        assert (state.stripe_account_id, state.livemode, state.scopes) == (
            stripe.account,
            True,
            ("read_write",),
        )
        assert stripe.connected

    def test_no_token_of_stripe_is_kept(self, tenant, stripe):
        joined(stripe, tenant.workspace())
        held = str(stored_items())
        assert not any(word in held for word in ("sk_", "rt_", "pk_", "access_token", "ac_"))

    def test_round_trips(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        with round_trips() as made:
            assert connect({"workspace_id": workspace}, body=body).status == 201
        assert made == ["TransactWriteItems", "TransactWriteItems"]  # before Stripe is called, and after

    def test_the_same_request_again_is_told_of_it_and_exchanges_nothing(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        first = connect({"workspace_id": workspace}, body=body)
        before = stored_items()
        again = connect({"workspace_id": workspace}, body=body)
        assert (again.status, again.body) == (200, first.body)
        assert again.headers["etag"] == first.headers["etag"]
        assert (stored_items(), stripe.calls("/oauth/token")) == (before, [200])

    def test_the_same_code_twice_at_once_is_exchanged_once(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        with before_next_write(lambda: connect({"workspace_id": workspace}, body=body)):
            assert connect({"workspace_id": workspace}, body=body).status == 200
        assert stripe.calls("/oauth/token") == [200]

    def test_connecting_once_more_changes_nothing(self, tenant, stripe):
        workspace = tenant.workspace()
        first = joined(stripe, workspace)
        assert joined(stripe, workspace).body == first.body
        assert len(stored_events("stripe_account.connected", "stripe_account.reconnected")) == 1

    def test_one_workspace_may_have_several(self, tenant, stripe):
        workspace, second = tenant.workspace(), stripe.simulation.world.open_account(connected=False)
        assert joined(stripe, workspace).status == joined(stripe, workspace, second.id).status == 201
        path = {"workspace_id": workspace}
        assert len(ask("/workspaces/{workspace_id}/stripe-accounts", path).body["items"]) == 2


class TestWhoseItIs:
    def test_not_another_workspace_s_nor_another_tenant_s(self, tenant, stripe):
        mine, second = tenant.workspace(), tenant.workspace()
        joined(stripe, mine)
        theirs, them = elsewhere()
        held = guard(stripe)
        for workspace, who in ((second, {}), (theirs, them)):
            reply = joined(stripe, workspace, **who)
            assert (reply.status, reply.body["code"]) == (409, "stripe_account_taken")
        assert guard(stripe) == held
        assert stripe.connected

    def test_two_workspaces_at_once(self, tenant, stripe, monkeypatch):
        first, (second, them) = tenant.workspace(), elsewhere()
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

    def test_it_moves_once_it_is_free(self, tenant, stripe):
        mine, (theirs, them) = tenant.workspace(), elsewhere()
        disconnect({"stripe_account_id": joined(stripe, mine).body["id"]})
        assert joined(stripe, theirs, **them).status == 201
        assert (guard(stripe)["tenant_id"], guard(stripe).get("given_up")) == (OTHER, None)
        back = joined(stripe, mine)
        assert (back.status, back.body["code"]) == (409, "stripe_account_taken")

    def test_not_while_stripe_still_connects_it(self, tenant, stripe):
        mine, second = tenant.workspace(), tenant.workspace()
        account = {"stripe_account_id": joined(stripe, mine).body["id"]}
        stripe.fails("rate_limited", "/oauth/deauthorize")
        assert disconnect(account).status == 503
        stripe.recovers()
        assert joined(stripe, second).body["code"] == "stripe_account_taken"
        assert disconnect(account).status == 200
        assert joined(stripe, second).status == 201

    def test_a_former_owner_s_second_disconnect_ends_nothing_of_the_new_one_s(self, tenant, stripe):
        mine, second = tenant.workspace(), tenant.workspace()
        account = {"stripe_account_id": joined(stripe, mine).body["id"]}
        disconnect(account)
        joined(stripe, second)
        assert disconnect(account).status == 200
        assert stripe.connected
        assert guard(stripe)["workspace_id"] == second
