"""create_community: by leaders, within their limit, with the leader as the first member."""

import pytest

from support.community.communities import BODY, Circle, audit, create, delete, found, owned
from support.identity.tenant import Manners, happened, items, meanwhile
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


def test_is_there_with_all_that_was_settled(plaza):
    leader = plaza.leader("Lea")
    reply = create(body=FULL, **acting("leader", leader))
    assert reply.headers["location"] == f"/v1/community/communities/{reply.body['id']}"
    circle = Circle(plaza, reply.body["id"], leader)
    settings = circle.state().settings
    assert (settings.rules, settings.branding.color) == (("Be kind.", "No adverts."), "#8b5a2b")
    assert settings.limits.countries == ("AT", "DE")
    assert (settings.posting, settings.moderation_required) == ("leader", True)
    assert (circle.members(), circle.cap(), owned(plaza, leader)) == (1, 5, 1)
    assert circle.membership(leader).member.display_name == "Lea"
    assert circle.standing() == {
        "owner_id": leader,
        "status": "active",
        "visibility": "private",
        "name": BODY["name"],
        "logo_url": "https://x.example/l.png",
    }
    assert circle.published(leader) == ("active", "moderator")
    audit(plaza)


def test_manners(plaza):
    leader = plaza.leader()
    before = items()
    assert create(principal=None).status == 401
    assert create(**acting("consumer", leader)).body["code"] == "permission_required"
    assert create(**acting("leader", leader), standing="suspended").body["code"] == "tenant_suspended"
    assert items() == before
    Manners(create, permission="community:create", given=acting("leader", leader)).once()
    assert owned(plaza, leader) == 1


def test_two_events_tell_of_it(plaza):
    circle = found(plaza)
    (told,) = happened("community.created")
    assert (told.aggregate, told.aggregate_id, told.actor) == ("community", circle.id, circle.leader)
    (joined,) = happened("community.member_joined")
    assert joined.data["user_id"] == circle.leader
    assert (joined.data["private"], joined.data["role"]) == (False, "moderator")


def test_leaders_alone_found_communities(plaza):
    consumer, before = plaza.consumer(), items()
    reply = create(**acting("leader", consumer))
    assert (reply.status, reply.body["code"]) == (409, "not_a_leader")
    assert items() == before


def test_who_is_not_known_yet_tries_again(plaza):
    reply = create(**acting("leader", new_id()))
    assert (reply.status, reply.body["code"]) == (503, "unavailable")


def test_within_the_leader_s_limit_and_a_deletion_makes_room(plaza):
    leader = plaza.leader()
    circles = [found(plaza, leader) for _ in range(5)]
    reply = create(**acting("leader", leader))
    assert (reply.status, reply.body["code"]) == (409, "community_limit_reached")
    assert circles[0].by_leader(delete).status == 200
    assert create(**acting("leader", leader)).status == 201
    audit(plaza)


def test_the_last_one_of_two_at_once(plaza):
    leader = plaza.leader()
    for _ in range(4):
        found(plaza, leader)
    with meanwhile(lambda: found(plaza, leader)):
        assert create(**acting("leader", leader)).body["code"] == "community_limit_reached"
    assert owned(plaza, leader) == 5


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
def test_bad_fields_are_named(plaza, wrong, field):
    reply = create(body=BODY | wrong, **acting("leader", plaza.leader()))
    assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)


def test_a_name_must_be_given(plaza):
    assert create(body={}, **acting("leader", plaza.leader())).status == 422


def test_everything_is_the_tenant_s_own(plaza):
    found(plaza)
    ours = [item for item in items() if not item["PK"].startswith("@#")]
    assert {item["PK"].split("#")[0] for item in ours} == {TENANT}
