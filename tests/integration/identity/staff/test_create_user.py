"""Staff are invited with roles that the inviter holds; the seat and the password come with the acceptance."""

import pytest

from identity.plans import PLANS
from identity.staff.decider import STAFF
from identity.user.decider import USER
from support.command_contract import ALL, CommandContract, caller
from support.dynamodb import before_next_write, stored_events, stored_items
from support.identity.provisioned_tenant import OPERATOR, ORGANIZATION_ID, OWNER, PATH
from support.identity.sign_in import member
from support.identity.tenant import Call, Tenant
from support.spec import ANN, OTHER, TENANT
from troupe.clock import now
from troupe.quota import quota
from troupe.security.credential import CREDENTIAL, PASSWORD
from troupe.security.roles import NAMES, OPERATOR_ONLY
from troupe.store import keys, reads
from troupe.store.commit import commit
from troupe.store.transact import load

BODY = {"email": "Bob@Example.com", "display_name": "Bob"}
invite = Call("create_user", "POST /users", BODY)
quotas = Call("update_quotas", "PUT /tenants/{tenant_id}/quotas")
delete_user = Call("delete_user", "DELETE /users/{user_id}")
delete_role = Call("delete_role", "DELETE /roles/{role_id}")


def test_is_pending_and_has_neither_a_password_nor_a_seat_yet(acme):
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
    assert acme.tally("users")[0] == 0


def test_is_told_of(acme):
    user_id = invite().body["id"]
    (told,) = [event for event in stored_events("tenant.user_created") if event.aggregate_id == user_id]
    assert (told.aggregate, told.data["by"], told.data["email"]) == ("staff", ANN, "bob@example.com")
    (created,) = [event for event in stored_events("user.created") if event.aggregate_id == user_id]
    assert created.data["invited"] is True
    assert load(TENANT, STAFF, user_id).state.status == "let_in"


def test_joins_the_organizations_that_there_are(acme):
    user_id = invite(body=BODY | {"organizations": [ORGANIZATION_ID]}).body["id"]
    assert load(TENANT, USER, user_id).state.organizations == (ORGANIZATION_ID,)
    before = stored_items()
    reply = invite(body={**BODY, "email": "x@example.com", "organizations": [OTHER]})
    assert (reply.status, reply.body["code"]) == (422, "unknown_organization")
    assert stored_items() == before


class TestRoles:
    def test_the_tenant_s_own_and_admin(self, acme):
        tenant = Tenant()
        role = tenant.role("Editors", "user:suspend")
        user_id = invite(body=BODY | {"roles": [role, "admin"]}).body["id"]
        assert set(load(TENANT, CREDENTIAL, user_id).state.roles) == {"staff", "admin", role}
        assert tenant.holders(role) == 1

    def test_an_unknown_role_is_refused(self, acme):
        reply = invite(body=BODY | {"roles": [OTHER]})
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "roles")

    def test_that_allow_more_than_the_inviter_may(self, acme):
        role = Tenant().role("Closers", "tenant:cancel")
        before = stored_items()
        reply = invite(body=BODY | {"roles": [role]}, **caller(ANN, "admin"))
        assert (reply.status, reply.body["code"]) == (403, "permission_escalation")
        assert stored_items() == before
        assert invite(body=BODY | {"roles": [role]}, **caller(ANN, "owner")).status == 201

    def test_that_goes_away_meanwhile(self, acme):
        role = Tenant().role("Editors")
        with before_next_write(lambda: delete_role({"role_id": role})):
            assert invite(body=BODY | {"roles": [role]}).body["code"] == "unknown_role"

    @pytest.mark.parametrize("role", ["owner", "consumer", "operator", "x"])
    def test_that_are_not_given_by_an_invitation(self, acme, role):
        reply = invite(body=BODY | {"roles": [role]})
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, "roles.0")


class TestTheAddress:
    def test_of_a_member_or_of_who_is_invited_is_taken(self, acme):
        assert invite().status == 201
        before = stored_items()
        for email in (OWNER["email"], BODY["email"]):
            reply = invite(body=BODY | {"email": email})
            assert (reply.status, reply.body["code"]) == (409, "email_taken")
        assert stored_items() == before

    def test_of_another_tenant_s_person_is_answered_like_any_other(self, acme):
        """Else an owner could ask for other tenants' people one by one."""
        elsewhere = Tenant(OTHER)
        elsewhere.found()
        theirs = member(elsewhere)
        answers = [invite(body=BODY | {"email": email}) for email in (theirs.email, "unused@example.com")]
        for reply in answers:
            assert (reply.status, reply.body.keys()) == (201, {"id", "version"})
        assert reads.one(keys.email(theirs.email))["principal_id"] == theirs.id

    def test_is_free_again_when_the_invitation_is_withdrawn(self, acme):
        for _ in range(3):
            user_id = invite().body["id"]
            assert delete_user({"user_id": user_id}).status == 200
        assert reads.one(keys.email(BODY["email"])) is None

    def test_is_free_again_when_the_week_is_over(self, acme, clock):
        clock.instant = now()
        first = invite().body["id"]
        clock.forward(days=7)
        second = invite().body["id"]
        assert reads.one(keys.email(BODY["email"], TENANT))["principal_id"] == second
        assert delete_user({"user_id": first}).status == 200
        assert reads.one(keys.email(BODY["email"], TENANT))["principal_id"] == second


def test_an_invitation_needs_a_free_seat(acme):
    commit([quota.take(TENANT, "users", acme.tally("users")[2])])
    reply = invite()
    assert (reply.status, reply.body["code"]) == (409, "quota_exceeded")
    assert len(stored_events("tenant.quota_exceeded")) == 1


def test_one_key_invites_once(acme):
    CommandContract(invite, permission="user:create").once()
    assert len(stored_events("user.created")) == 2


def test_who_may(acme):
    before = stored_items()
    assert invite(principal=None).status == 401
    assert invite(permissions=ALL - {"user:create"}).body["code"] == "permission_required"
    assert invite(standing="suspended").body["code"] == "tenant_suspended"
    assert stored_items() == before
    assert NAMES - OPERATOR_ONLY == ALL


@pytest.mark.parametrize(
    "wrong, field",
    [({"email": "bob"}, "email"), ({"display_name": ""}, "display_name"), ({"password": "x"}, "password")],
)
def test_bad_fields_are_named(acme, wrong, field):
    reply = invite(body=BODY | wrong)
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


class TestMailsOfADay:
    def test_are_as_many_as_the_plan_says(self, acme):
        """Whether the invitations are withdrawn or not: each of them was a mail in the tenant's name."""
        statuses = []
        for n in range(PLANS["trial"].max_mails_per_day + 2):
            reply = invite(body=BODY | {"email": f"p{n}@example.com"})
            statuses.append(reply.status)
            if reply.status == 201:
                delete_user({"user_id": reply.body["id"]})
        assert statuses == [201] * PLANS["trial"].max_mails_per_day + [409] * 2
        assert reply.body["code"] == "quota_exceeded"
        assert [told.data["quota"] for told in stored_events("tenant.quota_exceeded")] == ["mails"]

    def test_begin_anew_each_day(self, acme, clock):
        clock.instant = now()
        quotas(PATH, body={"max_mails_per_day": 1}, **OPERATOR)
        assert invite().status == 201
        assert invite(body=BODY | {"email": "x@example.com"}).status == 409
        clock.forward(days=1)
        assert invite(body=BODY | {"email": "x@example.com"}).status == 201

    def test_may_be_none(self, acme):
        quotas(PATH, body={"max_mails_per_day": 0}, **OPERATOR)
        assert invite().body["code"] == "quota_exceeded"
