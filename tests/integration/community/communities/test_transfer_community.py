"""transfer_community: to another leader who is a member; there is one leader at any moment."""

import pytest

from support.command_contract import CommandContract
from support.community.communities import PRIVATE, audit, ban, found, leave, owned, transfer
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from troupe.ids import new_id


@pytest.fixture
def community(tenant):
    return found(tenant, **PRIVATE)


@pytest.fixture
def heir(tenant, community):
    heir = tenant.leader("Max")
    community.admit(heir)
    return heir


def hand(community, user_id, **given):
    return community.by_leader(transfer, body={"user_id": user_id}, **given)


def test_manners(community, heir):
    given = {**acting("leader", community.leader), "body": {"user_id": heir}}
    CommandContract(transfer, community.path(), "community:transfer", given).check()
    audit(community.tenant)


def test_the_heir_leads_and_the_former_leader_may_leave(community, heir):
    tenant = community.tenant
    assert hand(community, heir).status == 200
    assert community.standing()["owner_id"] == heir
    assert community.published(heir) == community.published(community.leader) == ("active", "moderator")
    assert (owned(tenant, community.leader), owned(tenant, heir)) == (0, 1)
    (told,) = stored_events("community.transferred")
    assert told.data == {"owner_id": heir, "former_owner_id": community.leader}
    assert leave(community.path(), **acting("leader", heir)).body["code"] == "leader_cannot_leave"
    assert leave(community.path(), **acting("leader", community.leader)).status == 200
    audit(tenant)


def test_a_moderator_takes_it_without_a_change_of_role(community, heir):
    community.by_leader(transfer, body={"user_id": heir})
    roles = len(stored_events("community.member_role_changed"))
    back = transfer(community.path(), body={"user_id": community.leader}, **acting("leader", heir))
    assert back.status == 200
    assert len(stored_events("community.member_role_changed")) == roles
    audit(community.tenant)


def test_to_oneself_it_is_nothing(community):
    before = stored_items()
    assert hand(community, community.leader).body["version"] == 1
    assert stored_items() == before


def test_only_to_an_active_member_who_is_a_leader(tenant, community, heir):
    consumer, outsider, asking = community.member(), tenant.leader("Ole"), tenant.leader("Pia")
    community.join(asking)
    community.by_leader(ban, heir)
    before = stored_items()
    for each in (consumer, outsider, asking, heir, new_id()):
        reply = hand(community, each)
        assert (reply.status, reply.body["code"]) == (409, "not_a_leading_member")
    assert stored_items() == before
    assert hand(community, "x").status == 422


def test_only_by_the_leader(community, heir):
    assert community.by(heir, transfer, body={"user_id": heir}).body["code"] == "leader_required"
    outsider = community.tenant.leader("Ole")
    assert community.by(outsider, transfer, body={"user_id": heir}).status == 404
    admin = acting("admin", community.tenant.admin())
    assert transfer(community.path(), body={"user_id": heir}, **admin).status == 200
    audit(community.tenant)


def test_within_the_heir_s_limit(tenant, community, heir):
    for _ in range(5):
        found(tenant, heir)
    assert hand(community, heir).body["code"] == "community_limit_reached"
    audit(tenant)


@pytest.mark.parametrize("held", ["member", "moderator"])
def test_s_39_an_heir_who_leaves_meanwhile_leads_nothing(community, heir, held):
    """S-39: and the former leader leads on."""
    if held == "moderator":
        hand(community, heir)
        transfer(community.path(), body={"user_id": community.leader}, **acting("leader", heir))
    with before_next_write(lambda: community.leave(heir)):
        assert hand(community, heir).body["code"] == "not_a_leading_member"
    assert community.state().owner_id == community.leader
    audit(community.tenant)


def test_two_transfers_at_once_make_one_leader(tenant, community, heir):
    other = tenant.leader("Pia")
    community.admit(other)
    with before_next_write(lambda: hand(community, other)):
        assert hand(community, heir).body["code"] == "leader_required"
    assert community.state().owner_id == other
    audit(tenant)
