"""update_community, delete_community, restore_community: by the leader, or whoever oversees all communities."""

import pytest

from support.community.communities import (
    PRIVATE,
    approve,
    audit,
    create,
    delete,
    found,
    owned,
    restore,
    update,
)
from support.community.tenant import ask
from support.identity.tenant import Manners, happened, items, meanwhile
from support.principals import acting
from troupe.ids import new_id

LEADS = {"update": update, "delete": delete, "restore": restore}


@pytest.mark.parametrize("verb", LEADS)
def test_manners(plaza, verb):
    circle = found(plaza)
    if verb == "restore":
        circle.by_leader(delete)
    given = acting("leader", circle.leader)
    Manners(LEADS[verb], circle.path(), f"community:{verb}", given).check()
    audit(plaza)


@pytest.mark.parametrize("call", [update, delete])
@pytest.mark.parametrize("role", ["member", "moderator"])
def test_members_and_moderators_do_not_lead(plaza, call, role):
    circle = found(plaza, **PRIVATE)
    member, before = circle.member(role=role), items()
    reply = circle.by(member, call)
    assert (reply.status, reply.body["code"]) == (403, "leader_required")
    assert items() == before


@pytest.mark.parametrize("call", LEADS.values())
def test_s_40_to_outsiders_a_private_community_is_not_there(plaza, call):
    """S-40: the same answer as for what was never there."""
    circle, outsider = found(plaza, **PRIVATE), plaza.leader("Max")
    before = items()
    hidden = circle.by(outsider, call)
    nothing = call({"community_id": new_id()}, **acting("leader", outsider))
    assert (hidden.status, hidden.body) == (nothing.status, nothing.body)
    assert hidden.status == 404
    assert items() == before


def test_an_overseer_leads_everywhere(plaza):
    circle, admin = found(plaza, **PRIVATE), plaza.admin()
    for call in (update, delete, restore):
        assert call(circle.path(), **acting("admin", admin)).status == 200
    audit(plaza)


def test_what_is_not_sent_stays_and_limits_are_replaced_as_a_whole(plaza):
    circle = found(plaza, purpose="Bread.", limits={"minimum_age": 16, "member_cap": 5})
    circle.by_leader(update, body={"name": "Rye Circle", "limits": {"member_cap": 9}})
    settings = circle.state().settings
    assert (settings.name, settings.purpose) == ("Rye Circle", "Bread.")
    assert (settings.limits.minimum_age, settings.limits.member_cap) == (None, 9)
    assert (circle.cap(), circle.standing()["name"]) == (9, "Rye Circle")
    circle.by_leader(update, body={"limits": {}})
    assert circle.cap() is None
    audit(plaza)


def test_the_same_again_writes_nothing(plaza):
    circle = found(plaza, purpose="Bread.")
    before = items()
    assert circle.by_leader(update, body={"purpose": "Bread."}).body["version"] == 1
    assert items() == before


def test_a_name_is_not_cleared(plaza):
    assert found(plaza).by_leader(update, body={"name": ""}).status == 422


def test_a_cap_below_the_members_stops_growth_and_sends_nobody_away(plaza):
    circle = found(plaza)
    circle.member(), circle.member("Ben")
    circle.by_leader(update, body={"limits": {"member_cap": 2}})
    assert circle.members() == 3
    late = plaza.consumer("Cy")
    assert circle.join(late).body["code"] == "community_full"
    audit(plaza)


def test_what_becomes_private_takes_members_by_approval(plaza):
    circle, late = found(plaza), plaza.consumer()
    circle.by_leader(update, body=PRIVATE)
    assert circle.join(late).body["status"] == "pending"
    circle.by_leader(update, body={"visibility": "public"})
    assert circle.join(late).body["status"] == "active"


def test_two_changes_at_once_both_hold(plaza):
    circle = found(plaza)
    with meanwhile(lambda: circle.by_leader(update, body={"name": "Rye"})):
        assert circle.by_leader(update, body={"purpose": "Rye bread."}).status == 200
    assert (circle.state().settings.name, circle.state().settings.purpose) == ("Rye", "Rye bread.")


class TestDeleted:
    def test_is_there_for_nobody_and_comes_back_as_it_was(self, plaza):
        circle = found(plaza)
        member = circle.member()
        circle.by_leader(delete)
        assert circle.standing()["status"] == "deleted"
        for reply in (
            circle.join(member),
            circle.leave(member),
            circle.by_leader(update),
            circle.by(member, restore),
        ):
            assert reply.status == 404
        for who in (
            acting("consumer", member),
            acting("leader", circle.leader),
            acting("admin", plaza.admin()),
        ):
            assert ask("/communities/{community_id}", circle.path(), **who).status == 404
        assert circle.by_leader(restore).status == 200
        assert (circle.members(), circle.status(member)) == (2, "active")
        assert ask("/communities/{community_id}", circle.path(), **acting("consumer", member)).status == 200
        audit(plaza)

    def test_twice_is_once(self, plaza):
        circle = found(plaza)
        assert [circle.by_leader(delete).body["version"] for _ in range(2)] == [2, 2]
        assert [circle.by_leader(restore).body["version"] for _ in range(2)] == [3, 3]
        assert len(happened("community.deleted", "community.restored")) == 2
        assert owned(plaza, circle.leader) == 1

    def test_comes_back_within_the_leader_s_limit(self, plaza):
        circle = found(plaza)
        circle.by_leader(delete)
        for _ in range(5):
            found(plaza, circle.leader)
        reply = circle.by_leader(restore)
        assert (reply.status, reply.body["code"]) == (409, "community_limit_reached")
        assert create(**acting("leader", circle.leader)).status == 409
        audit(plaza)

    def test_who_joins_meanwhile_does_not(self, plaza):
        circle, late = found(plaza), plaza.consumer()
        with meanwhile(lambda: circle.by_leader(delete)):
            assert circle.join(late).status == 404
        assert circle.status(late) is None

    def test_who_is_approved_meanwhile_is_not(self, plaza):
        circle, late = found(plaza, **PRIVATE), plaza.consumer()
        circle.join(late)
        with meanwhile(lambda: circle.by_leader(delete)):
            assert circle.by_leader(approve, late).status == 404
        assert circle.status(late) == "pending"
