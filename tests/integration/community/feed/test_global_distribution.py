"""A post for everybody: asked by its author, decided on by an administrator, and a flow that waits for that."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from circle import PRIVATE, ban, found, update
from community import flows
from community.commands import reject_global_distribution, remind_administrators
from community.flows import await_distribution, next_distribution_step, sweep_distributions
from community.post import DUE
from entrance import Clock
from flow_engine import Engine
from forum import by, delete, edit, hide, publish, wrote
from gazette import deliver, feed, ids
from people import acting
from plaza import Call, ask
from spec import LAMBDA, OTHER
from town import happened, items, meanwhile, round_trips
from troupe import flow_tokens, keys, writes
from troupe.commit import commit
from troupe.ids import new_id

PLACE = "/posts/{post_id}/global-distribution"
request_global_distribution = Call("request_global_distribution", f"POST {PLACE}")
approve_global_distribution = Call("approve_global_distribution", f"POST {PLACE}/approve")
turn_down = Call("reject_global_distribution", f"POST {PLACE}/reject", {"reason": "An advert."})
QUEUE = "/global-distribution"
DEFINITION = Path(flows.__file__).parent / "distribution.asl.yaml"
FUNCTIONS: dict[str, Callable[[dict[str, Any], Any], Any]] = {
    "NextDistributionStep": next_distribution_step.handler,
    "AwaitDistribution": await_distribution.handler,
    "RemindAdministrators": remind_administrators.handler,
    "RejectGlobalDistribution": reject_global_distribution.handler,
}
FLOW_ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:troupe-globaldistribution"


@dataclass
class Desk:
    """The administrators' side: the flow's machine, and what the context has heard."""

    engine: Engine
    clock: Clock
    admin: str
    told: set[str] = field(default_factory=set)

    def settle(self) -> None:
        """Until nothing more happens without time passing."""
        for _ in range(10):
            news = [event for event in happened() if event.id not in self.told]
            self.told |= {event.id for event in news}
            deliver(news)
            self.engine.go_on()
            if not news:
                return
        raise AssertionError("the flow runs in circles")

    def passes(self, **by_time: float) -> None:
        """Let time pass, waking at every wait on the way."""
        until = self.clock.instant + timedelta(**by_time)
        self.settle()
        while self.clock.instant < until:
            wakes = [each.wakes_at for each in self.engine.executions.values() if each.status == "RUNNING"]
            self.clock.instant = min([*wakes, until])
            self.settle()

    def approves(self, wall, **given):
        return approve_global_distribution(wall.path, **acting("admin", self.admin), **given)

    def turns_down(self, wall, **given):
        return turn_down(wall.path, **acting("admin", self.admin), **given)

    def queue(self, role="admin", **query):
        return ask(QUEUE, **acting(role, self.admin), query=query)

    @property
    def flow(self):
        (execution,) = self.engine.executions.values()
        return execution


@pytest.fixture
def desk(plaza, clock, gazette, monkeypatch):
    monkeypatch.setenv("DISTRIBUTION_FLOW_ARN", FLOW_ARN)
    monkeypatch.setattr("community.flows.sweep_distributions.now", clock)
    engine = Engine.of(DEFINITION, FUNCTIONS, clock)
    engine.install()
    return Desk(engine, clock, plaza.admin())


@pytest.fixture
def circle(plaza):
    return found(plaza)


@pytest.fixture
def wall(circle, desk):
    return wrote(circle, circle.member("Emily"))


def requests(wall):
    return wall(request_global_distribution)


def shown(plaza):
    return ids(feed(new_id()))


def test_asked_granted_and_shown_to_everybody(desk, wall, plaza):
    assert requests(wall).status == 200
    desk.settle()
    (row,) = desk.queue().body["items"]
    assert (row["id"], row["display_name"], row["reminders"]) == (wall.id, "Emily", 0)
    assert datetime.fromisoformat(row["decide_by"]) - datetime.fromisoformat(
        row["requested_at"]
    ) == timedelta(7)
    assert (desk.flow.status, shown(plaza)) == ("RUNNING", [])
    assert desk.approves(wall).status == 200
    desk.settle()
    assert (desk.flow.status, shown(plaza)) == ("SUCCEEDED", [wall.id])
    assert desk.queue().body["items"] == []


def test_turned_down_it_stays_in_its_community(desk, wall, plaza, circle):
    requests(wall)
    desk.settle()
    assert desk.turns_down(wall).status == 200
    desk.settle()
    assert (desk.flow.status, shown(plaza), ids(feed(wall.author, circle))) == ("SUCCEEDED", [], [wall.id])
    assert requests(wall).body["code"] == "invalid_transition"
    wall(edit)
    assert requests(wall).status == 200


def test_an_edit_withdraws_it_and_the_flow_ends(desk, wall, plaza):
    requests(wall)
    desk.approves(wall)
    desk.settle()
    assert shown(plaza) == [wall.id]
    wall(edit)
    desk.settle()
    assert (desk.flow.status, shown(plaza)) == ("SUCCEEDED", [])


def test_the_administrators_are_reminded_daily_and_done_without_at_last(desk, wall, plaza):
    requests(wall)
    desk.passes(days=3, hours=1)
    assert [each.data["number"] for each in happened("post.global_reminded")] == [1, 2, 3]
    assert [each["reminders"] for each in desk.queue().body["items"]] == [3]
    desk.passes(days=4)
    assert desk.flow.status == "SUCCEEDED"
    (rejected,) = happened("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == ("Nobody has decided on it in time.", "flow")
    assert len(happened("post.global_reminded")) == 6


def test_the_time_to_decide_is_the_tenant_s(desk, wall, plaza):
    plaza.people.settle(promotion_decision_days=2)
    requests(wall)
    desk.passes(days=2)
    assert len(happened("post.global_rejected")) == 1


def test_the_sweep_does_it_all_where_the_flow_is_lost(desk, wall):
    requests(wall)
    desk.settle()
    desk.engine.forget()
    for _ in range(8):
        desk.clock.instant += timedelta(days=1)
        upto = int((desk.clock.instant - timedelta(minutes=5)).timestamp())
        commit([writes.put(keys.swept(DUE), {"upto": upto})])
        assert sweep_distributions.handler({}, LAMBDA)["failed"] == 0
        desk.settle()
    assert len(happened("post.global_reminded")) == 6
    (rejected,) = happened("post.global_rejected")
    assert (rejected.data["reason"], rejected.actor) == (sweep_distributions.UNDECIDED, "schedule")


def test_the_sweep_leaves_alone_what_has_changed_meanwhile(desk, wall):
    from troupe.due import Due

    key = keys.state(wall.circle.plaza.tenant_id, "post", wall.id)
    requests(wall)
    for due_id in (wall.id, f"{wall.circle.id}.{new_id()}"):
        due = Due(tenant_id=wall.circle.plaza.tenant_id, id=due_id, at=desk.clock.instant, key=key)
        before = items()
        sweep_distributions._act(due, LAMBDA)
        assert items() == before


def test_a_flow_is_begun_once_and_told_however_often(desk, wall):
    requests(wall)
    desk.approves(wall)
    for _ in range(2):
        deliver(happened())
        desk.engine.go_on()
    assert desk.flow.status == "SUCCEEDED"


def test_a_decision_while_the_flow_begins_to_wait_is_not_missed(desk, wall):
    """The token is answered at once: what it would wait for is over."""
    requests(wall)
    with meanwhile(lambda: desk.approves(wall)):
        desk.settle()
    assert desk.flow.status == "SUCCEEDED"


def test_whose_post_loses_every_race_is_asked_again(desk, wall, monkeypatch):
    from community import distributions
    from troupe.commit import Stale
    from troupe.store import Contended

    def lost(_actions):
        raise Stale({})

    requests(wall)
    monkeypatch.setattr(distributions, "commit", lost)
    requested_at = wall.state().distribution.requested_at
    with pytest.raises(Contended):
        distributions.wait(wall.circle.plaza.tenant_id, wall.id, requested_at, "token")


def test_a_deleted_post_s_flow_ends(desk, wall):
    requests(wall)
    desk.settle()
    wall(delete)
    desk.settle()
    assert desk.flow.status == "SUCCEEDED"


def test_a_flow_that_nobody_knows_needs_no_answer(desk, caplog):
    flow_tokens.answer("nobody's")
    said = [each.reason for each in caplog.records if each.message == "flow_not_waiting"]
    assert said == ["TaskDoesNotExist"]


class TestWhoMay:
    def test_its_author_asks_and_nobody_else(self, wall, circle, desk):
        for who in (circle.member("Ben"), circle.leader):
            reply = wall(request_global_distribution, who)
            assert (reply.status, reply.body["code"]) == (403, "author_required")
        before = items()
        assert request_global_distribution(wall.path, **by(wall.author, tenant_id=OTHER)).status == 404
        assert request_global_distribution({"post_id": new_id()}, **by(wall.author)).status == 404
        assert items() == before

    def test_who_has_left_asks_no_more(self, wall, circle):
        circle.leave(wall.author)
        assert requests(wall).body["code"] == "member_required"
        circle.by_leader(ban, wall.author)
        assert requests(wall).body["code"] == "member_required"

    def test_what_is_said_in_a_private_community_stays_in_it(self, desk, plaza):
        """S-40: neither asked for, nor granted when it has become private meanwhile, nor listed."""
        circle = found(plaza)
        wall = wrote(circle)
        requests(wall)
        circle.by_leader(update, body=PRIVATE)
        assert desk.approves(wall).body["code"] == "private_community"
        assert [each["id"] for each in desk.queue().body["items"]] == [wall.id]
        assert desk.queue("staff").body["items"] == []
        assert requests(wrote(circle)).body["code"] == "private_community"
        assert desk.turns_down(wall).status == 200

    def test_what_is_not_published_is_not_for_everybody(self, desk, plaza):
        circle = found(plaza, moderation_required=True)
        wall = wrote(circle, circle.member())
        assert requests(wall).body["code"] == "not_published"
        wall.by_leader(publish)
        requests(wall)
        wall.by_leader(hide)
        assert desk.queue().body["items"] == []
        assert desk.approves(wall).body["code"] == "not_published"

    def test_decisions_take_the_permission(self, wall, circle):
        requests(wall)
        for call in (approve_global_distribution, turn_down):
            reply = call(wall.path, **acting("leader", circle.leader))
            assert (reply.status, reply.body["code"]) == (403, "permission_required")
        assert ask(QUEUE, **acting("leader", circle.leader)).status == 403

    def test_a_decision_is_one_read_and_one_transaction_and_takes_effect_once(self, wall, desk):
        key = {"headers": {"idempotency-key": "k"}}
        for call, given in ((requests, {}), (desk.approves, key)):
            with round_trips() as made:
                assert call(wall, **given).status == 200
            assert made == ["BatchGetItem", "TransactWriteItems"]
        assert desk.approves(wall, **key).headers["idempotent-replayed"] == "true"
        before = items()
        assert desk.approves(wall).status == requests(wall).status == 200
        assert items() == before


def test_the_queue_shows_who_has_waited_longest_first(desk, plaza, circle):
    walls = [wrote(circle) for _ in range(3)]
    for each in walls:
        desk.clock.instant += timedelta(minutes=1)
        requests(each)
    first = desk.queue(limit="2")
    assert [each["id"] for each in first.body["items"]] == [walls[0].id, walls[1].id]
    second = desk.queue(limit="2", cursor=first.body["cursor"])
    assert [each["id"] for each in second.body["items"]] == [walls[2].id]
    reply = ask(QUEUE, **acting("admin", new_id()), query={"cursor": first.body["cursor"]})
    assert (reply.status, reply.body["code"]) == (400, "foreign_cursor")
