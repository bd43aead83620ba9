"""When an account is disconnected its cases wait, and go on when it is back in time (reactions/account_connection)."""

from datetime import timedelta

import pytest

from recovery import inbound
from recovery.attempt.next_action import Abandon, Wait, next_action
from recovery.case import stripe_account_status
from recovery.stripe_account import transactions
from recovery.stripe_account.decider import ConnectStripeAccount
from support.identity.tenant import happened
from support.recovery.webhook_delivery import office as opened
from support.spec import LAMBDA
from support.stream_events import batch, failed
from troupe.store.transact import Decision, transact


@pytest.fixture
def office(rescue, tmp_path):
    with opened(rescue, tmp_path) as place:
        yield place.open(disconnect_grace_days=3)


def hear(kind):
    """What was heard of last, twice."""
    event = happened(kind)[-1]
    assert failed(inbound.handler(batch(event, event), LAMBDA)) == []


def deauthorize(office):
    office.rescue.deauthorize(office.account, office.town.now)
    hear("stripe_account.disconnected")


def reconnect(office):
    ref = transactions.ref(office.account)
    command = ConnectStripeAccount(
        workspace_id=office.workspace,
        stripe_account_id=office.town.account.id,
        livemode=True,
        scopes=("read_write",),
    )

    def decide(at):
        change = at.decide(ref, command)
        return Decision(changes=(change,), actions=transactions.moved(change, office.rescue.tenant_id))

    transact(office.rescue.scope(office.town.now), (ref,), decide)
    hear("stripe_account.reconnected")


def test_s_39_all_open_cases_of_the_account_wait_and_no_other(office):
    invoices = [office.town.failed_renewal() for _ in range(3)]
    office.deliver()
    office.forward(hours=1)
    office.town.voided(invoices[2])
    office.deliver()
    calls = len(office.calls())
    deauthorize(office)
    assert len(office.calls()) == calls
    for invoice in invoices[:2]:
        attempt = office.attempt(invoice)
        assert (attempt.held_reason, attempt.held_at) == ("account_disconnected", office.town.now)
        assert attempt.held_until == office.town.now + timedelta(days=3)
        assert next_action(attempt, office.town.now) == Wait(until=attempt.held_until)
    assert office.attempt(invoices[2]).held_at is None
    assert office.happened().count("recovery_attempt.held") == 2


def test_s_39_back_in_time_they_go_on(office):
    invoice = office.town.failed_renewal()
    office.deliver()
    deauthorize(office)
    office.forward(days=2)
    reconnect(office)
    attempt = office.attempt(invoice)
    assert (attempt.held_at, attempt.pending) == (None, True)
    assert office.happened().count("recovery_attempt.resumed") == 1


def test_s_39_else_they_are_given_up(office):
    invoice = office.town.failed_renewal()
    office.deliver()
    deauthorize(office)
    office.forward(days=3, seconds=1)
    assert next_action(office.attempt(invoice), office.town.now) == Abandon(reason="account_disconnected")


def test_news_that_was_overtaken_changes_nothing(office):
    invoice = office.town.failed_renewal()
    office.deliver()
    deauthorize(office)
    office.forward(hours=1)
    reconnect(office)
    hear("stripe_account.disconnected")
    assert office.attempt(invoice).held_at is None
    deauthorize(office)
    hear("stripe_account.reconnected")
    assert office.attempt(invoice).held_reason == "account_disconnected"


def test_an_account_of_which_nothing_is_known(office):
    event = happened("stripe_account.connected")[-1]
    gone = type(event)(**{**event.detail(), "aggregate_id": "0192f0c1-0000-7000-8000-000000000abc"})
    stripe_account_status.hold(gone)
    stripe_account_status.resume(gone)
    assert office.happened() == []
