import json
from dataclasses import replace

import boto3
import pytest

from commerce import inbound
from support.commerce.orders import requested_line
from support.dynamodb import stored_events
from support.spec import TENANT
from support.stream_events import batch, failed


@pytest.fixture
def timers(checkout, monkeypatch):
    role = "arn:aws:iam::123456789012:role/timers"
    client = boto3.client("scheduler")
    client.create_schedule_group(Name="troupe-orders")
    for name, value in {
        "DEAD_JOBS_ARN": "arn:aws:sqs:eu-west-1:123456789012:dead-jobs",
        "EXPIRE_ORDER_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:expire-order",
        "SCHEDULE_GROUP": "troupe-orders",
        "SCHEDULE_ROLE_ARN": role,
    }.items():
        monkeypatch.setenv(name, value)
    return client


def test_every_hold_gets_a_timer_once(checkout, timers):
    order_id = checkout.placed(requested_line(checkout.goods(10)))
    told = stored_events("order.created")
    for _ in range(2):
        assert failed(inbound.handler(batch(*told), None)) == []
    (listed,) = timers.list_schedules(GroupName="troupe-orders")["Schedules"]
    found = timers.get_schedule(GroupName="troupe-orders", Name=listed["Name"])
    until = checkout.order(order_id).expires_at
    assert found["ScheduleExpression"] == f"at({until:%Y-%m-%dT%H:%M}:01)"
    assert found["ActionAfterCompletion"] == "DELETE"
    given = json.loads(found["Target"]["Input"])
    assert (given["tenant_id"], given["path"]) == (TENANT, {"order_id": order_id})


def test_an_order_that_is_not_held_yet_has_none_until_it_is(checkout, timers):
    checkout.placed(requested_line(checkout.goods(10)))
    (told,) = stored_events("order.created")
    chunked = {**told.data, "chunks": 3}
    assert failed(inbound.handler(batch(replace(told, data=chunked)), None)) == []
    assert timers.list_schedules(GroupName="troupe-orders")["Schedules"] == []
    ready = replace(told, type="order.reserved", data={"expires_at": told.data["expires_at"]})
    assert failed(inbound.handler(batch(ready), None)) == []
    assert len(timers.list_schedules(GroupName="troupe-orders")["Schedules"]) == 1
