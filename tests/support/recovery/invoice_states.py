"""A case and how it stands at Stripe, as the tests of mails and charges want it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from recovery.attempt.events import Charge, Terms
from recovery.attempt.state import Attempt, Card, Retry, Step
from recovery.invoice.state import ChargeState, Customer, Invoice, InvoiceState, PaymentMethod, Subscription
from recovery.policy.decline import Decline
from recovery.preconditions.decide import Known
from recovery.workspace.decider import Workspace
from recovery.workspace.settings import Settings

NOON = datetime(2026, 3, 3, 12, tzinfo=UTC)  # a Tuesday
FAILED = NOON - timedelta(days=1)
NO_MONEY = Decline(code="card_declined", decline_code="insufficient_funds", brand="visa")
CHARGE = Charge(
    id="ch_1",
    payment_intent_id="pi_1",
    at=FAILED,
    status="failed",
    amount_cents=2_000,
    initiator="stripe",
    fingerprint="fp_1",
    brand="visa",
    payment_method_id="pm_1",
)
CARD = Card(payment_method_id="pm_1", fingerprint="fp_1", brand="visa", last4="4242", expires="2030-08")
STEPS = tuple(
    Step(id=f"s{place}", delay_hours=hours, due_at=FAILED + timedelta(hours=hours))
    for place, hours in enumerate((24, 72, 144), start=1)
)
TERMS = Terms(window_ends_at=FAILED + timedelta(days=28), zone="UTC")
RETRY = Retry(number=1, at=NOON)
ATTEMPT = Attempt(
    workspace_id="0192f0c1-0000-7000-8000-00000000e001",
    stripe_account_id="acct_1",
    stripe_invoice_id="in_1",
    stripe_customer_id="cus_1",
    stripe_subscription_id="sub_1",
    invoice_number="AB-0001",
    currency="USD",
    amount_due_cents=2_000,
    amount_remaining_cents=2_000,
    started_at=FAILED,
    terms=TERMS,
    steps=STEPS,
    charges=(CHARGE,),
    decline=NO_MONEY,
    card=CARD,
    retry=RETRY,
    plan_number=1,
)
WORKSPACE = Workspace(
    name="Acme",
    owner_user_id="0192f0c1-0000-7000-8000-0000000000a1",
    timezone="UTC",
    billing_plan="pro",
    created_at=FAILED,
    updated_at=FAILED,
)
INVOICE = Invoice(
    id="in_1",
    number="AB-0001",
    status="open",
    billing_reason="subscription_cycle",
    collection_method="charge_automatically",
    auto_advance=True,
    currency="USD",
    amount_due_cents=2_000,
    amount_paid_cents=0,
    amount_remaining_cents=2_000,
    credited_cents=0,
    created_at=FAILED,
    paid_at=None,
    paid_out_of_band=False,
    next_payment_attempt_at=None,
    hosted_invoice_url="https://invoice.stripe.com/i/acct_1/test_1",
    customer_id="cus_1",
    subscription_id="sub_1",
)
SUBSCRIPTION = Subscription(
    id="sub_1",
    status="past_due",
    cancel_at_period_end=False,
    cancel_at=None,
    canceled_at=None,
    current_period_end=NOON + timedelta(days=29),
)
CUSTOMER = Customer(id="cus_1", email="ann@customer.example", name="Ann", country="US", zone=None)
METHOD = PaymentMethod(
    id="pm_1",
    type="card",
    fingerprint="fp_1",
    brand="visa",
    last4="4242",
    exp_month=8,
    exp_year=2030,
    country="US",
)


def fetched(**given: Any) -> InvoiceState:
    """How it stands at Stripe: as the attempt has it, but for what is given of the truth or its parts."""
    stands = InvoiceState(
        account_id="acct_1",
        fetched_at=NOON,
        invoice=INVOICE,
        subscription=SUBSCRIPTION,
        customer=CUSTOMER,
        payment_method=METHOD,
        charges=(ChargeState(charge=CHARGE, decline=NO_MONEY),),
    )
    for part in ("invoice", "subscription", "customer", "payment_method"):
        if isinstance(given.get(part), dict):
            given[part] = replace(getattr(stands, part), **given[part])
    return replace(stands, **given)


def known(attempt: Attempt | None = None, settings: Settings | None = None, **given: Any) -> Known:
    """What Troupe stores: all is well, but for what is given."""
    active = given.pop("is_active", True)
    workspace = replace(WORKSPACE, settings=settings or Settings(), is_active=active)
    stored = Known(attempt=attempt or ATTEMPT, workspace=workspace, account_connected=True, standing="active")
    return replace(stored, **given)
