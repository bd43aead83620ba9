"""Subscriptions at risk, flagged and resolved by hand."""

import pytest

from recovery.risk.decider import SUBSCRIPTION_AT_RISK, id_of
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.recovery.open_attempts import open_case
from support.recovery.tenant import Call
from support.spec import OTHER, TENANT
from troupe.ids import new_id
from troupe.store.transact import load

CARD = {
    "stripe_customer_id": "cus_1",
    "stripe_subscription_id": "sub_1",
    "reason": "card_expiring",
    "expiration_date": "2026-04-30",
}
flag = Call("flag_subscription_at_risk", "POST /workspaces/{workspace_id}/subscriptions-at-risk", CARD)
resolve = Call(
    "resolve_subscription_at_risk", "POST /subscriptions-at-risk/{subscription_at_risk_id}/resolve", {}
)


@pytest.fixture
def workspace(tenant):
    return tenant.workspace()


def path(workspace):
    return {"workspace_id": workspace}


def state(risk_id):
    return load(TENANT, SUBSCRIPTION_AT_RISK, risk_id).state


class TestFlagging:
    def test_manners(self, workspace):
        reply = CommandContract(flag, path(workspace), "subscription_at_risk:flag", stale=False).check()
        risk_id = id_of(workspace, "sub_1", "card_expiring")
        assert (reply.status, reply.body) == (201, {"id": risk_id, "version": 1})
        assert reply.headers["location"] == f"/v1/recovery/subscriptions-at-risk/{risk_id}"
        assert state(risk_id).expiration_date.isoformat() == "2026-04-30"

    def test_once_for_each_reason(self, workspace):
        first = flag(path(workspace)).body
        assert flag(path(workspace)).body == first
        other = {**CARD, "reason": "payment_failed", "expiration_date": None}
        assert flag(path(workspace), body=other).body["id"] != first["id"]

    @pytest.mark.parametrize(
        "wrong, code",
        [
            ({"expiration_date": None}, "wrong_expiration_date"),
            ({"reason": "payment_failed"}, "wrong_expiration_date"),
            ({"reason": "bored"}, "invalid_request"),
            ({"stripe_customer_id": "in_1"}, "invalid_request"),
            ({"stripe_subscription_id": "sub#1"}, "invalid_request"),
        ],
    )
    def test_bad_fields(self, workspace, wrong, code):
        reply = flag(path(workspace), body={**CARD, **wrong})
        assert (reply.status, reply.body["code"]) == (422, code)

    def test_only_in_a_workspace_of_the_tenant(self, workspace):
        assert flag(path(new_id())).status == 404
        assert flag(path(workspace), tenant_id=OTHER).status == 404


class TestResolving:
    def test_manners(self, workspace):
        risk_id = flag(path(workspace)).body["id"]
        given = {"subscription_at_risk_id": risk_id}
        CommandContract(resolve, given, "subscription_at_risk:resolve").check()
        assert (state(risk_id).open, state(risk_id).resolution) == (False, "requested")

    def test_s_54_and_flagged_again_when_it_comes_again(self, workspace):
        risk_id = flag(path(workspace)).body["id"]
        resolve({"subscription_at_risk_id": risk_id}, body={"reason": "auto_updated"})
        assert resolve({"subscription_at_risk_id": risk_id}).body["version"] == 2
        assert flag(path(workspace)).body == {"id": risk_id, "version": 3}

    def test_what_was_never_flagged(self, workspace):
        assert resolve({"subscription_at_risk_id": new_id()}).status == 404

    def test_s_56_a_card_that_expires_is_linked_to_the_case_of_its_renewal(self, tenant, workspace):
        risk_id = flag(path(workspace)).body["id"]
        attempt = open_case(tenant, workspace)
        assert state(risk_id).active_recovery_attempt_id == attempt
        assert [each.data["reason"] for each in stored_events("subscription_at_risk.flagged")] == [
            "card_expiring",
            "payment_failed",
        ]
