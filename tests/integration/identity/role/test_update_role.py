import pytest

from support.command_contract import CommandContract, caller
from support.dynamodb import stored_events
from support.identity.tenant import Call
from support.spec import ANN
from troupe.ids import new_id

update = Call("update_role", "PATCH /roles/{role_id}", {"permissions": ["user:suspend"]})
create = Call("create_role", "POST /roles")


def test_manners(tenant):
    role = tenant.role()
    assert CommandContract(update, {"role_id": role}, "role:update").check().body == {
        "id": role,
        "version": 2,
    }


def test_what_it_allows_changes_at_once_and_what_is_not_sent_stays(tenant):
    role = tenant.role("Editors", "user:read")
    update({"role_id": role}, body={"permissions": ["user:suspend", "user:inspect", "user:suspend"]})
    assert tenant.granted() == {role: ["user:inspect", "user:suspend"]}
    update({"role_id": role}, body={"description": "They edit"})
    told = stored_events("role.updated")[-1].data
    assert (told["name"], told["description"]) == ("Editors", "They edit")
    assert told["permissions"] == tenant.granted()[role] == ["user:inspect", "user:suspend"]
    update({"role_id": role}, body={"description": None})
    assert stored_events("role.updated")[-1].data["description"] is None


def test_nothing_new_is_no_event(tenant):
    role = tenant.role("Editors", "user:read")
    assert update({"role_id": role}, body={}).body["version"] == 1
    assert update({"role_id": role}, body={"name": "Editors"}).body["version"] == 1


def test_another_name_frees_the_former(tenant):
    role = tenant.role("Editors")
    assert update({"role_id": role}, body={"name": "EDITORS"}).status == 200
    assert update({"role_id": role}, body={"name": "Writers"}).status == 200
    tenant.role("Editors")
    reply = update({"role_id": role}, body={"name": "editors"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    assert update({"role_id": role}, body={"name": "Admin"}).body["code"] == "role_name_taken"


def test_an_author_adds_only_held_permissions_and_may_keep_others(tenant):
    role = tenant.role("Editors", "tenant:cancel")
    kept = {"permissions": ["tenant:cancel", "user:read"]}
    assert update({"role_id": role}, body=kept, **caller(ANN, "admin")).status == 200
    more = {"permissions": ["tenant:cancel", "tenant:update_plan"]}
    reply = update({"role_id": role}, body=more, **caller(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "permission_escalation")
    assert tenant.granted() == {role: ["tenant:cancel", "user:read"]}


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"permissions": ["tenant:suspend"]}, "unknown_permission"),
        ({"permissions": []}, "invalid_request"),
        ({"permissions": None}, "invalid_request"),
        ({"name": None}, "invalid_request"),
    ],
)
def test_bad_fields(tenant, wrong, code):
    reply = update({"role_id": tenant.role()}, body=wrong)
    assert (reply.status, reply.body["code"]) == (422, code)


def test_only_the_tenant_s_own_that_is_there(tenant):
    gone = tenant.role("Gone")
    Call("delete_role", "DELETE /roles/{role_id}")({"role_id": gone})
    for role in (new_id(), gone, "owner"):
        assert update({"role_id": role}).status == 404
