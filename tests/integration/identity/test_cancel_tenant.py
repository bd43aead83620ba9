"""The owner cancels the tenancy, for good."""

import pytest

from support.command_contract import ALL, CommandContract
from support.dynamodb import stored_events
from support.identity.provisioned_tenant import OPERATOR, PATH, founded
from support.identity.tenant import Call
from support.spec import TENANT
from troupe.security.roles import BUILT_IN
from troupe.store import keys, reads

cancel = Call("cancel_tenant", "POST /tenants/{tenant_id}/cancel", {"reason": "no use"})
rename = Call("update_settings", "PATCH /tenants/{tenant_id}/settings", {"name": "x"})


@pytest.mark.parametrize("who", [{}, OPERATOR])
def test_is_cancelled_and_published_as_such(acme, who):
    assert cancel(PATH, **who).status == 200
    assert acme.tenant().status == acme.standing()["status"] == "cancelled"
    assert stored_events("tenant.cancelled")[0].data == {
        "was": "trial",
        "reason": "no use",
        "at": stored_events("tenant.cancelled")[0].data["at"],
    }


def test_a_cancelled_tenant_takes_no_writes(acme):
    cancel(PATH)
    assert rename(PATH, standing="cancelled").body["code"] == "tenant_cancelled"
    assert rename(PATH, **{**OPERATOR, "permissions": ALL}).body["code"] == "tenant_cancelled"


def test_its_slug_stays_taken(table, monkeypatch):
    founded(monkeypatch)
    cancel(PATH)
    assert reads.one(keys.unique("slug", "acme"))["tenant_id"] == TENANT


def test_an_admin_may_not(acme):
    assert cancel(PATH, permissions=BUILT_IN["admin"]).body["code"] == "permission_required"


def test_manners(acme):
    CommandContract(cancel, path=PATH, permission="tenant:cancel").check()
