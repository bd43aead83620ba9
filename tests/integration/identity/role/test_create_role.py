import pytest

from identity.role.transactions import MOST
from support.identity.tenant import ALL, Call, Manners, Town, by, happened, items
from support.spec import ANN, OTHER
from troupe.security.roles import granted

BODY = {"name": "Editors", "description": "They edit", "permissions": ["user:suspend", "user:inspect"]}
create = Call("create_role", "POST /roles", BODY)


def test_a_role_is_made_and_grants_at_once(town):
    reply = create()
    role_id = reply.body["id"]
    assert (reply.status, reply.headers["location"]) == (201, f"/v1/identity/roles/{role_id}")
    assert town.granted() == {role_id: ["user:inspect", "user:suspend"]}
    assert town.holders(role_id) == 0
    own = {role: frozenset(allows) for role, allows in town.granted().items()}
    assert granted(frozenset({role_id}), own) == {"user:inspect", "user:suspend"}
    assert happened("role.created")[0].data["permissions"] == ["user:inspect", "user:suspend"]


def test_one_key_makes_one_role_in_one_round_trip_each(town):
    made = Manners(create, permission="role:create")
    first = made.once()
    assert first.status == 201
    assert len(town.granted()) == 1


def test_permissions_are_needed_of_the_caller(town):
    before = items()
    assert create(principal=None).status == 401
    assert create(permissions=ALL - {"role:create"}).body["code"] == "permission_required"
    assert create(standing="suspended").body["code"] == "tenant_suspended"
    assert items() == before


def test_a_role_of_one_tenant_is_none_of_another(town):
    Town(OTHER).found()
    assert create(tenant_id=OTHER).status == create().status == 201
    assert len(town.granted()) == len(Town(OTHER).granted()) == 1


def test_names_are_unique_in_a_tenant_whatever_the_case(town):
    create()
    reply = create(body=BODY | {"name": "EDITORS"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    reply = create(body=BODY | {"name": "Owner"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    assert len(town.granted()) == 1


def test_nobody_makes_a_role_that_allows_more_than_they_may(town):
    reply = create(body=BODY | {"permissions": ["tenant:cancel"]}, **by(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "beyond_your_permissions")
    assert create(body=BODY | {"permissions": ["tenant:cancel"]}, **by(ANN, "owner")).status == 201


@pytest.mark.parametrize("permission", ["tenant:suspend", "user:fly"])
def test_what_is_the_operators_alone_or_not_at_all_is_not_to_be_had(town, permission):
    reply = create(body=BODY | {"permissions": ["user:read", permission]})
    assert (reply.status, reply.body["code"]) == (422, "unknown_permission")
    assert reply.body["errors"][0]["field"] == "permissions"


@pytest.mark.parametrize(
    "wrong, field", [({"name": " "}, "name"), ({"permissions": []}, "permissions"), ({"x": 1}, "x")]
)
def test_bad_fields_are_named(town, wrong, field):
    reply = create(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_a_tenant_has_so_many(town):
    assert [create(body=BODY | {"name": f"R{n}"}).status for n in range(MOST)] == [201] * MOST
    reply = create(body=BODY | {"name": "one more"})
    assert (reply.status, reply.body["code"]) == (409, "too_many_roles")
    assert len(town.granted()) == MOST
