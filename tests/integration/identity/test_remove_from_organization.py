from support.identity.tenant import Call, Manners, happened
from troupe.ids import new_id

add = Call("add_to_organization", "PUT /users/{user_id}/organizations/{organization_id}")
remove = Call("remove_from_organization", "DELETE /users/{user_id}/organizations/{organization_id}")


def test_manners(town):
    path = {"user_id": town.person(), "organization_id": town.organization()}
    add(path)
    assert Manners(remove, path, "organization:assign").check().body == {"id": path["user_id"], "version": 4}


def test_the_other_organizations_stay(town):
    who, first, second = town.person(), town.organization(), town.organization()
    for organization in (first, second):
        add({"user_id": who, "organization_id": organization})
    for _ in range(2):
        assert remove({"user_id": who, "organization_id": first}).status == 200
    assert town.user(who).state.organizations == (second,)
    assert [each.data["organization_id"] for each in happened("user.org_left")] == [first]


def test_both_must_be_there(town):
    there = town.organization()
    assert remove({"user_id": town.person(), "organization_id": new_id()}).status == 404
    assert remove({"user_id": new_id(), "organization_id": there}).status == 404
