import pytest

from support.command_contract import ALL, CommandContract, caller
from support.dynamodb import before_next_write, stored_events
from support.identity.sign_in import member
from support.identity.tenant import Call
from support.spec import OTHER, TENANT
from troupe.ids import new_id
from troupe.security import addresses
from troupe.store import keys, reads
from troupe.store.commit import commit

delete = Call("delete_user", "DELETE /users/{user_id}")


def test_manners(tenant):
    who = tenant.person()
    assert CommandContract(delete, {"user_id": who}, given={"principal": who}).check().body == {
        "id": who,
        "version": 3,
    }


def test_one_may_delete_oneself_and_others_take_a_permission(tenant):
    ann, bob = tenant.person("Ann"), tenant.person("Bob")
    reply = delete({"user_id": bob}, **caller(ann, "consumer"))
    assert (reply.status, reply.body["code"]) == (403, "permission_required")
    assert delete({"user_id": ann}, **caller(ann, "consumer")).status == 200
    assert delete({"user_id": bob}, permissions=frozenset({"user:delete"})).status == 200


def test_a_missing_permission_comes_before_an_unknown_user(tenant):
    assert delete({"user_id": new_id()}, permissions=ALL - {"user:delete"}).status == 403
    assert delete({"user_id": tenant.person()}, tenant_id=OTHER).status == 404


@pytest.mark.parametrize("status, version, seats", [("pending", 2, 0), ("active", 3, 1), ("suspended", 4, 1)])
def test_who_is_deleted_cannot_sign_in_and_leaves_a_seat(tenant, status, version, seats):
    who = tenant.person(status=status)
    epoch = tenant.credential(who).epoch
    assert tenant.seats() == seats
    assert delete({"user_id": who}).body["version"] == version
    user = tenant.user(who)
    assert (user.deleted, user.state.status, user.state.status_before_deletion) == (True, "deleted", status)
    assert (tenant.credential(who).status, tenant.credential(who).epoch) == ("closed", epoch + 1)
    assert tenant.seats() == 0
    assert stored_events("user.deleted")[0].data["deleted_at"]


def test_twice_is_once(tenant):
    who = tenant.person()
    assert [delete({"user_id": who}).body["version"] for _ in range(2)] == [3, 3]
    assert tenant.seats() == 0


def test_who_goes_gives_the_own_roles_back(tenant):
    role = tenant.role()
    who = tenant.person(roles=(role,))
    assert tenant.holders(role) == 1
    delete({"user_id": who})
    assert tenant.holders(role) == 0


def test_the_last_owner_stays(tenant):
    owner = tenant.person(roles=("owner",))
    reply = delete({"user_id": owner}, **caller(owner, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert (tenant.user(owner).deleted, tenant.seats()) == (False, 1)


def test_of_two_owners_who_leave_at_once_one_stays(tenant):
    ann, bob = tenant.person("Ann", roles=("owner",)), tenant.person("Bob", roles=("owner",))
    with before_next_write(lambda: delete({"user_id": bob}, **caller(bob, "owner"))):
        reply = delete({"user_id": ann}, **caller(ann, "owner"))
    assert (reply.status, reply.body["code"]) == (409, "last_owner")
    assert [tenant.user(each).deleted for each in (ann, bob)] == [False, True]


def test_a_suspended_owner_does_not_count_and_may_go(tenant):
    tenant.person(roles=("owner",))
    gone = tenant.person(status="suspended", roles=("owner",))
    assert delete({"user_id": gone}).status == 200
    assert tenant.owners() == 1


def test_an_admin_does_not_delete_an_owner(tenant):
    tenant.person(roles=("owner",))
    owner = tenant.person(roles=("owner",))
    reply = delete({"user_id": owner}, **caller(new_id(), "admin"))
    assert (reply.status, reply.body["code"]) == (403, "owner_protected")


def test_an_address_that_was_never_proved_is_free_at_once(tenant):
    who = member(tenant, "pending")
    guard = keys.email(who.email, TENANT)
    assert reads.one(guard)["principal_id"] == who.id
    assert delete({"user_id": who.id}).status == 200
    assert reads.one(guard) is None


def test_an_address_that_was_proved_stays_theirs(tenant):
    who = member(tenant)
    delete({"user_id": who.id})
    assert reads.one(keys.email(who.email))["principal_id"] == who.id
    assert reads.one(keys.email(who.email, TENANT))["principal_id"] == who.id


def test_a_reservation_that_gave_way_stays_with_who_proved_the_address(tenant):
    """Another account of the tenant has moved to the address meanwhile."""
    who, other = member(tenant, "pending"), member(tenant)
    commit(addresses.proved(TENANT, other.id, who.email))
    assert delete({"user_id": who.id}).status == 200
    assert tenant.user(who.id).deleted
    assert reads.one(keys.email(who.email, TENANT))["principal_id"] == other.id
