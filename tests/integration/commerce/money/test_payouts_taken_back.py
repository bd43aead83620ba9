"""What comes back of a payout: after a refund, from the bank, or not at all; and what a dispute holds."""

import pytest

from commerce.supplier_order.amounts import outstanding
from commerce.supplier_order.decider import SUPPLIER_ORDER
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
    ledger,
    pay_supplier,
    refund,
    sold_by,
)
from support.dynamodb import stored_events
from support.spec import TENANT
from troupe.store.transact import load


def test_s_28_what_is_refunded_afterwards_is_asked_back(checkout, catalogue, sold):
    """S-28: of the transfer that paid it."""
    after_the_hold(checkout)
    (transfer,) = checkout.stripe.connect.transfers
    done(refund(sold, ("1", 1)))
    checkout.sweep()
    assert checkout.stripe.connect.transfers[transfer]["amount_reversed"] == PRICE - 800
    assert books(catalogue) == (REVENUE, COMMISSION, PRICE - 800, NET - PRICE + 800, 0)
    checkout.webhooks()
    assert len(stored_events("supplier_order.payout_reversed")) == 1


@pytest.mark.parametrize("lost", ["POST /v1/transfers/{}/reversals", "GET /v1/transfers/{}/reversals"])
def test_the_answer_to_a_reversal_is_lost(checkout, catalogue, sold, lost):
    after_the_hold(checkout)
    (transfer,) = checkout.stripe.connect.transfers
    done(refund(sold, ("1", 1)))
    checkout.stripe.lose = lambda made: made == lost.format(transfer)
    assert checkout.sweep()["failed"] == 1
    checkout.stripe.lose = None
    checkout.stripe._answered.clear()
    checkout.later(minutes=6)
    checkout.webhooks()
    checkout.sweep()
    assert checkout.stripe.connect.transfers[transfer]["amount_reversed"] == PRICE - 800
    assert books(catalogue)[-1] == 0


def test_what_does_not_come_back_is_withheld_of_the_next_payout(checkout, catalogue, sold):
    after_the_hold(checkout)
    checkout.stripe.connect.spent.add(ACCOUNT)
    done(refund(sold, "1", shipping=True))
    checkout.sweep()
    owing = pay_supplier(sold)
    assert (owing["debt_cents"], ledger(catalogue)["balance"]) == (NET, -NET)
    second = sold_by(checkout, catalogue, checkout.goods(10, catalogue), 3)
    after_the_hold(checkout)
    share = 3 * PRICE + SHIPPING - 2_400
    paid = pay_supplier(second)
    assert (paid["withheld_cents"], paid["transferred_cents"]) == (NET, share - NET)
    assert ledger(catalogue)["balance"] == 0


def test_s_26_a_payout_is_returned_after_it_succeeded(checkout, catalogue, sold):
    """S-26 and 33 of the failure matrix: the ledger shows that it is owed again."""
    after_the_hold(checkout)
    (transfer,) = checkout.stripe.connect.transfers
    checkout.stripe.connect.take_back(transfer, NET)
    checkout.webhooks()
    assert ledger(catalogue)["balance"] == NET
    held = pay_supplier(sold)
    assert (held["payout_status"], held["reason"]) == ("held", "returned")
    checkout.later(days=1, minutes=1)
    assert pay_supplier(sold)["payout_status"] == "paid"
    assert (checkout.stripe.connect.paid, ledger(catalogue)["balance"]) == (NET, 0)


def test_a_refund_that_comes_home_is_paid_after_all(checkout, catalogue, sold):
    done(refund(sold, ("1", 1)))
    after_the_hold(checkout)
    checkout.stripe.fail_refund(checkout.stripe.refunds[0]["id"])
    checkout.webhooks()
    checkout.sweep()
    assert (checkout.stripe.connect.paid, ledger(catalogue)["balance"]) == (NET, 0)
    assert outstanding(sold.part) == 0
    assert len(stored_events("supplier_order.payout_due")) == 1


def intent(checkout, sold):
    return checkout.order(sold.order_id).payment.payment_intent_id


class TestDisputes:
    """34 of the failure matrix: nothing is paid while a bank asks for the money."""

    def test_one_that_is_won(self, checkout, catalogue, sold):
        dispute = checkout.stripe.connect.dispute(intent(checkout, sold), 1_000)
        checkout.webhooks()
        after_the_hold(checkout)
        assert (checkout.stripe.connect.paid, pay_supplier(sold)["reason"]) == (0, "disputed")
        assert refund(sold, ("1", 1)).body["code"] == "order_disputed"
        checkout.stripe.connect.close(dispute, "won")
        checkout.webhooks()
        checkout.sweep()
        assert checkout.stripe.connect.paid == NET
        assert [each.data["outcome"] for each in stored_events("order.dispute_closed")] == ["won"]

    @pytest.mark.parametrize("status", ["lost", "warning_closed"])
    def test_the_order_of_the_news_does_not_matter(self, checkout, catalogue, sold, status):
        dispute = checkout.stripe.connect.dispute(intent(checkout, sold), 1_000)
        checkout.stripe.connect.close(dispute, status)
        for event in (*reversed(checkout.stripe.events), *checkout.stripe.events):
            assert checkout.posted(event).status == 200
            assert checkout.processed(event["id"])
        after_the_hold(checkout)
        assert checkout.stripe.connect.paid == (0 if status == "lost" else NET)
        assert len(stored_events("order.disputed")) == len(stored_events("order.dispute_closed")) == 1
        state = load(TENANT, SUPPLIER_ORDER, f"{sold.order_id}.{catalogue.supplier_id}").state
        assert bool(state.payout.disputes) is (status == "lost")

    def test_one_of_an_intent_that_is_not_the_orders(self, checkout, catalogue, sold):
        checkout.stripe.intents["pi_9"] = {**checkout.stripe.intents[intent(checkout, sold)], "id": "pi_9"}
        checkout.stripe.connect.dispute("pi_9", 1_000)
        checkout.stripe.connect.disputes["dp_none"] = {"id": "dp_none", "status": "lost", "amount": 1}
        checkout.stripe.tell("charge.dispute.created", checkout.stripe.connect.disputes["dp_none"])
        checkout.stripe.tell("charge.dispute.created", {"id": "dp_unknown"})
        checkout.webhooks()
        assert stored_events("order.disputed") == []


def test_transfers_that_are_not_ours(checkout, catalogue, sold):
    after_the_hold(checkout)
    (transfer,) = checkout.stripe.connect.transfers.values()
    checkout.stripe.connect.transfers["tr_9"] = {**transfer, "id": "tr_9", "metadata": {}}
    for name in ("tr_9", "tr_unknown"):
        checkout.stripe.tell("transfer.reversed", {"id": name})
    checkout.webhooks()
    assert stored_events("supplier_order.payout_reversed") == []
