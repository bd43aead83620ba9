"""When an account is disconnected its cases wait, and go on when it is back in time (reactions/account_connection)."""

from datetime import timedelta

import pytest

from recovery import inbound
from recovery.attempt.next_action import Abandon, Wait, next_action
from recovery.case import stripe_account_status
from recovery.stripe_account import transactions
from recovery.stripe_account.decider import ConnectStripeAccount
from support.dynamodb import stored_events
from support.recovery.webhook_delivery import connected_delivery as opened
from support.spec import LAMBDA
from support.stream_events import batch, failed
from troupe.store.transact import Decision, transact


@pytest.fixture
def delivery(tenant, tmp_path):
    with opened(tenant, tmp_path) as place:
        yield place.open(disconnect_grace_days=3)


def hear(kind):
    """What was heard of last, twice."""
    event = stored_events(kind)[-1]
    assert failed(inbound.handler(batch(event, event), LAMBDA)) == []


def deauthorize(delivery):
    delivery.tenant.deauthorize(delivery.account, delivery.stripe.now)
    hear("stripe_account.disconnected")


def reconnect(delivery):
    ref = transactions.ref(delivery.account)
    command = ConnectStripeAccount(
        workspace_id=delivery.workspace,
        stripe_account_id=delivery.stripe.account.id,
        livemode=True,
        scopes=("read_write",),
    )

    def decide(at):
        change = at.decide(ref, command)
        return Decision(
            changes=(change,), actions=transactions.guard_actions(change, delivery.tenant.tenant_id)
        )

    transact(delivery.tenant.scope(delivery.stripe.now), (ref,), decide)
    hear("stripe_account.reconnected")


def test_s_39_all_open_cases_of_the_account_wait_and_no_other(delivery):
    invoices = [delivery.stripe.failed_renewal() for _ in range(3)]
    delivery.deliver()
    delivery.forward(hours=1)
    delivery.stripe.voided(invoices[2])
    delivery.deliver()
    calls = len(delivery.calls())
    deauthorize(delivery)
    assert len(delivery.calls()) == calls
    for invoice in invoices[:2]:
        attempt = delivery.attempt(invoice)
        assert (attempt.held_reason, attempt.held_at) == ("account_disconnected", delivery.stripe.now)
        assert attempt.held_until == delivery.stripe.now + timedelta(days=3)
        assert next_action(attempt, delivery.stripe.now) == Wait(until=attempt.held_until)
    assert delivery.attempt(invoices[2]).held_at is None
    assert delivery.happened().count("recovery_attempt.held") == 2


def test_s_39_back_in_time_they_go_on(delivery):
    invoice = delivery.stripe.failed_renewal()
    delivery.deliver()
    deauthorize(delivery)
    delivery.forward(days=2)
    reconnect(delivery)
    attempt = delivery.attempt(invoice)
    assert (attempt.held_at, attempt.pending) == (None, True)
    assert delivery.happened().count("recovery_attempt.resumed") == 1


def test_s_39_else_they_are_given_up(delivery):
    invoice = delivery.stripe.failed_renewal()
    delivery.deliver()
    deauthorize(delivery)
    delivery.forward(days=3, seconds=1)
    assert next_action(delivery.attempt(invoice), delivery.stripe.now) == Abandon(
        reason="account_disconnected"
    )


def test_news_that_was_overtaken_changes_nothing(delivery):
    invoice = delivery.stripe.failed_renewal()
    delivery.deliver()
    deauthorize(delivery)
    delivery.forward(hours=1)
    reconnect(delivery)
    hear("stripe_account.disconnected")
    assert delivery.attempt(invoice).held_at is None
    deauthorize(delivery)
    hear("stripe_account.reconnected")
    assert delivery.attempt(invoice).held_reason == "account_disconnected"


def test_an_account_of_which_nothing_is_known(delivery):
    event = stored_events("stripe_account.connected")[-1]
    gone = type(event)(**{**event.detail(), "aggregate_id": "0192f0c1-0000-7000-8000-000000000abc"})
    stripe_account_status.hold(gone)
    stripe_account_status.resume(gone)
    assert delivery.happened() == []
