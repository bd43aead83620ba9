"""update_community, delete_community, restore_community: by the leader, or by an overseer of all communities."""

import pytest

from support.command_contract import CommandContract
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
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id

LEADS = {"update": update, "delete": delete, "restore": restore}


@pytest.mark.parametrize("verb", LEADS)
def test_manners(tenant, verb):
    community = found(tenant)
    if verb == "restore":
        community.by_leader(delete)
    given = acting("leader", community.leader)
    CommandContract(LEADS[verb], community.path(), f"community:{verb}", given).check()
    audit(tenant)


@pytest.mark.parametrize("call", [update, delete])
@pytest.mark.parametrize("role", ["member", "moderator"])
def test_members_and_moderators_do_not_lead(tenant, call, role):
    community = found(tenant, **PRIVATE)
    member, before = community.member(role=role), stored_items()
    reply = community.by(member, call)
    assert (reply.status, reply.body["code"]) == (403, "leader_required")
    assert stored_items() == before


@pytest.mark.parametrize("call", LEADS.values())
def test_s_40_to_outsiders_a_private_community_is_not_there(tenant, call):
    """S-40: the same answer as for what was never there."""
    community, outsider = found(tenant, **PRIVATE), tenant.leader("Max")
    before = stored_items()
    hidden = community.by(outsider, call)
    nothing = call({"community_id": new_id()}, **acting("leader", outsider))
    assert (hidden.status, hidden.body) == (nothing.status, nothing.body)
    assert hidden.status == 404
    assert stored_items() == before


def test_an_overseer_leads_everywhere(tenant):
    community, admin = found(tenant, **PRIVATE), tenant.admin()
    for call in (update, delete, restore):
        assert call(community.path(), **acting("admin", admin)).status == 200
    audit(tenant)


def test_what_is_not_sent_stays_and_limits_are_replaced_as_a_whole(tenant):
    community = found(tenant, purpose="Bread.", limits={"minimum_age": 16, "member_cap": 5})
    community.by_leader(update, body={"name": "Rye Circle", "limits": {"member_cap": 9}})
    settings = community.state().settings
    assert (settings.name, settings.purpose) == ("Rye Circle", "Bread.")
    assert (settings.limits.minimum_age, settings.limits.member_cap) == (None, 9)
    assert (community.cap(), community.standing()["name"]) == (9, "Rye Circle")
    community.by_leader(update, body={"limits": {}})
    assert community.cap() is None
    audit(tenant)


def test_the_same_again_writes_nothing(tenant):
    community = found(tenant, purpose="Bread.")
    before = stored_items()
    assert community.by_leader(update, body={"purpose": "Bread."}).body["version"] == 1
    assert stored_items() == before


def test_a_name_is_not_cleared(tenant):
    assert found(tenant).by_leader(update, body={"name": ""}).status == 422


def test_a_cap_below_the_members_stops_growth_and_removes_no_member(tenant):
    community = found(tenant)
    community.member(), community.member("Ben")
    community.by_leader(update, body={"limits": {"member_cap": 2}})
    assert community.members() == 3
    late = tenant.consumer("Cy")
    assert community.join(late).body["code"] == "community_full"
    audit(tenant)


def test_what_becomes_private_takes_members_by_approval(tenant):
    community, late = found(tenant), tenant.consumer()
    community.by_leader(update, body=PRIVATE)
    assert community.join(late).body["status"] == "pending"
    community.by_leader(update, body={"visibility": "public"})
    assert community.join(late).body["status"] == "active"


def test_two_changes_at_once_both_hold(tenant):
    community = found(tenant)
    with before_next_write(lambda: community.by_leader(update, body={"name": "Rye"})):
        assert community.by_leader(update, body={"purpose": "Rye bread."}).status == 200
    assert (community.state().settings.name, community.state().settings.purpose) == ("Rye", "Rye bread.")


class TestDeleted:
    def test_a_deleted_community_is_not_found_until_it_is_restored(self, tenant):
        community = found(tenant)
        member = community.member()
        community.by_leader(delete)
        assert community.standing()["status"] == "deleted"
        for reply in (
            community.join(member),
            community.leave(member),
            community.by_leader(update),
            community.by(member, restore),
        ):
            assert reply.status == 404
        for who in (
            acting("consumer", member),
            acting("leader", community.leader),
            acting("admin", tenant.admin()),
        ):
            assert ask("/communities/{community_id}", community.path(), **who).status == 404
        assert community.by_leader(restore).status == 200
        assert (community.members(), community.status(member)) == (2, "active")
        assert (
            ask("/communities/{community_id}", community.path(), **acting("consumer", member)).status == 200
        )
        audit(tenant)

    def test_twice_is_once(self, tenant):
        community = found(tenant)
        assert [community.by_leader(delete).body["version"] for _ in range(2)] == [2, 2]
        assert [community.by_leader(restore).body["version"] for _ in range(2)] == [3, 3]
        assert len(stored_events("community.deleted", "community.restored")) == 2
        assert owned(tenant, community.leader) == 1

    def test_comes_back_within_the_leader_s_limit(self, tenant):
        community = found(tenant)
        community.by_leader(delete)
        for _ in range(5):
            found(tenant, community.leader)
        reply = community.by_leader(restore)
        assert (reply.status, reply.body["code"]) == (409, "community_limit_reached")
        assert create(**acting("leader", community.leader)).status == 409
        audit(tenant)

    def test_who_joins_meanwhile_does_not(self, tenant):
        community, late = found(tenant), tenant.consumer()
        with before_next_write(lambda: community.by_leader(delete)):
            assert community.join(late).status == 404
        assert community.status(late) is None

    def test_who_is_approved_meanwhile_is_not(self, tenant):
        community, late = found(tenant, **PRIVATE), tenant.consumer()
        community.join(late)
        with before_next_write(lambda: community.by_leader(delete)):
            assert community.by_leader(approve, late).status == 404
        assert community.status(late) == "pending"
