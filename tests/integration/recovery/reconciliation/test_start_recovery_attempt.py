"""An attempt that somebody starts by hand: of a failed renewal at the simulated Stripe, over HTTP."""

import pytest

from support.identity.tenant import ALL, happened, items
from support.recovery.open_attempts import stored
from support.recovery.tenant import Call
from support.recovery.webhook_delivery import Office
from support.recovery.webhook_delivery import office as opened
from support.spec import OTHER
from troupe.ids import new_id

start = Call("start_recovery_attempt", "POST /workspaces/{workspace_id}/recovery-attempts")
ABANDON = Call("abandon_recovery_attempt", "POST /recovery-attempts/{recovery_attempt_id}/abandon", {})


@pytest.fixture
def office(rescue, tmp_path) -> Office:
    with opened(rescue, tmp_path) as place:
        yield place.open()


def begin(office, invoice, **given):
    path = given.pop("path", {"workspace_id": office.workspace})
    body = {"stripe_account_id": office.town.account.id, "stripe_invoice_id": getattr(invoice, "id", invoice)}
    return start(path, **{"body": body, **given})


def test_of_a_renewal_that_no_event_told_of(office):
    sequence = office.rescue.sequence(office.workspace)
    reply = begin(office, office.town.failed_renewal())
    assert reply.status == 201
    attempt = reply.body["id"]
    assert reply.headers["location"] == f"/v1/recovery/recovery-attempts/{attempt}"
    assert reply.body["version"] == stored(attempt).version
    state = stored(attempt).state
    assert (state.status, state.sequence.id, len(state.charges)) == ("pending", sequence, 1)
    assert state.retry
    assert happened("recovery_attempt.started")[-1].actor == "0192f0c1-0000-7000-8000-0000000000a1"


def test_an_invoice_is_one_case(office):
    invoice = office.town.failed_renewal()
    attempt = begin(office, invoice).body["id"]
    before = items()
    again = begin(office, invoice)
    assert (again.status, again.body["code"]) == (409, "recovery_attempt_active")
    assert items() == before
    ABANDON({"recovery_attempt_id": attempt})
    assert begin(office, invoice).body["code"] == "invoice_had_attempt"


def test_s_24_s_25_what_is_no_case_is_refused_with_the_reason(office):
    reply = begin(office, office.town.billed("insufficient_funds"))
    assert (reply.status, reply.body["code"]) == (409, "not_a_renewal")
    reply = begin(office, "in_unknown")
    assert (reply.status, reply.body["code"]) == (422, "unknown_invoice")
    assert happened("recovery_attempt.started") == []


def test_only_in_a_workspace_that_works_with_an_account_that_is_connected(office):
    invoice = office.town.failed_renewal()
    office.rescue.deauthorize(office.account, office.town.now)
    assert begin(office, invoice).body["code"] == "stripe_account_disconnected"
    other = office.rescue.workspace()
    assert begin(office, invoice, path={"workspace_id": other}).body["code"] == "stripe_account_disconnected"
    office.rescue.deactivate(office.workspace)
    assert begin(office, invoice).body["code"] == "workspace_inactive"


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
def test_manners(office, how, status):
    invoice = office.town.failed_renewal()
    before = items()
    assert begin(office, invoice, **how).status == status
    assert items() == before
