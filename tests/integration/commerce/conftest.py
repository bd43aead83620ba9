"""A tenant with a shop in it."""

import json

import boto3
import pytest

from support.commerce.catalogue import open_catalogue
from support.commerce.shop import Shop
from support.commerce.table_snapshot import check, loaded
from support.dynamodb import stored_items
from troupe.security.credential import CREDENTIAL
from troupe.store import keys

TIMERS = {
    "SCHEDULE_GROUP": "troupe-orders",
    "SCHEDULE_ROLE_ARN": "arn:aws:iam::123456789012:role/timers",
    "EXPIRE_ORDER_ARN": "arn:aws:lambda:eu-west-1:123456789012:function:expire-order",
    "DEAD_JOBS_ARN": "arn:aws:sqs:eu-west-1:123456789012:dead-jobs",
}


@pytest.fixture(autouse=True)
def one_shard(monkeypatch):
    """Of what falls due: a sweep asks each shard of each bucket, and there is little here."""
    monkeypatch.setattr(keys, "DUE_SHARDS", 1)


@pytest.fixture
def shop(table):
    """A tenant in good standing, with nothing for sale yet."""
    place = Shop()
    place.found()
    return place


@pytest.fixture
def catalogue(shop):
    """A verified supplier's stall, with nothing on it yet."""
    return open_catalogue()


@pytest.fixture
def clock(monkeypatch):
    """The edge's clock, at noon, to be moved by hand; what counts goes by it, for it counts nothing long past."""
    from support.identity.sign_in import Clock

    moved = Clock()
    monkeypatch.setattr("troupe.edge.endpoint.now", moved)
    monkeypatch.setattr("troupe.projection.counters.now", moved)
    return moved


@pytest.fixture
def flow(shop, clock, monkeypatch):
    """Approvals of promotions, with the flow that waits for them and the timers of their windows."""
    from support.commerce.approval_flow import approving

    return approving(clock, monkeypatch)


@pytest.fixture(autouse=True)
def books(request):
    """After each test the books are in order (research, commerce 3.6)."""
    if "table" not in request.fixturenames:
        yield
        return
    request.getfixturevalue("table")  # so that it is still there when the test is over
    yield
    assert check(stored_items(), [*loaded("commerce"), CREDENTIAL]).findings == ()


@pytest.fixture
def checkout(shop, clock, monkeypatch):
    """A customer at the checkout, with a Stripe that can be made to fail."""
    from commerce.checkout import read
    from support.commerce.fake_stripe import SECRET, opened
    from support.commerce.orders import Checkout

    for module in (
        "commerce.order_timers.sweep_orders",
        "commerce.webhook.process",
        "commerce.webhook.stripe",
        "troupe.stripe.webhook",
    ):
        monkeypatch.setattr(f"{module}.now", clock)
    secret = boto3.client("secretsmanager").create_secret(Name="stripe", SecretString=json.dumps(SECRET))
    monkeypatch.setenv("STRIPE_SECRET_ARN", secret["ARN"])
    for name, value in TIMERS.items():
        monkeypatch.setenv(name, value)
    boto3.client("scheduler").create_schedule_group(Name=TIMERS["SCHEDULE_GROUP"])
    monkeypatch.setattr("troupe.stripe.client.RETRIES", 0)
    read.forget()
    with opened() as (stripe, url):
        monkeypatch.setenv("STRIPE_URL", url)
        yield Checkout(shop, stripe, clock, shop.consumer())
