"""Only the customer can act on an order, and only the timer when its hold is over."""

import json
import os
from dataclasses import replace

import pytest

from commerce import timers
from commerce.order.decider import HELD_FOR
from commerce.order_timers import timers as order_timers_timers
from support.commerce.fake_stripe import GOOD
from support.commerce.orders import cancel, confirm, pay, requested_line
from support.dynamodb import stored_events, stored_items
from support.principals import acting
from troupe.aws.clients import scheduler

OWN = {
    "cancel_order": (cancel, None),
    "confirm_payment": (confirm, None),
    "pay_order": (pay, {"payment_method": GOOD}),
}


@pytest.mark.parametrize("command", OWN)
def test_an_order_of_another_customer_is_not_found(checkout, command):
    call, body = OWN[command]
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    other = acting("consumer", checkout.shop.consumer("Bob"))
    before = stored_items()
    reply = call({"order_id": order_id}, body=body, **other)
    assert (reply.status, reply.body["code"]) == (404, "not_found")
    assert stored_items() == before


@pytest.mark.parametrize("command", ["quote_order", "place_order"])
def test_a_supplier_buys_nothing(checkout, command):
    ask = {"quote_order": checkout.quote, "place_order": checkout.place}[command]
    goods = checkout.goods(10)
    before = stored_items()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(type(checkout), "by", property(lambda self: self.catalogue.by))
        reply = ask(requested_line(goods))
    assert (reply.status, reply.body["code"]) == (403, "permission_required")
    assert stored_items() == before


def test_a_timer_that_comes_before_its_time_does_nothing(checkout):
    """What the timer calls is expire_order."""
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.clock.forward(seconds=HELD_FOR.total_seconds() - 1)
    assert checkout.expire(order_id)["detail_status"] == "pending_payment"
    assert stored_events("order.expired") == []


def test_a_hold_has_a_timer_of_its_own_however_often_it_is_heard_of(checkout):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    checkout.shop.hears()
    (told,) = stored_events("order.created")
    order_timers_timers.time(told)
    (name,) = (each["Name"] for each in scheduler().list_schedules()["Schedules"])
    timer = scheduler().get_schedule(Name=name, GroupName=os.environ["SCHEDULE_GROUP"])
    at = checkout.order(order_id).expires_at + timers.GRACE
    assert timer["ScheduleExpression"] == f"at({at:%Y-%m-%dT%H:%M:%S})"
    assert timer["ActionAfterCompletion"] == "DELETE"
    assert timer["Target"]["Arn"] == os.environ["EXPIRE_ORDER_ARN"]
    assert json.loads(timer["Target"]["Input"])["path"] == {"order_id": order_id}


def test_an_order_that_is_still_being_reserved_has_none_yet(checkout):
    checkout.placed(requested_line(checkout.goods(10)))
    (told,) = stored_events("order.created")
    order_timers_timers.time(replace(told, data={**told.data, "chunks": 2}))
    assert scheduler().list_schedules()["Schedules"] == []
