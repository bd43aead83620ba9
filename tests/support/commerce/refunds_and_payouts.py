"""Money after the sale, for the tests of orders: refunds, payouts, and a supplier that can be paid."""

from typing import Any

from commerce.payout import ledger as payout_ledger
from commerce.supplier.commands import (
    BeginReview,
    MaskedNumbers,
    NotePayoutAccount,
    OpenPayoutAccount,
    RegisterSupplier,
    SubmitSupplier,
    UpdateSupplier,
    Uploaded,
    VerifySupplier,
    VerifySupplierAddress,
)
from commerce.supplier.commands import RequestDocumentUpload as RequestUpload
from commerce.supplier.events import Company
from commerce.supplier.state import Supplier
from commerce.supplier.transactions import ref
from support.commerce.catalogue import Catalogue, Goods, stands
from support.commerce.fulfilment import Fulfilment, lines
from support.commerce.orders import ORDERED, Checkout, requested_line
from support.commerce.shop import Call
from support.principals import acting
from support.spec import LAMBDA, TENANT, Reply
from troupe.ids import new_id
from troupe.store import reads
from troupe.store.aggregates import Ref
from troupe.store.transact import execute, load

refund_lines = Call("refund_lines", f"POST {ORDERED}/refund", {})
ACCOUNT = "acct_1"
PRICE, SHIPPING = 7_999, 499  # of the stall's goods
REVENUE, COMMISSION = 2 * PRICE + SHIPPING, 1_600  # of two pieces; ten per cent of the goods, half a cent up
NET = REVENUE - COMMISSION


def refund(
    sold: Fulfilment, *wanted: tuple[str, int | None] | str, key: str | None = None, **more: Any
) -> Reply:
    """By the supplier itself, unless `by` says otherwise."""
    by = more.pop("by", None) or sold.catalogue.by
    headers = {"idempotency-key": key} if key else {}
    return refund_lines(sold.path, body={"lines": lines(*wanted), **more}, headers=headers, **by)


def by_admin(checkout: Checkout) -> dict[str, Any]:
    return acting("admin", checkout.shop.admin())


def delivered(sold: Fulfilment) -> Fulfilment:
    for step in (sold.accept, sold.ship, sold.deliver):
        reply = step()
        assert reply.status == 200, reply.body
    return sold


def payable(checkout: Checkout, account: str | None = ACCOUNT, *, ready: bool = True) -> Catalogue:
    """A verified supplier's stall, with an account at Stripe that it can be paid to."""
    shop, supplier_id = checkout.shop, new_id()
    made = Ref(decider=ref(supplier_id).decider, id=supplier_id, creates=True)
    execute(shop.scope(), made, RegisterSupplier(company=Company(legal_name="Bakery GmbH", country="DE")))
    execute(shop.scope(), ref(supplier_id), VerifySupplierAddress())
    execute(shop.scope(), ref(supplier_id), UpdateSupplier(changes={}, numbers=MaskedNumbers(tax_id="6789")))
    execute(
        shop.scope(),
        ref(supplier_id),
        RequestUpload(kind="business_license", content_type="application/pdf", size_bytes=11),
    )
    (pending,) = business(supplier_id).pending
    uploaded = (Uploaded(id=pending.id, version="v1"),)
    steps: list[Any] = [SubmitSupplier(uploaded=uploaded), BeginReview(), VerifySupplier()]
    if account:
        checkout.stripe.connect.account(account, ready=ready, tenant_id=TENANT, supplier_id=supplier_id)
        steps.append(OpenPayoutAccount(stripe_account_id=account))
        told = NotePayoutAccount(stripe_account_id=account, details_submitted=ready, transfers_enabled=ready)
        steps.append(told)
    for step in steps:
        execute(shop.scope(), ref(supplier_id), step)
    stands(supplier_id)
    return Catalogue(supplier_id)


def business(supplier_id: str) -> Supplier:
    state = load(TENANT, ref(supplier_id).decider, supplier_id).state
    assert isinstance(state, Supplier)
    return state


def sold_by(checkout: Checkout, catalogue: Catalogue, goods: Goods, quantity: int = 1) -> Fulfilment:
    """An order of it that is paid and delivered."""
    order_id = checkout.placed(requested_line(goods, quantity))
    assert checkout.pay(order_id).body["detail_status"] == "paid"
    return delivered(Fulfilment(checkout, order_id, catalogue))


def pay_supplier(sold: Fulfilment) -> dict[str, Any]:
    """Calls the command by hand; the sweep does the same."""
    from commerce.payout.handlers.pay_supplier import handler

    path = {"order_id": sold.order_id, "supplier_id": sold.catalogue.supplier_id}
    return handler({"tenant_id": TENANT, "path": path, "actor": "operator"}, LAMBDA)


def ledger(catalogue: Catalogue, currency: str = "EUR") -> dict[str, int]:
    found = reads.one(payout_ledger.key(TENANT, catalogue.supplier_id, currency)) or {}
    names = ("earnings", "commission", "reversals", "payouts", "balance")
    return {name: int(found.get(name, 0)) for name in names}


def books(catalogue: Catalogue) -> tuple[int, ...]:
    """Earnings, commission, reversals, payouts and the balance, in euro cents."""
    return tuple(ledger(catalogue).values())


def after_the_hold(checkout: Checkout) -> dict[str, Any]:
    checkout.later(days=7, seconds=1)
    return checkout.sweep()
