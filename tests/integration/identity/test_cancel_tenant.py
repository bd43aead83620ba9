"""The owner cancels the tenancy, for good."""

import pytest

from support.identity.provisioned_tenant import OPERATOR, PATH, founded, provision
from support.identity.tenant import ALL, Call, Manners, happened
from support.spec import TENANT
from troupe.security.roles import BUILT_IN
from troupe.store import keys, reads

cancel = Call("cancel_tenant", "POST /tenants/{tenant_id}/cancel", {"reason": "no use"})
rename = Call("update_settings", "PATCH /tenants/{tenant_id}/settings", {"name": "x"})


@pytest.mark.parametrize("who", [{}, OPERATOR])
def test_is_cancelled_and_published_as_such(acme, who):
    assert cancel(PATH, **who).status == 200
    assert acme.tenant().status == acme.standing()["status"] == "cancelled"
    assert happened("tenant.cancelled")[0].data == {
        "was": "trial",
        "reason": "no use",
        "at": happened("tenant.cancelled")[0].data["at"],
    }


def test_nobody_writes_any_more(acme):
    cancel(PATH)
    assert rename(PATH, standing="cancelled").body["code"] == "tenant_cancelled"
    assert rename(PATH, **{**OPERATOR, "permissions": ALL}).body["code"] == "tenant_cancelled"


def test_its_domain_is_free_and_its_slug_stays_taken(table, monkeypatch):
    founded(monkeypatch, domain="acme.example")
    cancel(PATH)
    assert reads.one(keys.unique("domain", "acme.example")) is None
    assert reads.one(keys.unique("slug", "acme"))["tenant_id"] == TENANT
    bob = {"email": "bob@bob.example", "password": "bob's own password", "display_name": "Bob"}
    assert provision(slug="bob", domain="acme.example", owner=bob).status == 201


def test_an_admin_may_not(acme):
    assert cancel(PATH, permissions=BUILT_IN["admin"]).body["code"] == "permission_required"


def test_manners(acme):
    Manners(cancel, path=PATH, permission="tenant:cancel").check()
