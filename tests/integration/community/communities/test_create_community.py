"""create_community: by leaders, within their limit, with the leader as the first member."""

import pytest

from support.command_contract import CommandContract
from support.community.communities import BODY, CommunityUnderTest, audit, create, delete, found, owned
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from support.spec import TENANT
from troupe.ids import new_id

FULL = BODY | {
    "description": "Everything that rises.",
    "purpose": "Better bread.",
    "branding": {"logo_url": "https://x.example/l.png", "color": "#8B5A2B"},
    "visibility": "private",
    "rules": ["Be kind.", " No adverts. "],
    "posting": "leader",
    "moderation_required": True,
    "limits": {"minimum_age": 16, "countries": ["DE", "AT", "DE"], "member_cap": 5},
}


def test_is_there_with_all_that_was_settled(tenant):
    leader = tenant.leader("Lea")
    reply = create(body=FULL, **acting("leader", leader))
    assert reply.headers["location"] == f"/v1/community/communities/{reply.body['id']}"
    community = CommunityUnderTest(tenant, reply.body["id"], leader)
    settings = community.state().settings
    assert (settings.rules, settings.branding.color) == (("Be kind.", "No adverts."), "#8b5a2b")
    assert settings.limits.countries == ("AT", "DE")
    assert (settings.posting, settings.moderation_required) == ("leader", True)
    assert (community.members(), community.cap(), owned(tenant, leader)) == (1, 5, 1)
    assert community.membership(leader).member.display_name == "Lea"
    assert community.standing() == {
        "owner_id": leader,
        "status": "active",
        "visibility": "private",
        "name": BODY["name"],
        "logo_url": "https://x.example/l.png",
    }
    assert community.published(leader) == ("active", "moderator")
    audit(tenant)


def test_manners(tenant):
    leader = tenant.leader()
    before = stored_items()
    assert create(principal=None).status == 401
    assert create(**acting("consumer", leader)).body["code"] == "permission_required"
    assert create(**acting("leader", leader), standing="suspended").body["code"] == "tenant_suspended"
    assert stored_items() == before
    CommandContract(create, permission="community:create", given=acting("leader", leader)).once()
    assert owned(tenant, leader) == 1


def test_two_events_tell_of_it(tenant):
    community = found(tenant)
    (told,) = stored_events("community.created")
    assert (told.aggregate, told.aggregate_id, told.actor) == ("community", community.id, community.leader)
    (joined,) = stored_events("community.member_joined")
    assert joined.data["user_id"] == community.leader
    assert (joined.data["private"], joined.data["role"]) == (False, "moderator")


def test_leaders_alone_found_communities(tenant):
    consumer, before = tenant.consumer(), stored_items()
    reply = create(**acting("leader", consumer))
    assert (reply.status, reply.body["code"]) == (409, "not_a_leader")
    assert stored_items() == before


def test_who_is_not_known_yet_tries_again(tenant):
    reply = create(**acting("leader", new_id()))
    assert (reply.status, reply.body["code"]) == (503, "unavailable")


def test_within_the_leader_s_limit_and_a_deletion_makes_room(tenant):
    leader = tenant.leader()
    circles = [found(tenant, leader) for _ in range(5)]
    reply = create(**acting("leader", leader))
    assert (reply.status, reply.body["code"]) == (409, "community_limit_reached")
    assert circles[0].by_leader(delete).status == 200
    assert create(**acting("leader", leader)).status == 201
    audit(tenant)


def test_the_last_one_of_two_at_once(tenant):
    leader = tenant.leader()
    for _ in range(4):
        found(tenant, leader)
    with before_next_write(lambda: found(tenant, leader)):
        assert create(**acting("leader", leader)).body["code"] == "community_limit_reached"
    assert owned(tenant, leader) == 5


@pytest.mark.parametrize(
    "wrong, field",
    [
        ({"name": " "}, "name"),
        ({"visibility": "secret"}, "visibility"),
        ({"posting": "nobody"}, "posting"),
        ({"rules": [""]}, "rules.0"),
        ({"branding": {"color": "red"}}, "branding.color"),
        ({"branding": {"logo_url": "x"}}, "branding.logo_url"),
        ({"limits": {"minimum_age": 0}}, "limits.minimum_age"),
        ({"limits": {"member_cap": 0}}, "limits.member_cap"),
        ({"limits": {"countries": ["Germany"]}}, "limits.countries.0"),
        ({"owner_id": "x"}, "owner_id"),
    ],
)
def test_bad_fields_are_named(tenant, wrong, field):
    reply = create(body=BODY | wrong, **acting("leader", tenant.leader()))
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_a_name_must_be_given(tenant):
    assert create(body={}, **acting("leader", tenant.leader())).status == 422


def test_everything_is_the_tenant_s_own(tenant):
    found(tenant)
    ours = [item for item in stored_items() if not item["PK"].startswith("@#")]
    assert {item["PK"].split("#")[0] for item in ours} == {TENANT}
