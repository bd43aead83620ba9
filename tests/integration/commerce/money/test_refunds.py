"""refund_lines: the amounts, the permissions, and that a refund is made once, also after lost answers."""

import json

import pytest

from support.commerce.catalogue import open_catalogue
from support.commerce.fulfilment import Fulfilment, bought, done
from support.commerce.orders import requested_line
from support.commerce.refunds_and_payouts import PRICE, SHIPPING, by_admin, delivered, refund
from support.commerce.shop import ask
from support.dynamodb import stored_events


def payment(checkout, sold):
    was = checkout.order(sold.order_id).payment
    return was.status, was.refunded_cents


@pytest.fixture
def sold(checkout):
    """Three pieces that were delivered."""
    return delivered(bought(checkout, (checkout.goods(10), 3)))


def test_a_part_of_a_line_goes_back(checkout, sold):
    body = done(refund(sold, ("1", 1), reason="It came broken."))
    assert (body["refund_status"], body["amount"]) == (
        "succeeded",
        {"amount_cents": PRICE, "currency": "EUR"},
    )
    assert (body["payment_status"], body["detail_status"]) == ("partially_refunded", "delivered")
    assert payment(checkout, sold) == ("partially_refunded", PRICE)
    assert checkout.stripe.kept == 2 * PRICE + SHIPPING
    (event,) = stored_events("order.refunded")
    assert event.data["lines"] == [
        {
            "line_id": "1",
            "supplier_id": sold.catalogue.supplier_id,
            "quantity": 1,
            "amount_cents": PRICE,
            "promotion_id": None,
            "community_id": None,
        }
    ]
    assert (event.data["whole"], event.data["shipping"]) == (False, {})


def test_s_25_all_of_it_with_the_shipping(checkout, sold):
    """S-25: a fully refunded order is not paid."""
    assert done(refund(sold, ("1", 2)))["payment_status"] == "partially_refunded"
    body = done(refund(sold, "1", shipping=True))
    assert (body["amount"]["amount_cents"], body["payment_status"]) == (PRICE + SHIPPING, "refunded")
    assert (checkout.stripe.kept, checkout.order(sold.order_id).status) == (0, "delivered")
    assert [each.data["whole"] for each in stored_events("order.refunded")] == [False, True]
    assert refund(sold, "1").body["code"] == "not_refundable"
    assert refund(sold, shipping=True).body["code"] == "nothing_to_refund"


def test_the_order_shows_what_went_back(checkout, sold):
    done(refund(sold, ("1", 1), reason="It came broken."))
    shown = ask("/orders/{order_id}", sold.path, **checkout.by).body
    (back,) = shown["refunds"]
    assert back["lines"] == [{"line_id": "1", "quantity": 1, "amount_cents": PRICE}]
    assert (back["status"], back["shipping_cents"], back["reason"]) == ("succeeded", 0, "It came broken.")
    assert shown["payment"]["refunded_cents"] == PRICE


def test_s_22_two_clerks_refund_the_same_line(checkout, sold):
    """S-22: the second gets 409, and Stripe is asked once; 29 of the failure matrix."""
    assert refund(sold, ("1", 2)).status == 200
    second = refund(sold, ("1", 2))
    assert (second.status, second.body["code"]) == (409, "not_refundable")
    assert (len(checkout.stripe.refunds), checkout.stripe.calls.count("POST /v1/refunds")) == (1, 1)


def test_the_same_request_again_refunds_once(checkout, sold):
    first = done(refund(sold, ("1", 1), key="k"))
    again = refund(sold, ("1", 1), key="k")
    assert (again.status, again.headers["idempotent-replayed"]) == (200, "true")
    assert again.body["refund_id"] == first["refund_id"]
    assert len(checkout.stripe.refunds) == 1
    assert refund(sold, ("1", 2), key="k").status == 422


@pytest.mark.parametrize("call", ["POST /v1/refunds", "GET /v1/refunds"])
def test_s_23_the_answer_is_lost(checkout, sold, call):
    """S-23: it is looked for, and made once; 30 of the failure matrix."""
    checkout.stripe.lose = lambda made: made == call
    body = done(refund(sold, ("1", 1)))
    assert (body["refund_status"], body["payment_status"]) == ("requested", "succeeded")
    checkout.stripe.lose = None
    checkout.later(minutes=6)
    checkout.stripe._answered.clear()  # as if Stripe had forgotten the key, which it does after a day
    assert checkout.sweep()["done"] >= 1
    assert payment(checkout, sold) == ("partially_refunded", PRICE)
    assert (len(checkout.stripe.refunds), checkout.stripe.kept) == (1, 2 * PRICE + SHIPPING)
    assert len(stored_events("order.refunded")) == 1


@pytest.mark.parametrize("status", [409, 429, 500, 503])
def test_stripe_is_down_and_asked_again(checkout, sold, status):
    checkout.stripe.fault = lambda _: (status, {"error": {"type": "api_error", "message": "down"}})
    assert done(refund(sold, ("1", 1)))["refund_status"] == "requested"
    checkout.later(minutes=2)
    assert checkout.sweep()["failed"] == 1
    checkout.stripe.fault = None
    checkout.sweep()
    assert payment(checkout, sold) == ("partially_refunded", PRICE)
    assert len(checkout.stripe.refunds) == 1


@pytest.mark.parametrize(("status", "code"), [(400, "charge_disputed"), (402, "insufficient_funds")])
def test_stripe_says_no_and_it_can_be_asked_for_again(checkout, sold, status, code):
    kind = "card_error" if status == 402 else "invalid_request_error"
    checkout.stripe.fault = lambda call: (
        (status, {"error": {"type": kind, "code": code, "message": code}})
        if call == "POST /v1/refunds"
        else None
    )
    body = done(refund(sold, ("1", 3)))
    assert (body["refund_status"], body["code"], body["payment_status"]) == ("failed", code, "succeeded")
    checkout.stripe.fault = None
    assert done(refund(sold, ("1", 3)))["refund_status"] == "succeeded"
    assert len(stored_events("order.refund_failed")) == 1


def test_s_24_it_fails_afterwards(checkout, sold):
    """S-24: it can be refunded again, and the order is not refunded any more; 31 of the failure matrix."""
    done(refund(sold, "1", shipping=True))
    assert payment(checkout, sold)[0] == "refunded"
    checkout.stripe.fail_refund(checkout.stripe.refunds[0]["id"])
    checkout.webhooks()
    assert payment(checkout, sold) == ("succeeded", 0)
    assert [each.data["undone"] for each in stored_events("order.refund_failed")] == [True]
    assert done(refund(sold, "1", shipping=True))["payment_status"] == "refunded"
    assert checkout.stripe.kept == 0


def test_what_is_refunded_at_stripe_by_hand_is_in_the_books(checkout, sold):
    """Of no line: what is left of the payment is all that lines can have back, until the bank returns it."""
    checkout.stripe.refund_by_hand(checkout.order(sold.order_id).payment.payment_intent_id, SHIPPING + 1)
    for _ in range(2):
        for event in checkout.stripe.events:
            checkout.posted(event)
            assert checkout.processed(event["id"])
    assert payment(checkout, sold) == ("partially_refunded", SHIPPING + 1)
    (told,) = stored_events("order.refunded")
    assert (told.data["lines"], told.data["amount"]["amount_cents"]) == ([], SHIPPING + 1)
    assert refund(sold, "1").body["code"] == "not_refundable"
    checkout.stripe.fail_refund(checkout.stripe.refunds[0]["id"])
    checkout.webhooks()
    assert payment(checkout, sold) == ("succeeded", 0)
    assert done(refund(sold, "1", shipping=True))["payment_status"] == "refunded"


def test_webhooks_that_come_twice_or_in_another_order_change_nothing(checkout, sold):
    done(refund(sold, ("1", 1)))
    done(refund(sold, ("1", 1)))
    for event in (*reversed(checkout.stripe.events), *checkout.stripe.events):
        assert checkout.posted(event).status == 200
        assert checkout.processed(event["id"])
    assert payment(checkout, sold) == ("partially_refunded", 2 * PRICE)
    assert len(stored_events("order.refunded")) == 2


def test_the_webhook_brings_what_the_answer_did_not(checkout, sold):
    checkout.stripe.lose = lambda made: made == "POST /v1/refunds"
    done(refund(sold, ("1", 1)))
    checkout.stripe.lose = None
    checkout.webhooks()
    assert payment(checkout, sold) == ("partially_refunded", PRICE)
    assert checkout.sweep()["done"] == 0


def test_what_is_not_the_callers_is_not_there(checkout, sold):
    other = open_catalogue()
    assert refund(sold, ("1", 1), by=other.by).status == 404
    assert refund(sold, ("1", 1), by=checkout.by).status == 403
    assert refund(sold, ("9", 1)).body["code"] == "no_line"
    assert done(refund(sold, ("1", 1), by=by_admin(checkout)))["refund_status"] == "succeeded"


def test_of_several_suppliers_each_gives_back_its_own(checkout):
    other = open_catalogue()
    goods, others = checkout.goods(5), checkout.goods(5, catalogue=other)
    order_id = checkout.placed(requested_line(goods, 1), requested_line(others, 1))
    checkout.pay(order_id)
    mine, theirs = Fulfilment(checkout, order_id, checkout.catalogue), Fulfilment(checkout, order_id, other)
    delivered(mine)
    delivered(theirs)
    (own,) = (line.id for line in mine.part.lines)
    (foreign,) = (line.id for line in theirs.part.lines)
    assert refund(mine, foreign).body["code"] == "no_line"
    assert done(refund(mine, own))["amount"]["amount_cents"] == PRICE
    by = by_admin(checkout)
    both = done(refund(mine, foreign, shipping=True, by=by))
    assert both["amount"]["amount_cents"] == PRICE + SHIPPING
    assert done(refund(mine, shipping=True, by=by))["amount"]["amount_cents"] == SHIPPING
    assert checkout.order(order_id).payment.status == "refunded"


def test_what_has_not_left_yet_is_cancelled_and_not_refunded(checkout):
    sold = bought(checkout, (checkout.goods(5), 1))
    assert refund(sold, "1").body["code"] == "not_refundable"
    assert refund(sold, ("1", 1)).body["code"] == "not_refundable"


class TestWhatIsNotSent:
    def test_what_a_supplier_rejects_is_given_back(self, checkout):
        goods = checkout.goods(10)
        sold = bought(checkout, (goods, 3))
        assert sold.reject(("1", 1)).status == 200
        assert checkout.order(sold.order_id).refunds[0].amount_cents == PRICE
        checkout.later(minutes=2)
        checkout.sweep()
        assert payment(checkout, sold) == ("partially_refunded", PRICE)
        sold.reject("1")
        checkout.later(minutes=2)
        checkout.sweep()
        order = checkout.order(sold.order_id)
        assert (order.payment.status, order.detail_status, order.status) == (
            "refunded",
            "refunded",
            "cancelled",
        )
        assert (checkout.stripe.kept, checkout.levels(goods)) == (0, (10, 10, 0))

    def test_unanswered_lines_are_refunded(self, checkout):
        """25 of the failure matrix."""
        sold = bought(checkout, (checkout.goods(10), 2))
        checkout.later(hours=48)
        checkout.sweep()
        checkout.later(minutes=5)
        checkout.sweep()
        assert payment(checkout, sold) == ("refunded", 2 * PRICE + SHIPPING)
        assert checkout.stripe.kept == 0


class TestForeignNews:
    @pytest.mark.parametrize("kind", ["refund.updated", "charge.refunded", "charge.dispute.created"])
    def test_news_of_what_is_not_ours(self, checkout, sold, kind):
        thing = {"id": "re_9", "object": "refund", "payment_intent": "pi_unknown", "metadata": {}}
        event = {"id": "evt_9", "object": "event", "type": kind, "livemode": False, "data": {"object": thing}}
        assert checkout.posted(json.dumps(event)).status == 200
        assert checkout.processed("evt_9")
        assert payment(checkout, sold) == ("succeeded", 0)
