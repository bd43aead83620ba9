import json

import pytest

from commerce.order.decider import HELD_FOR
from support.commerce.fake_stripe import BANK_ASKS, DECLINED, GOOD, PART, SLOW
from support.commerce.orders import requested_line
from support.dynamodb import stored_events
from support.principals import acting
from troupe.store import keys, reads


def standing(checkout, order_id):
    order = checkout.order(order_id)
    return order.detail_status, order.payment.status, order.hold


def test_a_declined_card_keeps_the_hold_and_costs_an_attempt(checkout):
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods))
    declined = checkout.pay(order_id, DECLINED)
    assert (declined.status, declined.body["payment_status"]) == (200, "failed")
    assert (declined.body["attempt"], declined.body["decline_code"]) == (1, "insufficient_funds")
    assert checkout.levels(goods) == (10, 9, 1)
    paid = checkout.pay(order_id)
    assert (paid.body["detail_status"], paid.body["attempt"]) == ("paid", 2)
    assert len(checkout.stripe.intents) == 1
    assert checkout.pay(order_id).body["code"] == "order_paid"


def test_the_bank_asks_and_the_customer_returns(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    asked = checkout.pay(order_id, BANK_ASKS)
    assert (asked.body["payment_status"], asked.body["client_secret"]) == ("started", "pi_00000001_secret")
    assert checkout.confirm(order_id).body["payment_status"] == "started"
    checkout.stripe.succeed("pi_00000001")
    assert checkout.confirm(order_id).body["detail_status"] == "paid"


def test_s_11_the_webhook_comes_before_the_return(checkout):
    """S-11: one order, paid once, with all its suppliers."""
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.pay(order_id, BANK_ASKS)
    checkout.stripe.succeed("pi_00000001")
    checkout.webhooks()
    assert standing(checkout, order_id) == ("paid", "succeeded", "held")
    assert checkout.confirm(order_id).body["detail_status"] == "paid"
    (confirmed,) = stored_events("order.confirmed")
    assert confirmed.data["total"] == {"amount_cents": 8498, "currency": "EUR"}
    assert len(confirmed.data["supplier_orders"]) == 1


def test_s_12_the_return_comes_first_and_the_webhook_twice_later(checkout):
    """S-12: paid once, one confirmation."""
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.pay(order_id)
    (event,) = checkout.stripe.events
    for minutes in (0, 10):
        checkout.later(minutes=minutes)
        assert checkout.posted(event).status == 200
        assert checkout.processed(event["id"])
    assert len(stored_events("order.confirmed")) == len(stored_events("order.payment_succeeded")) == 1


def test_s_15_a_lost_timer_is_made_good_once(checkout):
    """S-15: the sweep at twenty minutes releases it; another one finds nothing."""
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods, 2))
    checkout.later(minutes=20)
    assert checkout.sweep()["done"] == 1
    assert standing(checkout, order_id) == ("expired", "none", "released")
    assert checkout.sweep()["done"] == 0
    assert checkout.levels(goods) == (10, 10, 0)


def test_s_16_cancelled_and_expired_at_once_gives_back_once(checkout):
    """S-16."""
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods, 2))
    checkout.later(seconds=HELD_FOR.total_seconds())
    assert checkout.cancel(order_id).status == 200
    checkout.expire(order_id)
    checkout.sweep()
    assert checkout.levels(goods) == (10, 10, 0)
    assert [each.type for each in stored_events("order.cancelled", "order.expired")] == ["order.cancelled"]


def test_s_17_cancelled_before_payment(checkout):
    """S-17: nothing is reserved then, and never less than nothing."""
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods, 2))
    checkout.pay(order_id, BANK_ASKS)
    for _ in range(2):
        assert checkout.cancel(order_id).body["detail_status"] == "cancelled"
    assert checkout.levels(goods) == (10, 10, 0)
    assert checkout.stripe.intents["pi_00000001"]["status"] == "canceled"


def test_the_timer_does_nothing_too_soon_and_ends_the_intent(checkout):
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods))
    checkout.pay(order_id, DECLINED)
    assert checkout.expire(order_id)["detail_status"] == "pending_payment"
    checkout.later(minutes=15)
    assert checkout.expire(order_id)["detail_status"] == "payment_failed"
    assert checkout.stripe.intents["pi_00000001"]["status"] == "canceled"
    assert checkout.pay(order_id).body["code"] == "order_not_payable"


def test_late_money_revives_what_is_still_there(checkout):
    goods = checkout.goods(1)
    order_id = checkout.placed(requested_line(goods))
    checkout.pay(order_id, SLOW)
    checkout.later(minutes=15)
    checkout.expire(order_id)
    assert checkout.levels(goods) == (1, 1, 0)
    checkout.stripe.succeed("pi_00000001")
    checkout.webhooks()
    assert standing(checkout, order_id) == ("paid", "succeeded", "held")
    assert (checkout.levels(goods), checkout.stripe.refunds) == ((1, 0, 1), [])
    assert len(stored_events("order.reinstated")) == 1


@pytest.mark.parametrize("ends", ["sold", "cancelled"])
def test_late_money_goes_back_where_nothing_is_given_for_it(checkout, ends):
    goods = checkout.goods(1)
    order_id = checkout.placed(requested_line(goods))
    checkout.pay(order_id, SLOW)
    if ends == "cancelled":
        checkout.cancel(order_id)
    else:
        checkout.later(minutes=15)
        checkout.expire(order_id)
        checkout.placed(requested_line(goods))
    checkout.stripe.succeed("pi_00000001")
    checkout.webhooks()
    assert standing(checkout, order_id)[1:] == ("reversed", "released")
    assert (checkout.stripe.kept, len(checkout.stripe.refunds)) == (0, 1)
    assert stored_events("order.reinstated") == []


def test_a_payment_of_another_amount_waits_for_a_review(checkout):
    goods = checkout.goods(10)
    order_id = checkout.placed(requested_line(goods))
    assert checkout.pay(order_id, PART).body["detail_status"] == "payment_review"
    checkout.later(minutes=20)
    checkout.sweep()
    assert checkout.levels(goods) == (10, 9, 1)
    assert checkout.cancel(order_id).body["code"] == "payment_under_review"
    staff = acting("admin", checkout.shop.admin())
    assert checkout.cancel(order_id, **staff).body["payment_status"] == "reversed"
    assert (checkout.stripe.kept, checkout.levels(goods)) == (0, (10, 10, 0))


def test_another_card_while_the_bank_asks(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.pay(order_id, BANK_ASKS)
    paid = checkout.pay(order_id)
    assert (paid.body["detail_status"], paid.body["attempt"]) == ("paid", 2)


def test_another_card_while_the_payment_is_processed(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.pay(order_id, SLOW)
    assert checkout.pay(order_id).body["code"] == "payment_under_way"


def test_a_payment_method_that_is_none(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    assert checkout.pay(order_id, "pm_unknown").body["code"] == "payment_method_refused"
    assert checkout.pay(order_id).body["detail_status"] == "paid"


def test_no_payment_to_confirm(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    assert checkout.confirm(order_id).body["code"] == "no_payment"


def test_anothers_order_is_not_there(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.buyer = checkout.shop.consumer("Bob")
    for ask in (checkout.pay, checkout.confirm, checkout.cancel):
        assert ask(order_id).status == 404


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_stripe_fails_and_the_same_attempt_is_made_again(checkout, status):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.stripe.fault = lambda _: (status, {"error": {"type": "api_error", "message": "down"}})
    assert checkout.pay(order_id).status == 503
    checkout.stripe.fault = None
    paid = checkout.pay(order_id)
    assert (paid.body["detail_status"], paid.body["attempt"]) == ("paid", 1)


@pytest.mark.parametrize("call", ["POST /v1/payment_intents", "confirm", "GET /v1/payment_intents"])
def test_stripes_answer_is_lost(checkout, call):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.stripe.lose = lambda made: call in made
    assert checkout.pay(order_id).status == 503
    checkout.stripe.lose = None
    paid = checkout.pay(order_id)
    assert (paid.body["detail_status"], paid.body["attempt"]) == ("paid", 1)
    assert checkout.stripe.kept == 8498


def test_the_answer_to_a_refund_is_lost(checkout):
    goods = checkout.goods(1)
    order_id = checkout.placed(requested_line(goods))
    checkout.pay(order_id, SLOW)
    checkout.cancel(order_id)
    checkout.stripe.lose = lambda made: made == "POST /v1/refunds"
    checkout.stripe.succeed("pi_00000001")
    (event,) = checkout.stripe.events
    checkout.posted(event)
    assert not checkout.processed(event["id"])
    assert checkout.order(order_id).payment.status == "reversing"
    checkout.stripe.lose = None
    checkout.later(minutes=6)
    checkout.sweep()
    assert checkout.order(order_id).payment.status == "reversed"
    assert (checkout.stripe.kept, len(checkout.stripe.refunds)) == (0, 1)


def ignored(event_id):
    return reads.one(keys.inbox("stripe-platform", event_id)).get("ignored")


def test_webhooks_that_are_not_ours(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.pay(order_id, BANK_ASKS)
    checkout.stripe.succeed("pi_00000001")
    (genuine,) = checkout.stripe.events
    assert checkout.posted(genuine, "whsec_other").body["code"] == "forged_signature"

    def variant(name, **thing):
        return {**genuine, "id": name, "data": {"object": {**genuine["data"]["object"], **thing}}}

    other = checkout.placed(requested_line(checkout.goods(10)))
    own = genuine["data"]["object"]["metadata"]
    cases = {
        "metadata_mismatch": variant("evt_1", metadata={**own, "order_id": other}),
        "unknown_order": variant("evt_2", metadata={**own, "tenant_id": other}),
        "not_ours": variant("evt_3", metadata={}),
        "connected_account": {**genuine, "id": "evt_5", "account": "acct_1"},
        "wrong_livemode": {**genuine, "id": "evt_6", "livemode": True},
        "uninteresting_type": {**genuine, "id": "evt_7", "type": "customer.created"},
    }
    for reason, event in cases.items():
        assert checkout.posted(event).status == 200
        if ignored(event["id"]) is None:
            assert checkout.processed(event["id"])
        assert ignored(event["id"]) == reason
    assert checkout.order(order_id).detail_status == "pending_payment"
    assert checkout.order(other).detail_status == "pending_payment"


@pytest.mark.parametrize(
    "body", ["[]", "{", json.dumps({"id": "evt"}), json.dumps({"id": "a b", "type": "x"})]
)
def test_a_malformed_webhook_is_not_stored(checkout, body):
    assert checkout.posted(body).status == 400


def test_a_good_card_pays_at_once(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    assert checkout.pay(order_id, GOOD).body["status"] == "confirmed"
