import boto3

from support.command_contract import CommandContract
from support.dynamodb import before_next_write, stored_events
from support.identity.tenant import Call, Tenant
from support.spec import OTHER
from troupe.ids import new_id
from troupe.store import copies, keys, writes
from troupe.store.commit import commit

add = Call("add_to_organization", "PUT /users/{user_id}/organizations/{organization_id}")


def test_manners(tenant):
    path = {"user_id": tenant.person(), "organization_id": tenant.organization()}
    assert CommandContract(add, path, "organization:assign").check().body == {
        "id": path["user_id"],
        "version": 3,
    }


def test_one_may_be_in_several_and_in_each_once(tenant):
    who, first, second = tenant.person(), tenant.organization(), tenant.organization()
    for organization in (first, second, first):
        assert add({"user_id": who, "organization_id": organization}).status == 200
    assert tenant.user(who).state.organizations == (first, second)
    assert [each.data["organization_id"] for each in stored_events("user.org_joined")] == [first, second]


def test_both_must_be_there(tenant):
    who, there = tenant.person(), tenant.organization()
    foreign = Tenant(OTHER).organization()
    deleted = tenant.organization()
    commit(
        [
            writes.update(
                keys.state(tenant.tenant_id, "organization", deleted), "SET deleted_at = :d", {"d": "x"}
            )
        ]
    )
    for path in (
        {"user_id": who, "organization_id": new_id()},
        {"user_id": who, "organization_id": "x"},
        {"user_id": who, "organization_id": foreign},
        {"user_id": who, "organization_id": deleted},
        {"user_id": new_id(), "organization_id": there},
        {"user_id": tenant.person(status="deleted"), "organization_id": there},
    ):
        assert add(path).status == 404


def test_an_organization_that_goes_meanwhile_is_unknown(tenant):
    who, there = tenant.person(), tenant.organization()
    key = keys.state(tenant.tenant_id, "organization", there)

    def goes():
        for each in (key, *copies.keys(key)):
            place = {"PK": {"S": each.pk}, "SK": {"S": each.sk}}
            boto3.client("dynamodb").delete_item(TableName="t", Key=place)

    with before_next_write(goes):
        assert add({"user_id": who, "organization_id": there}).status == 404
    assert tenant.user(who).state.organizations == ()
