import pytest

from identity.role.transactions import MOST, MOST_GRANTED
from support.command_contract import ALL, CommandContract, caller
from support.dynamodb import stored_events, stored_items
from support.identity.tenant import Call, Tenant
from support.spec import ANN, OTHER, TENANT
from troupe.security.roles import granted
from troupe.store import keys, reads

BODY = {"name": "Editors", "description": "They edit", "permissions": ["user:suspend", "user:inspect"]}
create = Call("create_role", "POST /roles", BODY)
update = Call("update_role", "PATCH /roles/{role_id}")
delete = Call("delete_role", "DELETE /roles/{role_id}")


def test_a_role_is_made_and_grants_at_once(tenant):
    reply = create()
    role_id = reply.body["id"]
    assert (reply.status, reply.headers["location"]) == (201, f"/v1/identity/roles/{role_id}")
    assert tenant.granted() == {role_id: ["user:inspect", "user:suspend"]}
    assert tenant.holders(role_id) == 0
    own = {role: frozenset(allows) for role, allows in tenant.granted().items()}
    assert granted(frozenset({role_id}), own) == {"user:inspect", "user:suspend"}
    assert stored_events("role.created")[0].data["permissions"] == ["user:inspect", "user:suspend"]


def test_one_key_makes_one_role_in_one_round_trip_each(tenant):
    made = CommandContract(create, permission="role:create")
    first = made.once()
    assert first.status == 201
    assert len(tenant.granted()) == 1


def test_permissions_are_needed_of_the_caller(tenant):
    before = stored_items()
    assert create(principal=None).status == 401
    assert create(permissions=ALL - {"role:create"}).body["code"] == "permission_required"
    assert create(standing="suspended").body["code"] == "tenant_suspended"
    assert stored_items() == before


def test_a_role_of_one_tenant_is_none_of_another(tenant):
    Tenant(OTHER).found()
    assert create(tenant_id=OTHER).status == create().status == 201
    assert len(tenant.granted()) == len(Tenant(OTHER).granted()) == 1


def test_names_are_unique_in_a_tenant_in_any_case(tenant):
    create()
    reply = create(body=BODY | {"name": "EDITORS"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    reply = create(body=BODY | {"name": "Owner"})
    assert (reply.status, reply.body["code"]) == (409, "role_name_taken")
    assert len(tenant.granted()) == 1


def test_a_role_cannot_grant_more_than_its_author_holds(tenant):
    reply = create(body=BODY | {"permissions": ["tenant:cancel"]}, **caller(ANN, "admin"))
    assert (reply.status, reply.body["code"]) == (403, "permission_escalation")
    assert create(body=BODY | {"permissions": ["tenant:cancel"]}, **caller(ANN, "owner")).status == 201


@pytest.mark.parametrize("permission", ["tenant:suspend", "user:fly"])
def test_what_is_the_operators_alone_or_not_at_all_is_not_to_be_had(tenant, permission):
    reply = create(body=BODY | {"permissions": ["user:read", permission]})
    assert (reply.status, reply.body["code"]) == (422, "unknown_permission")
    assert reply.body["errors"][0]["field"] == "permissions"


@pytest.mark.parametrize(
    "wrong, field", [({"name": " "}, "name"), ({"permissions": []}, "permissions"), ({"x": 1}, "x")]
)
def test_bad_fields_are_named(tenant, wrong, field):
    reply = create(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_a_tenant_has_so_many(tenant):
    assert [create(body=BODY | {"name": f"R{n}"}).status for n in range(MOST)] == [201] * MOST
    reply = create(body=BODY | {"name": "one more"})
    assert (reply.status, reply.body["code"]) == (409, "too_many_roles")
    assert len(tenant.granted()) == MOST


class TestSize:
    """What all requests read of a tenant stays small: 25 roles of 147 permissions were 18 read units."""

    MANY = sorted(ALL)[:120]

    def test_all_roles_together_grant_so_many_permissions(self, tenant):
        full = MOST_GRANTED // len(self.MANY)
        made = [
            create(body={"name": f"R{n}", "permissions": self.MANY}, permissions=ALL) for n in range(full)
        ]
        assert [reply.status for reply in made] == [201] * full
        reply = create(body={"name": "one more", "permissions": self.MANY}, permissions=ALL)
        assert (reply.status, reply.body["code"]) == (409, "too_many_roles")
        role_id = made[0].body["id"]
        assert (
            update({"role_id": role_id}, body={"permissions": self.MANY[:50]}, permissions=ALL).status == 200
        )
        assert create(body={"name": "Small", "permissions": self.MANY[:90]}, permissions=ALL).status == 201
        reply = update({"role_id": role_id}, body={"permissions": self.MANY}, permissions=ALL)
        assert (reply.status, reply.body["code"]) == (409, "too_many_roles")

    def test_a_role_that_is_deleted_makes_room(self, tenant):
        made = create(body={"name": "R", "permissions": self.MANY}, permissions=ALL)
        assert reads.one(keys.standing(TENANT))["granted"] == len(self.MANY)
        assert delete({"role_id": made.body["id"]}).status == 200
        assert reads.one(keys.standing(TENANT))["granted"] == 0
