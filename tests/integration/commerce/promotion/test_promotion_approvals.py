"""Who decides on a promotion, what waits for whom, and what each of them sees of it."""

import pytest

from commerce.promotion import budget
from commerce.promotion.decider import PROMOTION
from commerce.promotion.offer import offer_of
from support.commerce.promotions import Promotions, approve, community, pause, reject, stands
from support.commerce.shop import ask
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import acting
from support.spec import TENANT
from troupe.domain.decider import Rejected
from troupe.ids import new_id
from troupe.store import reads
from troupe.store.buckets import level
from troupe.store.commit import commit
from troupe.store.transact import load

ONE = "/promotions/{promotion_id}"


@pytest.fixture
def promotions(shop, clock):
    return Promotions()


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def offer(path):
    return offer_of(reads.one(budget.offer_key(TENANT, path["promotion_id"])))


def queue(caller, **query):
    return ask("/promotion-approvals", query=query, **caller)


def waiting(caller, **query):
    return [each["id"] for each in queue(caller, **query).body["items"]]


class TestWhoDecides:
    def test_only_the_leader_decides_for_a_community(self, promotions):
        mine, other = community(promotions.leader_id), community(new_id())
        path = promotions.submitted(promotions.goods(), visibility="both", communities=[mine, other])
        before = stored_items()
        for target in (other, new_id()):
            for verdict in ("approve", "reject"):
                reply = promotions.decides(verdict, path, target)
                assert (reply.status, reply.body["code"]) == (403, "leader_required")
        for_all = approve(path, **promotions.lea)
        assert (for_all.status, for_all.body["code"]) == (403, "permission_required")
        assert approve(path, body={"target": mine}, **acting("consumer", promotions.leader_id)).status == 403
        assert stored_items() == before
        assert promotions.decides("approve", path, mine).status == 200
        assert [each.data["approved_by"] for each in stored_events("promotion.target_approved")] == [
            promotions.leader_id
        ]

    def test_an_overseer_for_any(self, promotions):
        where = community(new_id())
        path = promotions.submitted(promotions.goods(), visibility="communities", communities=[where])
        assert approve(path, body={"target": where}, **promotions.ada).status == 200
        assert state(path).status == "active"
        unknown = approve(path, body={"target": new_id()}, **promotions.ada)
        assert unknown.body["code"] == "no_community"

    def test_a_former_leader_does_not_decide(self, promotions):
        where = community(promotions.leader_id)
        path = promotions.submitted(promotions.goods(), visibility="communities", communities=[where])
        with before_next_write(lambda: stands(where, new_id())):
            assert promotions.decides("approve", path, where).body["code"] == "leader_required"
        assert state(path).approved == ()

    def test_not_for_a_community_that_is_gone(self, promotions):
        where = community(promotions.leader_id)
        path = promotions.submitted(promotions.goods(), visibility="communities", communities=[where])
        stands(where, promotions.leader_id, status="deleted")
        assert promotions.decides("approve", path, where).body["code"] == "no_community"

    @pytest.mark.parametrize("target", ["everybody", "", "GLOBAL", "a#b"])
    def test_what_is_no_target(self, promotions, target):
        path = promotions.submitted(promotions.goods())
        assert approve(path, body={"target": target}, **promotions.ada).status == 422


def test_one_community_s_rejection_touches_no_other(promotions):
    """S-35: approved in A, rejected in B, pending in C: on in A alone; C comes later, and A is left alone."""
    a, b, c = (community(promotions.leader_id) for _ in range(3))
    path = promotions.submitted(promotions.goods(), visibility="both", communities=[a, b, c])
    promotions.decides("approve", path, a)
    promotions.decides("reject", path, b)
    promotions.decides("approve", path)
    assert state(path).status == "pending_approval"
    # C decides last of all: its own rejection would leave A's approval as it is
    assert waiting(promotions.lea, community_id=c) == [path["promotion_id"]]
    assert promotions.decides("approve", path, c).status == 200
    assert (offer(path).everywhere, offer(path).communities) == (True, (a, c))
    assert state(path).targets[2].choice == "rejected"
    assert promotions.decides("reject", path, a).body["code"] == "target_decided"


def test_who_decides_late_adds_its_card_alone(promotions, clock):
    """S-35: the deadline has passed, it is on in A; C approves afterwards, and one event says so."""
    from support.commerce.promotions import timed

    a, c = community(promotions.leader_id), community(promotions.leader_id)
    more = {"visibility": "communities", "communities": [a, c], "ends_at": "2026-04-01T00:00:00Z"}
    path = promotions.submitted(promotions.goods(), **more)
    promotions.decides("approve", path, a)
    clock.forward(days=7)
    timed("decide_promotion", path["promotion_id"])
    assert offer(path).communities == (a,)
    first = state(path).first_activated_at
    before = {each.id for each in stored_events()}
    clock.forward(days=1)
    assert promotions.decides("approve", path, c).status == 200
    (added,) = [each for each in stored_events() if each.id not in before]
    assert (added.type, added.data["target"]) == ("promotion.target_approved", c)
    assert (offer(path).communities, state(path).first_activated_at) == ((a, c), first)
    assert waiting(promotions.lea, community_id=c) == []


class TestQueues:
    def test_each_has_what_waits_for_it_the_longest_first(self, promotions, clock):
        where, goods = community(promotions.leader_id), promotions.goods()
        first = promotions.submitted(goods, visibility="both", communities=[where])["promotion_id"]
        clock.forward(minutes=1)
        second = promotions.submitted(goods)["promotion_id"]
        assert waiting(promotions.ada) == [first, second]
        assert waiting(promotions.lea, community_id=where) == [first]
        promotions.decides("reject", {"promotion_id": first})
        assert waiting(promotions.ada) == [second]
        promotions.decides("approve", {"promotion_id": first}, where)
        assert waiting(promotions.lea, community_id=where) == []
        (row,) = queue(promotions.ada).body["items"]
        assert (row["title"], row["decide_by"]) == ("Flash sale", "2026-03-08T12:00:00Z")

    def test_what_is_cancelled_waits_no_more(self, promotions):
        from support.commerce.promotions import cancel

        path = promotions.submitted(promotions.goods())
        cancel(path, **promotions.by)
        assert waiting(promotions.ada) == []

    def test_they_are_for_those_who_decide(self, promotions):
        other = community(new_id())
        assert queue(promotions.lea).body["code"] == "permission_required"
        for target in (other, new_id()):
            assert queue(promotions.lea, community_id=target).body["code"] == "permission_required"
        assert queue(promotions.by).status == 403
        assert queue(promotions.ada, community_id=other).status == 200

    def test_a_cursor_is_good_for_one_queue(self, promotions):
        where, goods = community(promotions.leader_id), promotions.goods()
        for _ in range(2):
            promotions.submitted(goods, visibility="both", communities=[where])
        page = queue(promotions.ada, limit="1").body
        assert len(page["items"]) == 1
        assert queue(promotions.ada, limit="1", cursor=page["cursor"]).body["cursor"] is None
        foreign = queue(promotions.lea, community_id=where, cursor=page["cursor"])
        assert (foreign.status, foreign.body["code"]) == (400, "foreign_cursor")


class TestWhatOneSees:
    def see(self, path, caller):
        return ask(ONE, path, **caller)

    def test_only_approvers_see_it_before_it_is_shown(self, promotions):
        where = community(promotions.leader_id)
        path = promotions.submitted(
            promotions.goods(), visibility="both", communities=[where], limits={"uses": 3}
        )
        consumer, stranger = acting("consumer", new_id()), acting("leader", new_id())
        for caller in (consumer, stranger, Promotions().by):
            assert self.see(path, caller).status == 404
        whole = self.see(path, promotions.by).body
        assert [each["id"] for each in whole["approval"]["targets"]] == ["global", where]
        assert whole["budget"] == {"limit": 3, "remaining": 3, "per_customer": None}
        assert self.see(path, promotions.ada).body["budget"] == whole["budget"]
        part = self.see(path, promotions.lea).body
        assert [each["id"] for each in part["approval"]["targets"]] == [where]
        assert (part["budget"], part["performance"]) == (None, [])

    def test_all_users_see_active_promotions_without_internal_fields(self, promotions):
        path = promotions.active(promotions.goods())
        shown = self.see(path, acting("consumer", new_id())).body
        assert (shown["status"], shown["products"][0]["variants"][0]["discount_cents"]) == ("active", 2400)
        assert [shown[each] for each in ("approval", "budget", "performance")] == [None] * 3

    def test_a_draft_says_whom_it_will_be_submitted_to(self, promotions):
        path = promotions.draft(promotions.goods())
        found = self.see(path, promotions.by)
        assert [each["choice"] for each in found.body["approval"]["targets"]] == ["pending"]
        assert found.version == 1
        assert self.see({"promotion_id": new_id()}, promotions.by).status == 404

    def test_the_promotions_of_a_supplier_by_status(self, promotions):
        goods, supplier = promotions.goods(), {"supplier_id": promotions.catalogue.supplier_id}
        active, paused, draft = promotions.active(goods), promotions.active(goods), promotions.draft(goods)
        pause(paused, **promotions.by)
        route = "/suppliers/{supplier_id}/promotions"

        def rows(caller, **query):
            found = ask(route, supplier, query=query, **caller)
            return [each["id"] for each in found.body["items"]] if found.status == 200 else found.body["code"]

        consumer = acting("consumer", new_id())
        assert rows(consumer) == rows(promotions.by) == [active["promotion_id"]]
        assert rows(promotions.by, status="paused") == [paused["promotion_id"]]
        assert rows(promotions.ada, status="draft") == [draft["promotion_id"]]
        assert rows(consumer, status="draft") == "permission_required"


class TestBudgets:
    """What an order takes of a promotion and gives back, by the interface that orders use."""

    def take(self, path, customer):
        commit(budget.used(TENANT, offer(path), customer))

    def left(self, path):
        return level(reads.batch(budget.uses(TENANT, path["promotion_id"]).keys).values()).available

    def give_all_back(self, path, *customers):
        for each in customers:
            commit(budget.returned(TENANT, offer(path), each))

    def test_the_last_use_is_one_order_s(self, promotions):
        """S-31: limit 2, used 1; of two at once one has it; what is given back is there once again."""
        path = promotions.active(promotions.goods(), limits={"uses": 2})
        ann, bob, eve = (new_id() for _ in range(3))
        self.take(path, ann)
        with pytest.raises(Rejected) as late, before_next_write(lambda: self.take(path, bob)):
            self.take(path, eve)
        assert (late.value.code, self.left(path)) == ("promotion_unavailable", 0)
        self.give_all_back(path, bob)
        assert self.left(path) == 1
        self.take(path, eve)
        self.give_all_back(path, ann, eve)
        assert self.left(path) == 2

    def test_a_limit_of_each_is_not_one_of_all(self, promotions):
        """S-32: five customers with one use each: it is on, and the second use of one is refused."""
        path = promotions.active(promotions.goods(), limits={"per_customer": 1})
        customers = [new_id() for _ in range(5)]
        for each in customers:
            self.take(path, each)
        with pytest.raises(Rejected):
            self.take(path, customers[0])
        assert state(path).status == "active"
        self.give_all_back(path, *customers)

    def test_nothing_is_taken_of_what_is_not_on(self, promotions):
        path = promotions.active(promotions.goods())
        taken = offer(path)
        pause(path, **promotions.by)
        before = stored_items()
        with pytest.raises(Rejected) as refused:
            commit(budget.used(TENANT, taken, new_id()))
        assert (refused.value.code, stored_items()) == ("promotion_unavailable", before)


def test_reasons_are_asked_for(promotions):
    path = promotions.submitted(promotions.goods())
    assert reject(path, body={"target": "global"}, **promotions.ada).status == 422
