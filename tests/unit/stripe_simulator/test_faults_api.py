"""The simulated Stripe's faults, as Stripe's library meets them."""

import threading

import pytest
import stripe

from stripe_simulator.api.faults import Fault


@pytest.mark.parametrize(
    "kind, expected",
    [
        ("down", stripe.APIConnectionError),
        ("rate_limited", stripe.RateLimitError),
        ("broken", stripe.APIError),
    ],
)
def test_a_fault_lasts_for_its_calls_and_does_nothing(served, kind, expected):
    invoice = served.failed()
    served.shop.card.episodes = []
    served.simulation.faults.add(Fault(kind=kind, path="/v1/invoices/.*", method="POST", calls=1))
    client = served.client(max_network_retries=0).v1
    assert client.invoices.retrieve(invoice.id, None, served.options).status == "open"
    with pytest.raises(expected):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 1
    assert client.invoices.pay(invoice.id, None, served.keyed("k")).status == "paid"


def test_a_lost_response_was_done_and_is_had_with_the_same_key(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="lost", calls=1))
    client = served.client(max_network_retries=0).v1
    with pytest.raises(stripe.APIConnectionError):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert (len(served.shop.charges()), served.simulation.made[-1].status) == (2, None)
    with pytest.raises(stripe.CardError):
        client.invoices.pay(invoice.id, None, served.keyed("k"))
    assert len(served.shop.charges()) == 2


def test_a_failure_that_its_key_keeps(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="broken_for_good", calls=1))
    client = served.client(max_network_retries=0).v1
    for _ in range(2):
        with pytest.raises(stripe.APIError):
            client.invoices.pay(invoice.id, None, served.keyed("k"))
    with pytest.raises(stripe.CardError):
        client.invoices.pay(invoice.id, None, served.keyed("l"))


def test_two_at_once_with_one_key(served):
    invoice = served.failed()
    served.simulation.faults.add(Fault(kind="slow", calls=1, milliseconds=700))
    client, results = served.client(max_network_retries=0).v1, []

    def pay():
        try:
            client.invoices.pay(invoice.id, None, served.keyed("k"))
        except stripe.StripeError as error:
            results.append(error.http_status)

    both = [threading.Thread(target=pay) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted(results) == [402, 409]
    assert len(served.shop.charges()) == 2


def test_a_fault_that_is_none(served):
    assert served.world("fault", kind="nonsense").status_code == 400
    assert served.world("fault", kind="down", path="(").status_code == 400
    assert served.world("fault", kind="down").json()[0]["calls"] is None
    assert served.world("mend").json() == []
    assert served.v1.invoices.list(None, served.options).data == []
