import pytest

from identity.user.events import LEADER, Business
from support.command_contract import CommandContract
from support.dynamodb import stored_events
from support.identity.tenant import Call
from troupe.ids import new_id

BUSINESS = {"name": "Ann's Studio", "tax_id": "DE123", "website_url": "https://ann.example"}
promote = Call("promote_to_leader", "POST /users/{user_id}/promote", {"business": BUSINESS})


def test_manners(tenant):
    who = tenant.person()
    assert CommandContract(promote, {"user_id": who}, "user:promote").check().body == {
        "id": who,
        "version": 3,
    }


def test_a_leader_has_a_business_and_may_create_communities(tenant):
    who = tenant.person(roles=("admin",))
    promote({"user_id": who})
    leader = tenant.user(who).state
    assert (leader.kind, leader.permissions, leader.roles) == ("leader", LEADER, ("leader", "admin"))
    assert leader.profile.business == Business(**BUSINESS)
    assert tenant.credential(who).roles == ("leader", "admin")
    assert stored_events("user.promoted")[0].data["business"] == BUSINESS


def test_twice_is_once(tenant):
    who = tenant.person()
    promote({"user_id": who})
    assert promote({"user_id": who}, body={"business": {"name": "Other"}}).body["version"] == 3


@pytest.mark.parametrize("given", [{"status": "pending"}, {"status": "suspended"}, {"kind": "staff"}])
def test_only_an_active_consumer(tenant, given):
    reply = promote({"user_id": tenant.person(**given)})
    assert (reply.status, reply.body["code"]) == (409, "not_an_active_consumer")


def test_an_unknown_user_is_not_found(tenant):
    assert promote({"user_id": new_id()}).status == 404


def test_a_business_has_a_name_and_an_address_that_is_one(tenant):
    reply = promote({"user_id": tenant.person()}, body={"business": {"name": "", "website_url": "ftp:/x"}})
    assert reply.status == 422
    assert {each["field"] for each in reply.body["errors"]} == {"business.name", "business.website_url"}
