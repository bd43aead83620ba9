"""An operator ends a suspension, or a trial before its time; a cancelled tenant stays so."""

import pytest

from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call
from troupe.security.roles import NAMES

reactivate = Call("reactivate_tenant", "POST /tenants/{tenant_id}/reactivate")
suspend = Call("suspend_tenant", "POST /tenants/{tenant_id}/suspend", {"reason": "unpaid"})
cancel = Call("cancel_tenant", "POST /tenants/{tenant_id}/cancel", {"reason": "no use"})


@pytest.mark.parametrize("was", ["trial", "suspended"])
def test_is_active_and_published_as_such(acme, was):
    if was == "suspended":
        suspend(PATH, **OPERATOR)
    assert reactivate(PATH, **OPERATOR).status == 200
    assert acme.tenant().status == acme.standing()["status"] == "active"
    assert stored_events("tenant.reactivated")[0].data["was"] == was
    assert not [item for item in stored_items() if item.get("GSI2PK", "").startswith("@#DUE#TRIAL")]


def test_a_cancelled_tenant_stays_cancelled(acme):
    cancel(PATH)
    before = stored_items()
    reply = reactivate(PATH, **OPERATOR)
    assert (reply.status, reply.body["code"]) == (409, "invalid_transition")
    assert stored_items() == before


def test_manners(acme):
    CommandContract(
        reactivate, path=PATH, permission="tenant:reactivate", given={"permissions": NAMES}
    ).check()
