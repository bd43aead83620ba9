import boto3

from support.identity.tenant import Call, Manners, Town, happened, meanwhile
from support.spec import OTHER
from troupe.ids import new_id
from troupe.store import keys, writes
from troupe.store.commit import commit

add = Call("add_to_organization", "PUT /users/{user_id}/organizations/{organization_id}")


def test_manners(town):
    path = {"user_id": town.person(), "organization_id": town.organization()}
    assert Manners(add, path, "organization:assign").check().body == {"id": path["user_id"], "version": 3}


def test_one_may_be_in_several_and_in_each_once(town):
    who, first, second = town.person(), town.organization(), town.organization()
    for organization in (first, second, first):
        assert add({"user_id": who, "organization_id": organization}).status == 200
    assert town.user(who).state.organizations == (first, second)
    assert [each.data["organization_id"] for each in happened("user.org_joined")] == [first, second]


def test_both_must_be_there(town):
    who, there = town.person(), town.organization()
    foreign = Town(OTHER).organization()
    deleted = town.organization()
    commit(
        [
            writes.update(
                keys.state(town.tenant_id, "organization", deleted), "SET deleted_at = :d", {"d": "x"}
            )
        ]
    )
    for path in (
        {"user_id": who, "organization_id": new_id()},
        {"user_id": who, "organization_id": "x"},
        {"user_id": who, "organization_id": foreign},
        {"user_id": who, "organization_id": deleted},
        {"user_id": new_id(), "organization_id": there},
        {"user_id": town.person(status="deleted"), "organization_id": there},
    ):
        assert add(path).status == 404


def test_an_organization_that_goes_meanwhile_is_unknown(town):
    who, there = town.person(), town.organization()
    key = keys.state(town.tenant_id, "organization", there)

    def goes():
        boto3.client("dynamodb").delete_item(TableName="t", Key={"PK": {"S": key.pk}, "SK": {"S": key.sk}})

    with meanwhile(goes):
        assert add({"user_id": who, "organization_id": there}).status == 404
    assert town.user(who).state.organizations == ()
