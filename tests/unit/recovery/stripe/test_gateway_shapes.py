"""The gateway, answered in shapes that Stripe's library does not ask for: unexpanded, older, page by page."""

from types import SimpleNamespace

import pytest

from recovery.stripe.gateway import Gateway
from support.recovery.stripe_account_world import BEGIN

INVOICE = {
    "id": "in_1",
    "status": "open",
    "amount_due": 900,
    "amount_remaining": 900,
    "currency": "eur",
    "billing_reason": "subscription_cycle",
    "customer": "cus_1",
    "subscription": "sub_1",
    "payment_intent": "pi_1",
    "charge": "ch_beside",
    "created": 1_767_225_600,
}
CHARGE = {
    "object": "charge",
    "status": "failed",
    "failure_code": "card_declined",
    "amount": 900,
    "created": 1_767_225_600,
}


class Stripe:
    """Objects by id, and lists by service, two to a page."""

    def __init__(self, objects, lists):
        self.objects, self.lists = objects, lists

    def __call__(self, work):
        return work(SimpleNamespace(v1=self))

    def __getattr__(self, service):
        return SimpleNamespace(
            retrieve=lambda named, _asked, _options: _answer(self.objects[named]),
            list=lambda asked, _options: _answer(self._page(service, asked)),
        )

    def _page(self, service, asked):
        found = self.lists.get(service, [])
        ids = [each["id"] for each in found]
        start = ids.index(asked["starting_after"]) + 1 if "starting_after" in asked else 0
        return {"object": "list", "data": found[start : start + 2], "has_more": start + 2 < len(found)}


def _answer(body):
    return SimpleNamespace(to_dict=lambda: body)


@pytest.fixture
def answered(monkeypatch):
    def by(objects, **lists):
        monkeypatch.setattr("recovery.stripe.gateway.stripe_client.call", Stripe(objects, lists))
        return Gateway("acct_1").fetch("in_1", BEGIN)

    return by


OBJECTS = {
    "in_1": INVOICE,
    "cus_1": {"id": "cus_1", "email": "ann@customer.example", "default_source": "card_1"},
    "sub_1": {"id": "sub_1", "status": "past_due", "current_period_end": 1_769_904_000},
    "card_1": {
        "id": "card_1",
        "object": "card",
        "brand": "Visa",
        "last4": "4242",
        "exp_month": 8,
        "exp_year": 2030,
    },
    "pi_1": {"id": "pi_1", "status": "requires_payment_method", "latest_charge": "ch_1"},
    "ch_beside": CHARGE | {"id": "ch_beside"},
}


def test_an_invoice_of_the_older_kind_with_nothing_expanded(answered):
    charges = [CHARGE | {"id": f"ch_{number}", "payment_intent": "pi_1"} for number in range(5)]
    fetched = answered(OBJECTS, charges=charges)
    assert (fetched.customer.email, fetched.subscription.status) == ("ann@customer.example", "past_due")
    assert fetched.subscription.current_period_end.year == 2026
    assert (fetched.payment_method.id, fetched.payment_method.last4) == ("card_1", "4242")
    assert {each.charge.id for each in fetched.charges} == {"ch_beside", *(each["id"] for each in charges)}


def test_more_payments_than_an_invoice_brings(answered):
    parts = [
        {
            "id": f"inpay_{number}",
            "status": "open",
            "payment": {"payment_intent": {"id": f"pi_{number}", "status": "canceled"}},
        }
        for number in range(5)
    ]
    invoice = INVOICE | {
        "payment_intent": None,
        "charge": None,
        "subscription": None,
        "payments": {"data": parts[:1], "has_more": True},
        "lines": {"data": [{"subscription": "sub_1"}]},
    }
    fetched = answered(OBJECTS | {"in_1": invoice}, invoice_payments=parts)
    assert fetched.charges == ()
    assert fetched.subscription.id == "sub_1"


def test_a_charge_that_is_named_twice_is_one(answered):
    fetched = answered(OBJECTS, charges=[CHARGE | {"id": "ch_beside", "payment_intent": "pi_1"}])
    assert [each.charge.id for each in fetched.charges] == ["ch_beside"]
