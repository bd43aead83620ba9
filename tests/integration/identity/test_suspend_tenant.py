"""An operator suspends a tenant: it can read, and no more."""

from support.command_contract import CommandContract
from support.dynamodb import stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, PATH
from support.identity.tenant import Call, Tenant
from support.spec import TENANT
from troupe.security.roles import NAMES

suspend = Call("suspend_tenant", "POST /tenants/{tenant_id}/suspend", {"reason": "unpaid"})


def test_is_suspended_and_published_as_such(acme):
    reply = suspend(PATH, **OPERATOR)
    assert (reply.status, reply.body, reply.headers["etag"]) == (200, {"id": TENANT, "version": 2}, '"2"')
    assert (acme.tenant().status, acme.tenant().reason) == ("suspended", "unpaid")
    assert acme.standing()["status"] == "suspended"
    (told,) = stored_events("tenant.suspended")
    assert (told.data["was"], told.data["reason"], told.actor) == ("trial", "unpaid", OPERATOR["principal"])


def test_twice_changes_nothing(acme):
    suspend(PATH, **OPERATOR)
    before = stored_items()
    assert suspend(PATH, **OPERATOR).body["version"] == 2
    assert stored_items() == before


def test_manners(acme):
    CommandContract(suspend, path=PATH, permission="tenant:suspend", given={"permissions": NAMES}).check()


def test_a_tenant_s_own_people_may_not(acme):
    assert suspend(PATH).body["code"] == "permission_required"


def test_a_tenant_that_there_is_not(acme):
    nowhere = {"tenant_id": "0192f0c1-0000-7000-8000-00000000dead"}
    assert suspend(nowhere, **OPERATOR).status == 404


def test_the_roles_that_were_published_stay(acme):

    role = Tenant().role("Editors", "user:read")
    suspend(PATH, **OPERATOR)
    assert acme.standing()["roles"] == {role: ["user:read"]}
