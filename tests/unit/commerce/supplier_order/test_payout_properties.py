"""Payouts, refunds, disputes and transfers that are taken back, in any order."""

from dataclasses import replace

from hypothesis import given as drawn
from hypothesis import strategies as st

from commerce.supplier_order.amounts import outstanding, revenue_of
from commerce.supplier_order.decide_payout import wakes
from commerce.supplier_order.decide_refund import AskRefund, DropRefund, SettleRefund
from commerce.supplier_order.decider import SUPPLIER_ORDER
from commerce.supplier_order.money_events import (
    SupplierOrderPayoutHeld,
    SupplierOrderPayoutReversed,
    SupplierOrderPayoutStarted,
)
from commerce.supplier_order.payout_commands import (
    FindReversal,
    FreezePayout,
    RecordPayout,
    RecordRecall,
    RefusePayout,
    ReleasePayout,
)
from support.commerce.delivered_supplier_order import DUE, SOLD, now, pay, units
from support.spec import NOON

STEPS = ("refund", "fail", "undo", "transfer", "refuse", "recall", "owe", "steal", "freeze", "unfreeze")


@drawn(st.lists(st.sampled_from(STEPS), max_size=25))
def test_the_supplier_gets_its_share_after_any_commands(steps):
    """I14, of one part: what it has, with what it owes, is what was sold less commission and refunds."""
    state, at, balance = now(*SOLD), DUE, 0
    decide, evolve = SUPPLIER_ORDER.decide, SUPPLIER_ORDER.evolve

    def act(command, *, advance=True):
        nonlocal state, at, balance
        at = max(at, wakes(state) or at) if advance else at
        for event in decide(command, state, replace(NOON, now=at)):
            before = revenue_of(state).net_cents if state.payout.due_at else 0
            state = evolve(state, event)
            owed = (revenue_of(state).net_cents if state.payout.due_at else 0) - before
            balance += owed - _moved(event)

    def _moved(event):
        match event:
            case SupplierOrderPayoutStarted(amount_cents=amount):
                return amount
            case SupplierOrderPayoutHeld(number=number) if number is not None:
                return -was
            case SupplierOrderPayoutReversed(amount_cents=amount):
                return -amount
            case _:
                return 0

    for number, step in enumerate(steps):
        was = state.payout.sending.amount_cents if state.payout.sending else 0
        act(pay(balance_cents=balance))
        was = state.payout.sending.amount_cents if state.payout.sending else 0
        _step(step, number, state, act)
    for name in state.payout.disputes:
        act(ReleasePayout(dispute_id=name))
    for _ in range(20):
        was = state.payout.sending.amount_cents if state.payout.sending else 0
        act(pay(balance_cents=balance))
        was = state.payout.sending.amount_cents if state.payout.sending else 0
        act(RecordPayout(number=state.payout.sent, transfer_id=f"tr_{state.payout.sent}"))
        act(RecordRecall(number=state.payout.recalled, came=True))
    assert wakes(state) is None
    assert balance == revenue_of(state).net_cents - state.payout.transferred_cents
    assert outstanding(state) == 0 or state.payout.latest is None


def _step(step, number, state, act):
    refund = [
        line for line in state.lines if line.quantity > line.refunded_quantity + line.refunding_quantity
    ]
    match step:
        case "refund" | "fail" | "undo" if refund:
            name = f"r{number}"
            lines = units(**{f"_{refund[0].id}": 1})
            (asked,) = SUPPLIER_ORDER.answer(AskRefund(refund_id=name, lines=lines), state, NOON)
            act(AskRefund(refund_id=name, lines=lines), advance=False)
            given_back = {"refund_id": name, "lines": asked.lines, "shipping_cents": 0}
            if step != "fail":
                act(SettleRefund(**given_back), advance=False)
            if step != "refund":
                act(DropRefund(**given_back), advance=False)
        case "transfer":
            act(RecordPayout(number=state.payout.sent, transfer_id=f"tr_{state.payout.sent}"), advance=False)
        case "refuse":
            act(RefusePayout(number=state.payout.sent, short=True), advance=False)
        case "recall" | "owe":
            act(RecordRecall(number=state.payout.recalled, came=step == "recall"), advance=False)
        case "steal" if state.payout.latest:
            latest = state.payout.latest
            act(
                FindReversal(transfer_id=latest.transfer_id, reversed_cents=latest.reversed_cents + 1),
                advance=False,
            )
        case "freeze":
            act(FreezePayout(dispute_id="dp_1"), advance=False)
        case "unfreeze":
            act(ReleasePayout(dispute_id="dp_1"), advance=False)
        case _:
            pass
