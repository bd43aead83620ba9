"""Global distribution of a post: requested by its author, decided by an administrator."""

from datetime import datetime, timedelta

from support.community.communities import PRIVATE, ban, found, update
from support.community.distribution import (
    QUEUE,
    approve_global_distribution,
    reject_global_distribution,
    request_global_distribution,
    requests,
    shown,
)
from support.community.feeds import feed, ids
from support.community.posts import by, edit, hide, publish, wrote
from support.community.tenant import ask
from support.dynamodb import round_trips, stored_items
from support.principals import acting
from support.spec import OTHER
from troupe.ids import new_id


def test_requested_approved_and_shown_in_the_global_feed(distribution, wall):
    assert requests(wall).status == 200
    distribution.settle()
    (row,) = distribution.queue().body["items"]
    assert (row["id"], row["display_name"], row["reminders"]) == (wall.id, "Emily", 0)
    assert datetime.fromisoformat(row["decide_by"]) - datetime.fromisoformat(
        row["requested_at"]
    ) == timedelta(7)
    assert (distribution.flow.status, shown()) == ("RUNNING", [])
    assert distribution.approves(wall).status == 200
    distribution.settle()
    assert (distribution.flow.status, shown()) == ("SUCCEEDED", [wall.id])
    assert distribution.queue().body["items"] == []


def test_turned_down_it_stays_in_its_community(distribution, wall):
    requests(wall)
    distribution.settle()
    assert distribution.turns_down(wall).status == 200
    distribution.settle()
    assert (distribution.flow.status, shown(), ids(feed(wall.author, wall.community))) == (
        "SUCCEEDED",
        [],
        [wall.id],
    )
    assert requests(wall).body["code"] == "invalid_transition"
    wall(edit)
    assert requests(wall).status == 200


def test_an_edit_withdraws_it_and_the_flow_ends(distribution, wall):
    requests(wall)
    distribution.approves(wall)
    distribution.settle()
    assert shown() == [wall.id]
    wall(edit)
    distribution.settle()
    assert (distribution.flow.status, shown()) == ("SUCCEEDED", [])


class TestWhoMay:
    def test_only_the_author_asks(self, wall):
        community = wall.community
        for who in (community.member("Ben"), community.leader):
            reply = wall(request_global_distribution, who)
            assert (reply.status, reply.body["code"]) == (403, "author_required")
        before = stored_items()
        assert request_global_distribution(wall.path, **by(wall.author, tenant_id=OTHER)).status == 404
        assert request_global_distribution({"post_id": new_id()}, **by(wall.author)).status == 404
        assert stored_items() == before

    def test_who_has_left_asks_no_more(self, wall):
        community = wall.community
        community.leave(wall.author)
        assert requests(wall).body["code"] == "member_required"
        community.by_leader(ban, wall.author)
        assert requests(wall).body["code"] == "member_required"

    def test_what_is_said_in_a_private_community_stays_in_it(self, distribution, tenant):
        """S-40: neither asked for, nor granted when it has become private meanwhile, nor listed."""
        community = found(tenant)
        wall = wrote(community)
        requests(wall)
        community.by_leader(update, body=PRIVATE)
        assert distribution.approves(wall).body["code"] == "private_community"
        assert [each["id"] for each in distribution.queue().body["items"]] == [wall.id]
        assert distribution.queue("staff").body["items"] == []
        assert requests(wrote(community)).body["code"] == "private_community"
        assert distribution.turns_down(wall).status == 200

    def test_an_unpublished_post_cannot_be_shown_to_the_tenant(self, distribution, tenant):
        community = found(tenant, moderation_required=True)
        wall = wrote(community, community.member())
        assert requests(wall).body["code"] == "not_published"
        wall.by_leader(publish)
        requests(wall)
        wall.by_leader(hide)
        assert distribution.queue().body["items"] == []
        assert distribution.approves(wall).body["code"] == "not_published"

    def test_decisions_take_the_permission(self, wall):
        community = wall.community
        requests(wall)
        for call in (approve_global_distribution, reject_global_distribution):
            reply = call(wall.path, **acting("leader", community.leader))
            assert (reply.status, reply.body["code"]) == (403, "permission_required")
        assert ask(QUEUE, **acting("leader", community.leader)).status == 403

    def test_a_decision_is_one_read_and_one_transaction_and_takes_effect_once(self, wall, distribution):
        key = {"headers": {"idempotency-key": "k"}}
        for call, given in ((requests, {}), (distribution.approves, key)):
            with round_trips() as made:
                assert call(wall, **given).status == 200
            assert made == ["BatchGetItem", "TransactWriteItems"]
        assert distribution.approves(wall, **key).headers["idempotent-replayed"] == "true"
        before = stored_items()
        assert distribution.approves(wall).status == requests(wall).status == 200
        assert stored_items() == before


def test_the_queue_shows_who_has_waited_longest_first(distribution, tenant):
    community = found(tenant)
    walls = [wrote(community) for _ in range(3)]
    for each in walls:
        distribution.clock.instant += timedelta(minutes=1)
        requests(each)
    first = distribution.queue(limit="2")
    assert [each["id"] for each in first.body["items"]] == [walls[0].id, walls[1].id]
    second = distribution.queue(limit="2", cursor=first.body["cursor"])
    assert [each["id"] for each in second.body["items"]] == [walls[2].id]
    reply = ask(QUEUE, **acting("admin", new_id()), query={"cursor": first.body["cursor"]})
    assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
