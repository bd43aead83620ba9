"""Promotions from the draft to their end: what is frozen, who is asked, and what is written beside them."""

from datetime import timedelta

import pytest

from commerce.promotion import budget as promotion_budget
from commerce.promotion import transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.offer import BUDGET, offer_of
from support.command_contract import ALL, CommandContract
from support.commerce.catalogue import publish, unpublish
from support.commerce.catalogue import stands as supplier_stands
from support.commerce.catalogue import update as update_product
from support.commerce.promotions import (
    Promotions,
    approve,
    cancel,
    community,
    create,
    pause,
    reject,
    resume,
    submit,
    update,
)
from support.dynamodb import before_next_write, stored_events, stored_items
from support.principals import NOON, acting
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store import copies, keys, reads
from troupe.store.buckets import level
from troupe.store.transact import load

CALLS = {
    "create_promotion": create,
    "update_promotion": update,
    "submit_promotion": submit,
    "approve_promotion": approve,
    "reject_promotion": reject,
    "pause_promotion": pause,
    "resume_promotion": resume,
    "cancel_promotion": cancel,
}


@pytest.fixture
def promotions(shop, clock):
    return Promotions()


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def budget(path):
    """The state that each bucket or copy of it has."""
    of = keys.part(TENANT, "promotion", path["promotion_id"], BUDGET)
    uses = promotion_budget.uses(TENANT, path["promotion_id"])
    (state,) = {item["state"] for item in reads.batch((*copies.keys(of), *uses.keys)).values()}
    return state


def offer(path):
    return offer_of(reads.one(promotion_budget.offer_key(TENANT, path["promotion_id"])))


def running(promotions):
    found = reads.one(transactions.running(TENANT, promotions.catalogue.supplier_id))
    return found["running"] if found else 0


class TestDrafting:
    def test_a_supplier_drafts_about_its_own_products(self, promotions):
        reply = create(body=promotions.body(promotions.goods()), **promotions.by)
        assert (reply.status, reply.headers["location"]) == (
            201,
            f"/v1/commerce/promotions/{reply.body['id']}",
        )
        assert state({"promotion_id": reply.body["id"]}).status == "draft"
        assert [each.type for each in stored_events("promotion.created")] == ["promotion.created"]

    def test_not_about_another_s(self, promotions):
        foreign = Promotions().goods()
        before = stored_items()
        assert create(body=promotions.body(foreign), **promotions.by).body["code"] == "no_product"
        assert stored_items() == before

    @pytest.mark.parametrize("status", ["registered", "suspended"])
    def test_only_a_verified_one(self, promotions, status):
        goods = promotions.goods()
        supplier_stands(promotions.catalogue.supplier_id, status)
        before = stored_items()
        assert create(body=promotions.body(goods), **promotions.by).body["code"] == "supplier_not_verified"
        assert stored_items() == before

    @pytest.mark.parametrize(
        "wrong, field",
        [
            ({"title": ""}, "title"),
            ({"starts_at": "2026-03-01T12:00:00"}, "starts_at"),  # of no zone
            ({"products": []}, "products"),
            ({"communities": ["x"]}, "communities.0"),
            ({"limits": {"uses": 0}}, "limits.uses"),
            ({"ends_at": "2026-03-01T12:00:00Z"}, "ends_at"),
            ({"x": 1}, "x"),
        ],
    )
    def test_bad_fields_are_named(self, promotions, wrong, field):
        reply = create(body=promotions.body(promotions.goods()) | wrong, **promotions.by)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)

    def test_it_is_changed_until_it_is_submitted(self, promotions):
        path = promotions.draft(promotions.goods())
        call = {**promotions.by, "body": {"title": "Other", "starts_at": "2026-03-02T00:00:00+01:00"}}
        assert update(path, **call).status == 200
        assert state(path).details.title == "Other"
        assert state(path).details.starts_at.isoformat() == "2026-03-01T23:00:00+00:00"
        assert submit(path, **promotions.by).status == 200
        assert update(path, **call).body["code"] == "promotion_submitted"

    def test_to_others_it_is_not_there(self, promotions):
        path, stranger = promotions.draft(promotions.goods()), Promotions()
        for call in (update, submit, pause, resume, cancel):
            assert call(path, **stranger.by).status == 404
        admin = acting("admin", new_id())
        assert update(path, body={"title": "By the admin"}, **admin).status == 200


class TestManners:
    @pytest.mark.parametrize("command", CALLS)
    def test_who_may(self, promotions, command):
        path, call = promotions.draft(promotions.goods()), CALLS[command]
        verb = command.partition("_")[0]
        before = stored_items()
        lacking = {**promotions.by, "permissions": ALL - {f"promotion:{verb}"}}
        assert call(path, **lacking).body["code"] == "permission_required"
        assert call(path, **promotions.by, standing="suspended").status == 403
        assert call(path, principal=None).status == 401
        assert stored_items() == before

    def test_of_each_command(self, promotions):
        path = promotions.draft(promotions.goods(), starts_at="2026-03-02T00:00:00Z")
        CommandContract(update, path, "promotion:update", {**promotions.by, "body": {"title": "New"}}).check()

    @pytest.mark.parametrize(("call", "verb"), [(approve, "approve"), (reject, "reject")])
    def test_of_a_decision(self, promotions, call, verb):
        path = promotions.submitted(promotions.goods())
        CommandContract(call, path, f"promotion:{verb}", promotions.ada).check()
        assert state(path).status == {"approve": "active", "reject": "rejected"}[verb]

    def test_of_pausing(self, promotions):
        path = promotions.active(promotions.goods())
        CommandContract(pause, path, "promotion:pause", promotions.by).check()
        assert state(path).status == "paused"

    def test_of_cancelling(self, promotions):
        path = promotions.submitted(promotions.goods())
        CommandContract(cancel, path, "promotion:cancel", promotions.by).check()
        assert state(path).status == "cancelled"

    def test_of_resuming(self, promotions):
        path = promotions.active(promotions.goods())
        pause(path, **promotions.by)
        CommandContract(resume, path, "promotion:resume", promotions.by).check()
        assert state(path).status == "active"

    def test_of_submitting(self, promotions):
        path = promotions.draft(promotions.goods())
        before = stored_items()
        assert submit(path, principal=None).status == 401
        lacking = {**promotions.by, "permissions": ALL - {"promotion:submit"}}
        assert submit(path, **lacking).body["code"] == "permission_required"
        assert submit(path, **promotions.by, headers={"if-match": '"9"'}).status == 412
        assert stored_items() == before
        keyed = {"headers": {"idempotency-key": "k"}, **promotions.by}
        first, after = submit(path, **keyed), stored_items()
        assert (submit(path, **keyed).body, stored_items()) == (first.body, after)


class TestSubmitting:
    def test_products_are_frozen_as_they_are(self, promotions):
        goods = promotions.goods("A")
        path = promotions.submitted(goods, limits={"uses": 10, "per_customer": 2})
        before = state(path).products
        assert update_product(goods.path, body={"name": "Renamed"}, **promotions.by).status == 200
        assert state(path).products == before
        assert before[0].variants[0].discount_cents == 2400
        assert (offer(path).discounts, offer(path).per_customer) == ({goods.variants["A"]: 2400}, 2)
        uses = level(reads.batch(promotion_budget.uses(TENANT, path["promotion_id"]).keys).values())
        assert (budget(path), uses.limit, uses.available) == ("pending_approval", 10, 10)

    def test_not_what_is_off_sale(self, promotions):
        goods = promotions.goods()
        path = promotions.draft(goods)
        unpublish(goods.path, **promotions.by)
        before = stored_items()
        assert submit(path, **promotions.by).body["code"] == "product_not_published"
        assert stored_items() == before

    def test_not_what_goes_off_sale_meanwhile(self, promotions):
        goods = promotions.goods()
        path = promotions.draft(goods)
        with before_next_write(lambda: unpublish(goods.path, **promotions.by)):
            assert submit(path, **promotions.by).body["code"] == "product_not_published"
        publish(goods.path, **promotions.by)
        assert submit(path, **promotions.by).status == 200

    def test_within_the_supplier_s_limit(self, promotions):
        promotions.limited(1)
        goods = promotions.goods()
        first, second = promotions.submitted(goods), promotions.draft(goods)
        before = stored_items()
        assert submit(second, **promotions.by).body["code"] == "promotion_limit_reached"
        assert (stored_items(), running(promotions)) == (before, 1)
        promotions.decides("reject", first)
        assert running(promotions) == 0
        assert submit(second, **promotions.by).status == 200
        assert submit(first, **promotions.by).body["code"] == "promotion_limit_reached"
        cancel(second, **promotions.by)
        assert (submit(first, **promotions.by).status, running(promotions)) == (200, 1)

    @pytest.mark.parametrize("wrong", [{"visibility": "private"}, {"status": "deleted"}])
    def test_a_community_that_is_not_open_is_not_told_from_none(self, promotions, wrong):
        hidden = community(promotions.leader_id, **wrong)
        answers = []
        for each in (hidden, new_id()):
            path = promotions.draft(promotions.goods(), visibility="communities", communities=[each])
            answers.append(submit(path, **promotions.by).body)
            assert state(path).status == "draft"
        assert len({(each["status"], each["code"], each["detail"]) for each in answers}) == 1
        assert answers[0]["code"] == "no_community"

    def test_the_tenant_says_how_long_one_may_decide(self, shop, promotions):
        shop.people.settle(promotion_decision_days=3)
        path = promotions.submitted(promotions.goods())
        assert state(path).decide_by == NOON + timedelta(days=3)


class TestPausing:
    def test_orders_do_not_get_the_offer_meanwhile(self, promotions):
        path = promotions.active(promotions.goods())
        pause(path, **promotions.by)
        assert (budget(path), offer(path).state) == ("paused", "paused")
        resume(path, **promotions.by)
        assert (budget(path), offer(path).state) == ("active", "active")

    def test_a_supplier_that_does_not_sell_resumes_nothing(self, promotions):
        path = promotions.active(promotions.goods())
        pause(path, **promotions.by)
        supplier_stands(promotions.catalogue.supplier_id, "suspended")
        before = stored_items()
        assert resume(path, **promotions.by).body["code"] == "supplier_not_verified"
        assert stored_items() == before

    def test_a_refusal_leaves_no_trace(self, promotions):
        """S-34: what a promotion cannot become leaves everything as it was."""
        path = promotions.draft(promotions.goods())
        before = stored_items()
        for call in (pause, resume):
            assert call(path, **promotions.by).body["code"] == "invalid_transition"
        assert promotions.decides("approve", path).body["code"] == "not_open"
        assert stored_items() == before
