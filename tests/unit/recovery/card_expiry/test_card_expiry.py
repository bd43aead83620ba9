"""Which cards are warned of, and when: by the next charge, not by the calendar."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from recovery.card_expiry import mail as card_expiry_mail
from recovery.card_expiry.decide import endangered, renewal, to_be_warned, went_through
from recovery.invoice.state import ChargeState
from recovery.mail import links
from recovery.mail.links import Link
from recovery.risk.decider import AtRisk
from support.recovery.invoice_states import CHARGE, FAILED, NOON, WORKSPACE, fetched
from troupe.security import signing
from troupe.security.secrets import SigningKeys

MARCH = datetime(2027, 3, 1, 9, tzinfo=UTC)


def card(month=8, year=2026, **facts):
    return {
        "id": "pm_1",
        "type": "card",
        "card": {"exp_month": month, "exp_year": year, "last4": "4242", **facts},
    }


def subscription(**given):
    """A yearly one that renews on the first of March, as Stripe has it."""
    plain = {
        "id": "sub_1",
        "status": "active",
        "collection_method": "charge_automatically",
        "cancel_at_period_end": False,
        "default_payment_method": card(),
        "customer": {"id": "cus_1", "email": "ann@customer.example", "name": "Ann"},
        "items": {"data": [{"current_period_end": int(MARCH.timestamp())}]},
    }
    return plain | given


def found(**given):
    seen = renewal(subscription(**given))
    assert seen is not None
    return seen


def test_a_yearly_one_is_warned_by_lead_time_before_its_renewal_s53():
    """S-53: the card expires in August; the charge is in March, and so is the warning."""
    seen = found()
    assert seen.good_until == date(2026, 8, 31)
    assert endangered(seen, "UTC")
    assert not to_be_warned(seen, "UTC", 14, datetime(2026, 7, 15, tzinfo=UTC))
    assert not to_be_warned(seen, "UTC", 14, MARCH - timedelta(days=14, seconds=1))
    assert to_be_warned(seen, "UTC", 14, MARCH - timedelta(days=14))
    assert not to_be_warned(seen, "UTC", 14, MARCH)


@pytest.mark.parametrize(
    ("month", "zone", "in_danger"),
    [(3, "UTC", False), (2, "UTC", True), (2, "Pacific/Honolulu", False), (4, "UTC", False)],
)
def test_a_card_is_good_to_the_end_of_its_month(month, zone, in_danger):
    """By the calendar of the workspace: at nine in the morning UTC it is February still in Honolulu."""
    assert endangered(found(default_payment_method=card(month, 2027)), zone) is in_danger


@pytest.mark.parametrize(
    "given",
    [
        {"cancel_at_period_end": True},
        {"cancel_at": int(MARCH.timestamp())},
        {"status": "canceled"},
        {"status": "past_due"},  # its case has charge
        {"pause_collection": {"behavior": "void"}},
        {"collection_method": "send_invoice"},
        {"default_payment_method": None},
        {"default_payment_method": {"id": "pm_2", "type": "sepa_debit", "sepa_debit": {"last4": "3000"}}},
        {"items": {"data": []}},
    ],
)
def test_what_is_not_warned_of_s55(given):
    """S-55: nothing will be charged, or not to a card that expires."""
    assert renewal(subscription(**given)) is None


def test_only_the_card_that_will_be_charged_counts_s55():
    """S-55: the subscription's own card comes before the customer's default, which expires."""
    customer = {"id": "cus_1", "invoice_settings": {"default_payment_method": card(1, 2026)}}
    assert not endangered(found(default_payment_method=card(8, 2030), customer=customer), "UTC")
    assert endangered(found(default_payment_method=None, customer=customer), "UTC")


def test_the_mail(monkeypatch):
    keys = SigningKeys(current="k1", keys={"k1": "0123456789abcdef0123456789abcdef"})
    monkeypatch.setattr(signing, "signing_keys", lambda: keys)
    monkeypatch.setenv("PUBLIC_URL", "https://troupe.example")
    link = Link(
        purpose="opt_out",
        tenant_id="@",
        about_id="r1",
        step_id=None,
        workspace_id="w",
        customer_id="cus_1",
        at=NOON,
    )
    seen = found(
        default_payment_method=card(brand="visa"),
        customer={"id": "cus_1", "email": "ann@customer.example", "name": "<b>Ann</b> {{ name }}"},
    )
    mail = card_expiry_mail.letter(seen, WORKSPACE, link, "UTC")
    assert "Your Visa ending in 4242 expires at the end of 2026-08." in mail.text
    assert "due on 2027-03-01" in mail.text
    assert "&lt;b&gt;Ann" in mail.html
    assert "<b>" not in mail.html
    address = links.address(link)
    assert mail.headers["List-Unsubscribe"] == f"<{address}>"
    assert mail.sender_name == "Acme"
    without = found(
        default_payment_method={"id": "pm", "type": "card", "card": {"exp_month": 8, "exp_year": 2026}}
    )
    assert "Your Card expires at the end" in card_expiry_mail.letter(without, WORKSPACE, link, "UTC").text
    nobody = found(customer={"id": "cus_1"})
    with pytest.raises(ValueError, match="recipient"):
        card_expiry_mail.letter(nobody, WORKSPACE, link, "UTC")


RISK = AtRisk(
    workspace_id="w",
    stripe_customer_id="cus_1",
    stripe_subscription_id="sub_1",
    reason="card_expiring",
    risk_detected_at=FAILED - timedelta(days=14),
    expiration_date=date(2026, 2, 28),
    renews_at=FAILED,
)
PASSED = ChargeState(charge=replace(CHARGE, status="succeeded", at=NOON))
FAILED_FIRST = ChargeState(charge=CHARGE)


def paid(*charges, **invoice):
    return fetched(invoice={"status": "paid", **invoice}, charges=charges)


def test_a_renewal_that_the_issuer_let_pass():
    assert went_through(paid(PASSED), RISK) == NOON
    assert went_through(paid(FAILED_FIRST, PASSED, billing_reason="subscription"), RISK) == NOON


@pytest.mark.parametrize(
    "stands",
    [
        fetched(),
        fetched(charges=(PASSED,)),
        paid(FAILED_FIRST),
        paid(),
        paid(PASSED, billing_reason="subscription_update"),
        paid(PASSED, created_at=FAILED - timedelta(days=30)),
    ],
    ids=["failed", "in_part", "by_hand", "by_credit", "another_reason", "an_earlier_one"],
)
def test_what_tells_nothing_of_the_card(stands):
    assert went_through(stands, RISK) is None


@pytest.mark.parametrize(
    ("last_day", "passes"), [(date(2026, 3, 1), True), (date(2026, 3, 2), False), (None, False)]
)
def test_without_the_day_of_the_renewal_it_is_one_after_the_card_s_last(last_day, passes):
    """The invoice is of the second of March."""
    risk = replace(RISK, renews_at=None, expiration_date=last_day)
    assert (went_through(paid(PASSED), risk) is not None) is passes
