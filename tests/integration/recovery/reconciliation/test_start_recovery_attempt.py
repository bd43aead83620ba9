"""An attempt that a user starts by hand: of a failed renewal at the simulated Stripe, over HTTP."""

import pytest

from support.command_contract import ALL
from support.dynamodb import stored_events, stored_items
from support.recovery.open_attempts import stored
from support.recovery.tenant import Call
from support.recovery.webhook_delivery import WebhookDelivery
from support.recovery.webhook_delivery import connected_delivery as opened
from support.spec import OTHER
from troupe.ids import new_id

start = Call("start_recovery_attempt", "POST /workspaces/{workspace_id}/recovery-attempts")
ABANDON = Call("abandon_recovery_attempt", "POST /recovery-attempts/{recovery_attempt_id}/abandon", {})


@pytest.fixture
def delivery(tenant, tmp_path) -> WebhookDelivery:
    with opened(tenant, tmp_path) as place:
        yield place.open()


def begin(delivery, invoice, **given):
    path = given.pop("path", {"workspace_id": delivery.workspace})
    body = {
        "stripe_account_id": delivery.stripe.account.id,
        "stripe_invoice_id": getattr(invoice, "id", invoice),
    }
    return start(path, **{"body": body, **given})


def test_of_a_renewal_that_no_event_told_of(delivery):
    sequence = delivery.tenant.sequence(delivery.workspace)
    reply = begin(delivery, delivery.stripe.failed_renewal())
    assert reply.status == 201
    attempt = reply.body["id"]
    assert reply.headers["location"] == f"/v1/recovery/recovery-attempts/{attempt}"
    assert reply.body["version"] == stored(attempt).version
    state = stored(attempt).state
    assert (state.status, state.sequence.id, len(state.charges)) == ("pending", sequence, 1)
    assert state.retry
    assert stored_events("recovery_attempt.started")[-1].actor == "0192f0c1-0000-7000-8000-0000000000a1"


def test_an_invoice_is_one_case(delivery):
    invoice = delivery.stripe.failed_renewal()
    attempt = begin(delivery, invoice).body["id"]
    before = stored_items()
    again = begin(delivery, invoice)
    assert (again.status, again.body["code"]) == (409, "recovery_attempt_active")
    assert stored_items() == before
    ABANDON({"recovery_attempt_id": attempt})
    assert begin(delivery, invoice).body["code"] == "invoice_had_attempt"


def test_s_24_s_25_what_is_no_case_is_refused_with_the_reason(delivery):
    reply = begin(delivery, delivery.stripe.billed("insufficient_funds"))
    assert (reply.status, reply.body["code"]) == (409, "not_a_renewal")
    reply = begin(delivery, "in_unknown")
    assert (reply.status, reply.body["code"]) == (422, "unknown_invoice")
    assert stored_events("recovery_attempt.started") == []


def test_only_in_a_workspace_that_works_with_an_account_that_is_connected(delivery):
    invoice = delivery.stripe.failed_renewal()
    delivery.tenant.deauthorize(delivery.account, delivery.stripe.now)
    assert begin(delivery, invoice).body["code"] == "stripe_account_disconnected"
    other = delivery.tenant.workspace()
    assert (
        begin(delivery, invoice, path={"workspace_id": other}).body["code"] == "stripe_account_disconnected"
    )
    delivery.tenant.deactivate(delivery.workspace)
    assert begin(delivery, invoice).body["code"] == "workspace_inactive"


@pytest.mark.parametrize(
    "how, status",
    [
        ({"principal": None}, 401),
        ({"permissions": ALL - {"recovery_attempt:start"}}, 403),
        ({"standing": "suspended"}, 403),
        ({"tenant_id": OTHER}, 404),
        ({"path": {"workspace_id": new_id()}}, 404),
        ({"body": {}}, 422),
        ({"body": {"stripe_account_id": "acct_1", "stripe_invoice_id": "in#1"}}, 422),
    ],
)
def test_manners(delivery, how, status):
    invoice = delivery.stripe.failed_renewal()
    before = stored_items()
    assert begin(delivery, invoice, **how).status == status
    assert stored_items() == before
