"""pay_supplier: when a supplier gets its share, how much, and that it gets it once, also after lost answers."""

from datetime import timedelta

import pytest

from commerce.supplier.commands import ReinstateSupplier, SuspendSupplier
from commerce.supplier.events import BankAccount, SupplierBankDetailsChanged
from commerce.supplier.transactions import ref
from support.commerce.fulfilment import done
from support.commerce.refunds_and_payouts import (
    ACCOUNT,
    COMMISSION,
    NET,
    PRICE,
    REVENUE,
    SHIPPING,
    after_the_hold,
    books,
    business,
    ledger,
    pay_supplier,
    payable,
    refund,
    sold_by,
)
from support.commerce.shop import ask
from support.commerce.suppliers import ADMIN
from support.dynamodb import stored_events
from support.spec import TENANT
from troupe.ids import new_id
from troupe.store.aggregates import actions, change
from troupe.store.commit import commit
from troupe.store.personal import Keys
from troupe.store.transact import execute, load


def test_the_supplier_sees_what_it_is_owed_and_what_it_got(checkout, catalogue, sold):
    mine = {"supplier_id": catalogue.supplier_id}
    assert ask("/suppliers/{supplier_id}/ledger", mine, **catalogue.by).body["ledgers"] == []
    after_the_hold(checkout)
    shown = ask("/suppliers/{supplier_id}/ledger", mine, **catalogue.by).body["ledgers"]
    names = ("earnings", "commission", "reversals", "payouts", "balance")
    sums = dict(zip((f"{name}_cents" for name in names), books(catalogue), strict=True))
    assert shown == [{"currency": "EUR", **sums}]
    part = ask("/suppliers/{supplier_id}/orders/{order_id}", {**mine, **sold.path}, **catalogue.by).body[
        "payout"
    ]
    assert (part["payout_status"], part["transferred_cents"], part["outstanding_cents"]) == ("paid", NET, 0)
    assert ask("/suppliers/{supplier_id}/ledger", mine, **ADMIN).status == 200
    assert ask("/suppliers/{supplier_id}/ledger", mine, **checkout.by).status == 404
    assert ask("/suppliers/{supplier_id}/ledger", {"supplier_id": new_id()}, **ADMIN).status == 404


def test_after_the_hold_the_share_is_transferred(checkout, catalogue, sold):
    assert pay_supplier(sold)["payout_status"] == "none"
    assert checkout.stripe.connect.paid == 0
    after_the_hold(checkout)
    (transfer,) = checkout.stripe.connect.transfers.values()
    assert (transfer["amount"], transfer["destination"], transfer["currency"]) == (NET, ACCOUNT, "eur")
    assert transfer["transfer_group"] == sold.order_id
    named = {
        "tenant_id": TENANT,
        "order_id": sold.order_id,
        "supplier_id": catalogue.supplier_id,
        "number": "1",
    }
    assert transfer["metadata"] == named
    assert f"{TENANT}/{sold.order_id}.{catalogue.supplier_id}/1" in checkout.stripe._answered
    (due,) = stored_events("supplier_order.payout_due")
    assert (due.data["revenue_cents"], due.data["commission_cents"]) == (REVENUE, COMMISSION)
    assert books(catalogue) == (REVENUE, COMMISSION, 0, NET, 0)
    checkout.later(days=1)
    checkout.sweep()
    answered = pay_supplier(sold)
    assert (answered["payout_status"], answered["transferred_cents"]) == ("paid", NET)
    assert len(checkout.stripe.connect.transfers) == 1


@pytest.mark.parametrize("call", ["POST /v1/transfers", "GET /v1/transfers"])
def test_the_answer_is_lost_and_it_is_paid_once(checkout, catalogue, sold, call):
    checkout.stripe.lose = lambda made: made == call
    assert after_the_hold(checkout)["failed"] == 1
    checkout.stripe.lose = None
    checkout.stripe._answered.clear()  # as if Stripe had forgotten the key, which it does after a day
    checkout.later(minutes=6)
    checkout.sweep()
    assert (checkout.stripe.connect.paid, len(checkout.stripe.connect.transfers)) == (NET, 1)
    assert len(stored_events("supplier_order.payout_paid")) == 1
    assert books(catalogue) == (REVENUE, COMMISSION, 0, NET, 0)


@pytest.mark.parametrize("status", [409, 429, 500])
def test_stripe_is_down_and_asked_again(checkout, catalogue, sold, status):
    checkout.stripe.fault = lambda _: (status, {"error": {"type": "api_error", "message": "down"}})
    assert after_the_hold(checkout)["failed"] == 1
    checkout.stripe.fault = None
    checkout.later(minutes=6)
    checkout.sweep()
    assert (checkout.stripe.connect.paid, books(catalogue)[-1]) == (NET, 0)


def test_s_27_more_than_there_is_waits_and_the_oldest_that_fits_is_paid(checkout, catalogue, sold):
    """S-27; 32 of the failure matrix."""
    checkout.later(minutes=10)
    second = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 1)
    checkout.stripe.connect.available = NET - 1
    checkout.later(days=7)
    checkout.sweep()
    paid = [each["metadata"]["order_id"] for each in checkout.stripe.connect.transfers.values()]
    assert paid == [second.order_id]
    held = pay_supplier(sold)
    assert (held["payout_status"], held["reason"], held["outstanding_cents"]) == ("held", "balance", NET)
    assert ledger(catalogue)["balance"] == NET
    checkout.stripe.connect.available = 1_000_000
    checkout.later(days=1, minutes=1)
    assert pay_supplier(sold)["payout_status"] == "paid"
    assert ledger(catalogue)["balance"] == 0


def test_s_29_the_bank_details_have_changed(checkout, catalogue, sold):
    """S-29: no payout before payout_after, even if it is due."""
    checkout.later(days=6)
    account = BankAccount(part=1, tail="3000", country="DE", currency="EUR")
    after = checkout.clock() + timedelta(hours=72)
    changed = SupplierBankDetailsChanged(account=account, payout_after=after, changed_at=checkout.clock())
    supplier = ref(catalogue.supplier_id)
    found = load(TENANT, supplier.decider, supplier.id)
    scope = checkout.shop.scope()
    commit(actions(change(supplier, found, (changed,)), scope, Keys(scope.tenant_id, {})))
    assert business(catalogue.supplier_id).payout_after == after
    checkout.later(days=1, minutes=1)
    checkout.sweep()
    held = pay_supplier(sold)
    assert (held["payout_status"], held["reason"]) == ("held", "bank_details_changed")
    checkout.later(days=2)
    assert pay_supplier(sold)["payout_status"] == "paid"


def test_s_30_a_suspended_supplier_is_not_paid(checkout, catalogue, sold):
    """S-30 and 26 of the failure matrix: payouts stop until it is reinstated."""
    supplier = ref(catalogue.supplier_id)
    execute(checkout.shop.scope(), supplier, SuspendSupplier(reason="fraud"))
    after_the_hold(checkout)
    assert pay_supplier(sold)["reason"] == "supplier_not_verified"
    execute(checkout.shop.scope(), supplier, ReinstateSupplier())
    checkout.shop.hears()
    assert pay_supplier(sold)["payout_status"] == "paid"


def test_who_has_no_account_yet_is_paid_once_it_has_one(checkout):
    catalogue = payable(checkout, ready=False)
    sold = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 2)
    after_the_hold(checkout)
    assert pay_supplier(sold)["reason"] == "no_payout_account"
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=catalogue.supplier_id)
    checkout.webhooks()
    checkout.shop.hears()
    assert pay_supplier(sold)["payout_status"] == "paid"


def test_what_stripe_did_not_tell_is_asked_for(checkout):
    catalogue = payable(checkout, ready=False)
    sold = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 2)
    checkout.stripe.connect.account(ACCOUNT, tenant_id=TENANT, supplier_id=catalogue.supplier_id)
    after_the_hold(checkout)
    assert pay_supplier(sold)["payout_status"] == "paid"


def test_who_has_no_account_at_all_waits(checkout):
    catalogue = payable(checkout, None)
    sold = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 2)
    after_the_hold(checkout)
    assert pay_supplier(sold)["reason"] == "no_payout_account"
    assert (checkout.stripe.connect.paid, ledger(catalogue)["balance"]) == (0, NET)


def test_what_was_refunded_before_is_not_paid(checkout, catalogue, sold):
    done(refund(sold, ("1", 1)))
    after_the_hold(checkout)
    assert checkout.stripe.connect.paid == PRICE + SHIPPING - 800
    assert books(catalogue) == (PRICE + SHIPPING, 800, 0, PRICE + SHIPPING - 800, 0)
