"""transfer_community: to another leader who is a member; there is one leader at any moment."""

import pytest

from support.community.communities import PRIVATE, audit, ban, found, leave, owned, transfer
from support.identity.tenant import Manners, happened, items, meanwhile
from support.principals import acting
from troupe.ids import new_id


@pytest.fixture
def circle(plaza):
    return found(plaza, **PRIVATE)


@pytest.fixture
def heir(plaza, circle):
    heir = plaza.leader("Max")
    circle.admit(heir)
    return heir


def hand(circle, user_id, **given):
    return circle.by_leader(transfer, body={"user_id": user_id}, **given)


def test_manners(circle, heir):
    given = {**acting("leader", circle.leader), "body": {"user_id": heir}}
    Manners(transfer, circle.path(), "community:transfer", given).check()
    audit(circle.plaza)


def test_the_heir_leads_and_the_former_leader_may_leave(circle, heir):
    plaza = circle.plaza
    assert hand(circle, heir).status == 200
    assert circle.standing()["owner_id"] == heir
    assert circle.published(heir) == circle.published(circle.leader) == ("active", "moderator")
    assert (owned(plaza, circle.leader), owned(plaza, heir)) == (0, 1)
    (told,) = happened("community.transferred")
    assert told.data == {"owner_id": heir, "former_owner_id": circle.leader}
    assert leave(circle.path(), **acting("leader", heir)).body["code"] == "leader_stays"
    assert leave(circle.path(), **acting("leader", circle.leader)).status == 200
    audit(plaza)


def test_a_moderator_takes_it_without_a_change_of_role(circle, heir):
    circle.by_leader(transfer, body={"user_id": heir})
    roles = len(happened("community.member_role_changed"))
    back = transfer(circle.path(), body={"user_id": circle.leader}, **acting("leader", heir))
    assert back.status == 200
    assert len(happened("community.member_role_changed")) == roles
    audit(circle.plaza)


def test_to_oneself_it_is_nothing(circle):
    before = items()
    assert hand(circle, circle.leader).body["version"] == 1
    assert items() == before


def test_to_nobody_but_an_active_member_who_is_a_leader(plaza, circle, heir):
    consumer, outsider, asking = circle.member(), plaza.leader("Ole"), plaza.leader("Pia")
    circle.join(asking)
    circle.by_leader(ban, heir)
    before = items()
    for each in (consumer, outsider, asking, heir, new_id()):
        reply = hand(circle, each)
        assert (reply.status, reply.body["code"]) == (409, "not_a_leading_member")
    assert items() == before
    assert hand(circle, "x").status == 422


def test_by_nobody_but_the_leader(circle, heir):
    assert circle.by(heir, transfer, body={"user_id": heir}).body["code"] == "leader_required"
    outsider = circle.plaza.leader("Ole")
    assert circle.by(outsider, transfer, body={"user_id": heir}).status == 404
    admin = acting("admin", circle.plaza.admin())
    assert transfer(circle.path(), body={"user_id": heir}, **admin).status == 200
    audit(circle.plaza)


def test_within_the_heir_s_limit(plaza, circle, heir):
    for _ in range(5):
        found(plaza, heir)
    assert hand(circle, heir).body["code"] == "community_limit_reached"
    audit(plaza)


@pytest.mark.parametrize("held", ["member", "moderator"])
def test_s_39_an_heir_who_leaves_meanwhile_leads_nothing(circle, heir, held):
    """S-39: and the former leader leads on."""
    if held == "moderator":
        hand(circle, heir)
        transfer(circle.path(), body={"user_id": circle.leader}, **acting("leader", heir))
    with meanwhile(lambda: circle.leave(heir)):
        assert hand(circle, heir).body["code"] == "not_a_leading_member"
    assert circle.state().owner_id == circle.leader
    audit(circle.plaza)


def test_two_transfers_at_once_make_one_leader(plaza, circle, heir):
    other = plaza.leader("Pia")
    circle.admit(other)
    with meanwhile(lambda: hand(circle, other)):
        assert hand(circle, heir).body["code"] == "leader_required"
    assert circle.state().owner_id == other
    audit(plaza)
