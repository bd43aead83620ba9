"""Promotions from the draft to their end: what is frozen, who is asked, and what is written beside them."""

from datetime import timedelta

import pytest

from commerce.promotion import budget as promotion_budget
from commerce.promotion import transactions
from commerce.promotion.decider import PROMOTION
from commerce.promotion.offer import BUDGET, offer_of
from support.commerce.catalogue import publish, unpublish
from support.commerce.catalogue import stands as supplier_stands
from support.commerce.catalogue import update as update_product
from support.commerce.promotions import (
    Booth,
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
from support.identity.tenant import ALL, Manners, happened, items, meanwhile
from support.principals import NOON, acting
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store import keys, reads
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
def booth(market, clock):
    return Booth()


def state(path):
    return load(TENANT, PROMOTION, path["promotion_id"]).state


def budget(path):
    return reads.one(keys.part(TENANT, "promotion", path["promotion_id"], BUDGET))


def offer(path):
    return offer_of(reads.one(promotion_budget.offer_key(TENANT, path["promotion_id"])))


def running(booth):
    found = reads.one(transactions.running(TENANT, booth.stall.supplier_id))
    return found["running"] if found else 0


class TestDrafting:
    def test_a_supplier_drafts_about_its_own_products(self, booth):
        reply = create(body=booth.body(booth.goods()), **booth.by)
        assert (reply.status, reply.headers["location"]) == (
            201,
            f"/v1/commerce/promotions/{reply.body['id']}",
        )
        assert state({"promotion_id": reply.body["id"]}).status == "draft"
        assert [each.type for each in happened("promotion.created")] == ["promotion.created"]

    def test_not_about_another_s(self, booth):
        foreign = Booth().goods()
        before = items()
        assert create(body=booth.body(foreign), **booth.by).body["code"] == "no_product"
        assert items() == before

    @pytest.mark.parametrize("status", ["registered", "suspended"])
    def test_only_a_verified_one(self, booth, status):
        goods = booth.goods()
        supplier_stands(booth.stall.supplier_id, status)
        before = items()
        assert create(body=booth.body(goods), **booth.by).body["code"] == "supplier_not_verified"
        assert items() == before

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
    def test_bad_fields_are_named(self, booth, wrong, field):
        reply = create(body=booth.body(booth.goods()) | wrong, **booth.by)
        assert (reply.status, reply.body["errors"][0]["field"]) == (422, field)

    def test_it_is_changed_until_it_is_submitted(self, booth):
        path = booth.draft(booth.goods())
        call = {**booth.by, "body": {"title": "Other", "starts_at": "2026-03-02T00:00:00+01:00"}}
        assert update(path, **call).status == 200
        assert state(path).details.title == "Other"
        assert state(path).details.starts_at.isoformat() == "2026-03-01T23:00:00+00:00"
        assert submit(path, **booth.by).status == 200
        assert update(path, **call).body["code"] == "promotion_submitted"

    def test_to_others_it_is_not_there(self, booth):
        path, stranger = booth.draft(booth.goods()), Booth()
        for call in (update, submit, pause, resume, cancel):
            assert call(path, **stranger.by).status == 404
        admin = acting("admin", new_id())
        assert update(path, body={"title": "By the admin"}, **admin).status == 200


class TestManners:
    @pytest.mark.parametrize("command", CALLS)
    def test_who_may(self, booth, command):
        path, call = booth.draft(booth.goods()), CALLS[command]
        verb = command.partition("_")[0]
        before = items()
        lacking = {**booth.by, "permissions": ALL - {f"promotion:{verb}"}}
        assert call(path, **lacking).body["code"] == "permission_required"
        assert call(path, **booth.by, standing="suspended").status == 403
        assert call(path, principal=None).status == 401
        assert items() == before

    def test_of_each_command(self, booth):
        path = booth.draft(booth.goods(), starts_at="2026-03-02T00:00:00Z")
        Manners(update, path, "promotion:update", {**booth.by, "body": {"title": "New"}}).check()

    @pytest.mark.parametrize(("call", "verb"), [(approve, "approve"), (reject, "reject")])
    def test_of_a_decision(self, booth, call, verb):
        path = booth.submitted(booth.goods())
        Manners(call, path, f"promotion:{verb}", booth.ada).check()
        assert state(path).status == {"approve": "active", "reject": "rejected"}[verb]

    def test_of_pausing(self, booth):
        path = booth.active(booth.goods())
        Manners(pause, path, "promotion:pause", booth.by).check()
        assert state(path).status == "paused"

    def test_of_cancelling(self, booth):
        path = booth.submitted(booth.goods())
        Manners(cancel, path, "promotion:cancel", booth.by).check()
        assert state(path).status == "cancelled"

    def test_of_resuming(self, booth):
        path = booth.active(booth.goods())
        pause(path, **booth.by)
        Manners(resume, path, "promotion:resume", booth.by).check()
        assert state(path).status == "active"

    def test_of_submitting(self, booth):
        path = booth.draft(booth.goods())
        before = items()
        assert submit(path, principal=None).status == 401
        lacking = {**booth.by, "permissions": ALL - {"promotion:submit"}}
        assert submit(path, **lacking).body["code"] == "permission_required"
        assert submit(path, **booth.by, headers={"if-match": '"9"'}).status == 412
        assert items() == before
        keyed = {"headers": {"idempotency-key": "k"}, **booth.by}
        first, after = submit(path, **keyed), items()
        assert (submit(path, **keyed).body, items()) == (first.body, after)


class TestSubmitting:
    def test_products_are_frozen_as_they_are(self, booth):
        goods = booth.goods("A")
        path = booth.submitted(goods, limits={"uses": 10, "per_customer": 2})
        before = state(path).products
        assert update_product(goods.path, body={"name": "Renamed"}, **booth.by).status == 200
        assert state(path).products == before
        assert before[0].variants[0].discount_cents == 2400
        assert (offer(path).discounts, offer(path).per_customer) == ({goods.variants["A"]: 2400}, 2)
        found = budget(path)
        assert (found["state"], found["limit"], found["remaining"]) == ("pending_approval", 10, 10)

    def test_not_what_is_off_sale(self, booth):
        goods = booth.goods()
        path = booth.draft(goods)
        unpublish(goods.path, **booth.by)
        before = items()
        assert submit(path, **booth.by).body["code"] == "product_not_published"
        assert items() == before

    def test_not_what_goes_off_sale_meanwhile(self, booth):
        goods = booth.goods()
        path = booth.draft(goods)
        with meanwhile(lambda: unpublish(goods.path, **booth.by)):
            assert submit(path, **booth.by).body["code"] == "product_not_published"
        publish(goods.path, **booth.by)
        assert submit(path, **booth.by).status == 200

    def test_within_the_supplier_s_limit(self, booth):
        booth.limited(1)
        goods = booth.goods()
        first, second = booth.submitted(goods), booth.draft(goods)
        before = items()
        assert submit(second, **booth.by).body["code"] == "promotion_limit_reached"
        assert (items(), running(booth)) == (before, 1)
        booth.decides("reject", first)
        assert running(booth) == 0
        assert submit(second, **booth.by).status == 200
        assert submit(first, **booth.by).body["code"] == "promotion_limit_reached"
        cancel(second, **booth.by)
        assert (submit(first, **booth.by).status, running(booth)) == (200, 1)

    @pytest.mark.parametrize("wrong", [{"visibility": "private"}, {"status": "deleted"}])
    def test_a_community_that_is_not_open_is_not_told_from_none(self, booth, wrong):
        hidden = community(booth.leader_id, **wrong)
        answers = []
        for each in (hidden, new_id()):
            path = booth.draft(booth.goods(), visibility="communities", communities=[each])
            answers.append(submit(path, **booth.by).body)
            assert state(path).status == "draft"
        assert answers[0] == answers[1]
        assert answers[0]["code"] == "no_community"

    def test_the_tenant_says_how_long_one_may_decide(self, market, booth):
        market.people.settle(promotion_decision_days=3)
        path = booth.submitted(booth.goods())
        assert state(path).decide_by == NOON + timedelta(days=3)


class TestPausing:
    def test_orders_do_not_get_the_offer_meanwhile(self, booth):
        path = booth.active(booth.goods())
        pause(path, **booth.by)
        assert (budget(path)["state"], offer(path).state) == ("paused", "paused")
        resume(path, **booth.by)
        assert (budget(path)["state"], offer(path).state) == ("active", "active")

    def test_a_supplier_that_does_not_sell_resumes_nothing(self, booth):
        path = booth.active(booth.goods())
        pause(path, **booth.by)
        supplier_stands(booth.stall.supplier_id, "suspended")
        before = items()
        assert resume(path, **booth.by).body["code"] == "supplier_not_verified"
        assert items() == before

    def test_a_refusal_leaves_no_trace(self, booth):
        """S-34: what a promotion cannot become leaves everything as it was."""
        path = booth.draft(booth.goods())
        before = items()
        for call in (pause, resume):
            assert call(path, **booth.by).body["code"] == "invalid_transition"
        assert booth.decides("approve", path).body["code"] == "not_open"
        assert items() == before
