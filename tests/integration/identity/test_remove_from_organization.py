from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.tenant import Call
from troupe.ids import new_id

add = Call("add_to_organization", "PUT /users/{user_id}/organizations/{organization_id}")
remove = Call("remove_from_organization", "DELETE /users/{user_id}/organizations/{organization_id}")


def test_manners(tenant):
    path = {"user_id": tenant.person(), "organization_id": tenant.organization()}
    add(path)
    assert CommandContract(remove, path, "organization:assign").check().body == {
        "id": path["user_id"],
        "version": 4,
    }


def test_the_other_organizations_stay(tenant):
    who, first, second = tenant.person(), tenant.organization(), tenant.organization()
    for organization in (first, second):
        add({"user_id": who, "organization_id": organization})
    for _ in range(2):
        assert remove({"user_id": who, "organization_id": first}).status == 200
    assert tenant.user(who).state.organizations == (second,)
    assert [each.data["organization_id"] for each in stored_events("user.org_left")] == [first]


def test_both_must_be_there(tenant):
    there = tenant.organization()
    assert remove({"user_id": tenant.person(), "organization_id": new_id()}).status == 404
    assert remove({"user_id": new_id(), "organization_id": there}).status == 404
