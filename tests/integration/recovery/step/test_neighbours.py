"""Several open invoices of one customer: one mail speaks for all that it can be sure of."""

import pytest

from stripe_simulator import subscribers
from support.recovery.dunning_flow import Case, dunning, failed, mails


@pytest.fixture
def place(tenant, tmp_path):
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def both(place):
    """Two cases of one customer, whose first mails are due."""
    case = failed(place)
    customer = place.stripe.customer_of(case.invoice)
    invoice = place.stripe.renewed(subscribers.subscribe(place.stripe.world, customer, 1_500))
    assert place.deliver() == []
    return case, Case(place, invoice)


def test_one_mail_for_all_that_a_customer_owes_s48(place, both):
    """S-48: both invoices are listed, and the steps of both are sent with it."""
    case, other = both
    case.run()
    other.run()
    (sent,) = mails()
    assert sent.subject == "Your payment of USD 35.00 did not go through"
    assert (case.step(1).status, other.step(1).status) == ("sent", "sent")
    place.stripe.paid_out_of_band(case.invoice)
    assert place.deliver() == []
    other.until(other.step(2).due_at)
    other.run()
    assert mails()[-1].subject == "Your payment of USD 15.00 did not go through"


def test_of_what_stripe_does_not_tell_nothing_is_said(place, both):
    """The other invoice is left to its own mail, which goes out on another day."""
    case, other = both
    place.fails("down", f".*/{other.invoice.id}.*")
    case.run()
    (sent,) = mails()
    assert sent.subject == "Your payment of USD 20.00 did not go through"
    assert (case.step(1).status, other.step(1).status) == ("sent", "scheduled")
    place.mends()
    other.run()
    assert len(mails()) == 1
    other.until(other.step(1).due_at)
    other.run()
    assert mails()[-1].subject == "Your payment of USD 15.00 did not go through"


def test_nor_of_an_invoice_that_was_paid_without_news_yet(place, both):
    """What is news at Stripe is written first, and its mail is not sent."""
    case, other = both
    place.stripe.paid_out_of_band(other.invoice)
    case.run()
    (sent,) = mails()
    assert sent.subject == "Your payment of USD 20.00 did not go through"
    assert (other.attempt.status, other.step(1).status) == ("recovered", "scheduled")
