"""What mails and charges rest on, where some of it is not there."""

import pytest

from recovery.preconditions import inputs, refresh
from recovery.preconditions.apply import Outcome, fetch_invoice
from recovery.stripe import gateway
from stripe_simulator.model import Invoice
from support.recovery.dunning_flow import dunning, failed, mails
from troupe.clock import now
from troupe.ids import new_id
from troupe.store.transact import Snapshot, Unknown
from troupe.stripe.client import Misused


@pytest.fixture
def place(tenant, tmp_path):
    with dunning(tenant, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    return failed(place)


@pytest.fixture
def about(case):
    return inputs.load_context(case.place.tenant.tenant_id, case.id)


def scope(case):
    return case.place.tenant.scope(now())


def without(case, about, gone):
    """All of it as it stands, but for one thing that is not there."""
    at = inputs.read(scope(case), about)
    key = gone.key(about.tenant_id)
    return Snapshot(scope=at.scope, items={name: item for name, item in at.items.items() if name != key})


class TestTruth:
    def test_an_invoice_that_stripe_does_not_know_any_more_ends_its_case(self, case, about):
        case.place.stripe.world._things[Invoice].pop(case.invoice.id)
        assert fetch_invoice(scope(case), about) == Outcome(outcome="stopped", reason="invoice_gone")
        assert (case.attempt.status, case.attempt.end_reason) == ("abandoned", "invoice_gone")

    def test_the_flow_stops_and_sends_no_mail(self, case):
        case.place.stripe.world._things[Invoice].pop(case.invoice.id)
        walk = case.run()
        assert walk.outcomes == [("send_step", "stopped", "invoice_gone")]
        assert (mails(), case.walk().run()["action"]) == ([], "done")

    def test_access_that_was_taken_holds_it(self, case, about):
        case.place.stripe.account.connected = False
        assert fetch_invoice(scope(case), about) == Outcome(outcome="stopped", reason="account_disconnected")
        assert (case.attempt.status, case.attempt.held_reason) == ("pending", "account_disconnected")

    def test_a_call_that_is_wrong_is_told_and_changes_nothing(self, case, about, monkeypatch):
        before = case.attempt
        monkeypatch.setattr(gateway, "EXPANDED", ("nonsense",))
        with pytest.raises(Misused):
            fetch_invoice(scope(case), about)
        assert case.attempt == before


class TestSubjects:
    def test_an_attempt_that_is_not_there(self, case):
        with pytest.raises(Unknown):
            inputs.load_context(case.place.tenant.tenant_id, new_id())

    @pytest.mark.parametrize("gone", ["attempt", "workspace"])
    def test_nothing_is_known_without_an_attempt_and_its_workspace(self, case, about, gone):
        with pytest.raises(Unknown):
            inputs.known(without(case, about, getattr(about, gone)), about)

    def test_an_account_that_is_nothing_is_not_connected(self, case, about):
        assert inputs.known(inputs.read(scope(case), about), about).account_connected
        assert not inputs.known(without(case, about, about.account), about).account_connected

    @pytest.mark.parametrize("gone", ["workspace", "account"])
    def test_no_attempt_is_caught_up_with_without_both(self, case, about, gone):
        fetched = case.place.stripe.fetch(case.invoice)
        with pytest.raises(Unknown):
            refresh.given(without(case, about, getattr(about, gone)), about, fetched)
