import pytest

from support.identity.tenant import Call, Manners, by, happened
from support.spec import ANN
from troupe.ids import new_id

update = Call("update_role", "PATCH /roles/{role_id}", {"permissions": ["user:suspend"]})
create = Call("create_role", "POST /roles")


def test_manners(town):
    role = town.role()
    assert Manners(update, {"role_id": role}, "role:update").check().body == {"id": role, "version": 2}


def test_what_it_allows_changes_at_once_and_what_is_not_sent_stays(town):
    role = town.role("Editors", "user:read")
    update({"role_id": role}, body={"permissions": ["user:suspend", "user:inspect", "user:suspend"]})
    assert town.granted() == {role: ["user:inspect", "user:suspend"]}
    update({"role_id": role}, body={"description": "They edit"})
    told = happened("role.updated")[-1].data
    assert (told["name"], told["description"]) == ("Editors", "They edit")
    assert told["permissions"] == town.granted()[role] == ["user:inspect", "user:suspend"]
    update({"role_id": role}, body={"description": None})
    assert happened("role.updated")[-1].data["description"] is None


def test_nothing_new_is_no_event(town):
    role = town.role("Editors", "user:read")
    assert update({"role_id": role}, body={}).body["version"] == 1
    assert update({"role_id": role}, body={"name": "Editors"}).body["version"] == 1


def test_another_name_frees_the_former(town):
    role = town.role("Editors")
    assert update({"role_id": role}, body={"name": "EDITORS"}).status == 200
    assert update({"role_id": role}, body={"name": "Writers"}).status == 200
    town.role("Editors")
    reply = update({"role_id": role}, body={"name": "editors"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    assert update({"role_id": role}, body={"name": "Admin"}).body["code"] == "role_name_taken"


def test_nobody_adds_what_they_lack_but_may_leave_what_was_there(town):
    role = town.role("Editors", "tenant:cancel")
    kept = {"permissions": ["tenant:cancel", "user:read"]}
    assert update({"role_id": role}, body=kept, **by(ANN, "admin")).status == 200
    more = {"permissions": ["tenant:cancel", "tenant:update_plan"]}
    reply = update({"role_id": role}, body=more, **by(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "beyond_your_permissions")
    assert town.granted() == {role: ["tenant:cancel", "user:read"]}


@pytest.mark.parametrize(
    "wrong, code",
    [
        ({"permissions": ["tenant:suspend"]}, "unknown_permission"),
        ({"permissions": []}, "invalid_request"),
        ({"permissions": None}, "invalid_request"),
        ({"name": None}, "invalid_request"),
    ],
)
def test_bad_fields(town, wrong, code):
    reply = update({"role_id": town.role()}, body=wrong)
    assert (reply.status, reply.body["code"]) == (422, code)


def test_only_the_tenant_s_own_that_is_there(town):
    gone = town.role("Gone")
    Call("delete_role", "DELETE /roles/{role_id}")({"role_id": gone})
    for role in (new_id(), gone, "owner"):
        assert update({"role_id": role}).status == 404
