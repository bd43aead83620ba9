"""A tenant with a shop in it."""

import json

import boto3
import pytest

from books import check, loaded
from market import Market
from stall import open_stall
from town import items
from troupe.credential import CREDENTIAL

TIMERS = {
    "SCHEDULE_GROUP": "troupe-orders",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/timers",
    "EXPIRE_ORDER_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:expire-order",
    "DEAD_JOBS_ARN": "arn:aws:sqs:eu-west-1:123456789012:dead-jobs",
}


@pytest.fixture
def market(table):
    """A tenant in good standing, with nothing for sale yet."""
    place = Market()
    place.found()
    return place


@pytest.fixture
def stall(market):
    """A verified supplier's stall, with nothing on it yet."""
    return open_stall()


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand; what counts goes by it, for it counts nothing long past."""
    from entrance import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.http.now", moved)
    monkeypatch.setattr("troupe.counters.now", moved)
    return moved


@pytest.fixture
def flow(market, clock, monkeypatch):
    """Approvals of promotions, with the flow that waits for them and the timers of their windows."""
    from approving import approving

    return approving(clock, monkeypatch)


@pytest.fixture(autouse=True)
def books(request):
    """Whatever a test has done, the books are in order after it (research, commerce 3.6)."""
    if "table" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("table")  # so that it is still there when the test is over
    yield
    assert check(items(), [*loaded("commerce"), CREDENTIAL]).findings == ()


@pytest.fixture
def checkout(market, clock, monkeypatch):
    """A customer at the checkout, with a Stripe that can be made to fail."""
    from checkout import Checkout
    from commerce import shelves
    from till import SECRET, opened

    for module in (
        "commerce.flows.sweep_orders",
        "commerce.webhooks.process",
        "commerce.webhooks.stripe",
        "troupe.stripe_events",
    ):
        monkeypatch.setattr(f"{module}.now", clock)
    secret = boto3.client("secretsmanager").create_secret(Name="stripe", SecretString=json.dumps(SECRET))
    monkeypatch.setenv("STRIPE_SECRET_ARN", secret["ARN"])
    for name, value in TIMERS.items():
        monkeypatch.setenv(name, value)
    boto3.client("scheduler").create_schedule_group(Name=TIMERS["SCHEDULE_GROUP"])
    monkeypatch.setattr("troupe.payments.RETRIES", 0)
    shelves.forget()
    with opened() as (till, url):
        monkeypatch.setenv("STRIPE_URL", url)
        yield Checkout(market, till, clock, market.consumer())
