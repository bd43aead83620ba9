"""What Stripe tells of a supplier's account: it is looked up there, and written down."""

import pytest

from commerce.supplier.commands import OpenPayoutAccount
from commerce.supplier.transactions import ref
from support.dynamodb import stored_events
from support.spec import OTHER, TENANT
from troupe.ids import new_id
from troupe.store import keys, reads
from troupe.store.transact import execute

ACCOUNT = "acct_1"


@pytest.fixture
def opened(seller, checkout, shop):
    execute(shop.scope(), ref(seller.id), OpenPayoutAccount(stripe_account_id=ACCOUNT))
    return seller


def stands(supplier):
    account = supplier.state().payout_account
    return account.details_submitted, account.transfers_enabled


def ignored(event):
    return reads.one(keys.inbox("stripe-platform", event["id"])).get("ignored")


def test_it_takes_transfers_once_stripe_knows_enough(opened, checkout):
    checkout.stripe.connect.account(ACCOUNT, ready=False, tenant_id=TENANT, supplier_id=opened.id)
    checkout.webhooks()
    assert stands(opened) == (False, False)
    assert stored_events("supplier.payout_account_updated") == []
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=opened.id)
    checkout.webhooks()
    assert stands(opened) == (True, True)


def test_news_that_come_twice_late_or_in_another_order_end_the_same(opened, checkout):
    stripe = checkout.stripe.connect
    for ready in (True, False, True):
        stripe.account(ACCOUNT, ready=ready, tenant_id=TENANT, supplier_id=opened.id)
    for event in (*reversed(checkout.stripe.events), *checkout.stripe.events):
        assert checkout.posted(event).status == 200
        assert checkout.processed(event["id"])
    assert stands(opened) == (True, True)
    assert len(stored_events("supplier.payout_account_updated")) == 1


def test_stripe_names_the_account_that_tells_of_itself(opened, checkout):
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=opened.id)
    (event,) = checkout.stripe.events
    assert checkout.posted({**event, "account": "acct_other"}).status == 200
    assert ignored(event) == "connected_account"
    told = {**event, "id": "evt_own", "account": ACCOUNT}
    assert checkout.posted(told).status == 200
    assert checkout.processed("evt_own")
    assert stands(opened) == (True, True)


@pytest.mark.parametrize("owner", ["none", "another tenant", "another supplier", "unknown"])
def test_an_account_that_is_no_supplier_s_of_ours(opened, checkout, owner):
    named, reason = {
        "none": ({}, "metadata_mismatch"),
        "another tenant": ({"tenant_id": OTHER, "supplier_id": opened.id}, "unknown_supplier"),
        "another supplier": ({"tenant_id": TENANT, "supplier_id": new_id()}, "unknown_supplier"),
        "unknown": ({"tenant_id": TENANT, "supplier_id": opened.id}, "payout_account_unknown"),
    }[owner]
    checkout.stripe.connect.account("acct_2", **named)
    checkout.webhooks()
    (event,) = checkout.stripe.events
    assert ignored(event) == reason
    assert stands(opened) == (False, False)


def test_one_that_stripe_does_not_know(opened, checkout):
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=opened.id)
    checkout.stripe.connect.accounts.clear()
    checkout.webhooks()
    (event,) = checkout.stripe.events
    assert ignored(event) == "metadata_mismatch"


@pytest.mark.parametrize("status", [409, 429, 500])
def test_stripe_fails_and_it_comes_again(opened, checkout, status):
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=opened.id)
    (event,) = checkout.stripe.events
    checkout.posted(event)
    checkout.stripe.fault = lambda _: (status, {"error": {"type": "api_error", "message": "down"}})
    assert not checkout.processed(event["id"])
    checkout.stripe.fault = None
    assert checkout.processed(event["id"])
    assert stands(opened) == (True, True)
