"""Staff are invited: with a seat, with roles that the inviter holds, and without a password yet."""

import pytest

from identity.staff.decider import STAFF
from identity.user.decider import USER
from support.identity.provisioned_tenant import ORGANIZATION_ID, OWNER
from support.identity.tenant import ALL, Call, Manners, Town, by, happened, items, meanwhile
from support.spec import ANN, OTHER, TENANT
from troupe.security.credential import CREDENTIAL, PASSWORD
from troupe.security.roles import NAMES, OPERATORS_ALONE
from troupe.store import keys, reads
from troupe.store.transact import load

BODY = {"email": "Bob@Example.com", "display_name": "Bob"}
invite = Call("create_user", "POST /users", BODY)
delete_role = Call("delete_role", "DELETE /roles/{role_id}")


def test_is_pending_and_has_a_seat(acme):
    reply = invite()
    user_id = reply.body["id"]
    assert (reply.status, reply.headers["location"]) == (201, f"/v1/identity/users/{user_id}")
    user, credential = load(TENANT, USER, user_id).state, load(TENANT, CREDENTIAL, user_id).state
    assert (user.status, user.kind, user.email, user.roles) == (
        "pending",
        "staff",
        "bob@example.com",
        ("staff",),
    )
    assert (credential.status, credential.roles) == ("pending", ("staff",))
    assert reads.one(keys.part(TENANT, CREDENTIAL.name, user_id, PASSWORD)) is None
    assert acme.tally("users")[0] == 2


def test_is_told_of(acme):
    user_id = invite().body["id"]
    (told,) = [event for event in happened("tenant.user_created") if event.aggregate_id == user_id]
    assert (told.aggregate, told.data["by"], told.data["email"]) == ("staff", ANN, "bob@example.com")
    (created,) = [event for event in happened("user.created") if event.aggregate_id == user_id]
    assert created.data["invited"] is True
    assert load(TENANT, STAFF, user_id).state.status == "let_in"


def test_joins_the_organizations_that_there_are(acme):
    user_id = invite(body=BODY | {"organizations": [ORGANIZATION_ID]}).body["id"]
    assert load(TENANT, USER, user_id).state.organizations == (ORGANIZATION_ID,)
    before = items()
    reply = invite(body={**BODY, "email": "x@example.com", "organizations": [OTHER]})
    assert (reply.status, reply.body["code"]) == (422, "unknown_organization")
    assert items() == before


class TestRoles:
    def test_the_tenant_s_own_and_admin(self, acme):
        town = Town()
        role = town.role("Editors", "user:suspend")
        user_id = invite(body=BODY | {"roles": [role, "admin"]}).body["id"]
        assert set(load(TENANT, CREDENTIAL, user_id).state.roles) == {"staff", "admin", role}
        assert town.holders(role) == 1

    def test_that_nobody_has_made(self, acme):
        reply = invite(body=BODY | {"roles": [OTHER]})
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "roles")

    def test_that_allow_more_than_the_inviter_may(self, acme):
        role = Town().role("Closers", "tenant:cancel")
        before = items()
        reply = invite(body=BODY | {"roles": [role]}, **by(ANN, "admin"))
        assert (reply.status, reply.body["code"]) == (403, "beyond_your_permissions")
        assert items() == before
        assert invite(body=BODY | {"roles": [role]}, **by(ANN, "owner")).status == 201

    def test_that_goes_away_meanwhile(self, acme):
        role = Town().role("Editors")
        with meanwhile(lambda: delete_role({"role_id": role})):
            assert invite(body=BODY | {"roles": [role]}).body["code"] == "unknown_role"

    @pytest.mark.parametrize("role", ["owner", "consumer", "operator", "x"])
    def test_that_are_not_given_by_an_invitation(self, acme, role):
        reply = invite(body=BODY | {"roles": [role]})
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "roles.0")


def test_an_address_has_one_account(acme):
    before = items()
    reply = invite(body=BODY | {"email": OWNER["email"]})
    assert (reply.status, reply.body["code"]) == (409, "email_taken")
    assert items() == before


def test_one_key_invites_once(acme):
    Manners(invite, permission="user:create").once()
    assert acme.tally("users")[0] == 2


def test_who_may(acme):
    before = items()
    assert invite(principal=None).status == 401
    assert invite(permissions=ALL - {"user:create"}).body["code"] == "permission_required"
    assert invite(standing="suspended").body["code"] == "tenant_suspended"
    assert items() == before
    assert NAMES - OPERATORS_ALONE == ALL


@pytest.mark.parametrize(
    "wrong, field",
    [({"email": "bob"}, "email"), ({"display_name": ""}, "display_name"), ({"password": "x"}, "password")],
)
def test_bad_fields_are_named(acme, wrong, field):
    reply = invite(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)
