"""Who may connect a Stripe account (connect_stripe_account), and where its owner is sent to agree."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from support.command_contract import ALL
from support.dynamodb import round_trips, stored_items
from support.recovery.stripe_accounts import connect, elsewhere, joined, state_of
from support.recovery.tenant import RecoveryTenant, ask
from support.spec import ANN, OTHER
from troupe.ids import new_id

BEN = "0192f0c1-0000-7000-8000-0000000000b2"


def state_of_at(clock, workspace):
    """As `state_of`, by the moved clock, which queries and commands share."""
    from recovery.stripe_account import authorization
    from recovery.stripe_account.authorization import url

    assert timedelta(hours=1) == authorization.LASTS
    context = RecoveryTenant().scope(clock()).context
    return parse_qs(urlsplit(url(context, workspace)).query)["state"][0]


class TestWhoMayConnect:
    def test_a_state_of_another_workspace_person_or_tenant_or_unsigned(self, tenant, stripe):
        workspace, second = tenant.workspace(), tenant.workspace()
        theirs, them = elsewhere()
        states = [
            state_of(second),
            state_of(workspace, principal=BEN),
            state_of(theirs, **them),
            "forged.x",
            state_of(workspace)[:-1] + "~",
        ]
        before = stored_items()
        for state in states:
            reply = connect({"workspace_id": workspace}, body={"code": stripe.code(), "state": state})
            assert (reply.status, reply.body["code"]) == (422, "state_refused")
        assert stored_items() == before
        assert stripe.calls("/oauth/token") == []

    def test_a_state_is_good_for_an_hour(self, tenant, stripe, clock):
        workspace = tenant.workspace()
        state = state_of_at(clock, workspace)
        clock.forward(minutes=60)
        body = {"code": stripe.code(), "state": state}
        assert connect({"workspace_id": workspace}, body=body).body["code"] == "state_refused"
        clock.forward(seconds=-1)
        assert connect({"workspace_id": workspace}, body=body).status == 201

    def test_manners(self, tenant, stripe):
        workspace = tenant.workspace()
        body = {"code": stripe.code(), "state": state_of(workspace)}
        path, before = {"workspace_id": workspace}, stored_items()
        assert connect(path, body=body, principal=None).status == 401
        assert connect(path, body=body, permissions=ALL - {"stripe_account:connect"}).status == 403
        assert connect(path, body=body, standing="suspended").body["code"] == "tenant_suspended"
        assert connect(path, body=body, tenant_id=OTHER).status == 404
        assert connect({"workspace_id": new_id()}, body=body).status == 404
        assert connect(path, body={"code": ""}).status == 422
        assert connect(path, body='{"x":').status == 400
        assert (stored_items(), stripe.calls("/oauth/token")) == (before, [])

    def test_not_in_a_workspace_at_rest(self, tenant, stripe):
        workspace = tenant.workspace()
        tenant.deactivate(workspace)
        reply = joined(stripe, workspace)
        assert (reply.status, reply.body["code"]) == (409, "workspace_inactive")
        assert stripe.calls("/oauth/token") == []


def test_where_the_owner_of_the_account_is_sent(tenant, stripe):
    workspace = tenant.workspace()
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
