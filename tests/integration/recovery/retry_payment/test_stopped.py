"""RetryPayment: no charge of what has ended, is held or has no card (retry_payment)."""

from recovery.attempt.commands import HoldRecoveryAttempt
from recovery.case import transactions
from recovery.retry import retry_payment
from stripe_simulator import subscribers
from support.recovery.dunning_flow import charges, paid_with
from troupe.clock import now
from troupe.store.transact import transact


class TestStopped:
    """A customer is not charged after paying, cancelling or disputing, or when the merchant is gone."""

    def check(self, case, status, reason=None):
        made = len(paid_with(case.place))
        case.run()
        assert len(paid_with(case.place)) == made
        assert case.attempt.status == status
        if reason:
            assert case.attempt.end_reason == reason

    def test_paid_meanwhile_s36(self, place, case):
        place.stripe.paid_out_of_band(case.invoice)
        self.check(case, "recovered", "paid_out_of_band")

    def test_voided_s36(self, place, case):
        place.stripe.voided(case.invoice)
        self.check(case, "abandoned", "voided")

    def test_cancelled_s35(self, place, case):
        """S-35: no webhook has told of it yet."""
        place.stripe.cancelled(case.invoice)
        self.check(case, "abandoned", "cancelled")

    def test_disconnected_no_call_is_made_s39(self, place, case):
        place.tenant.deauthorize(place.account, now())
        asked = len(place.stripe.simulation.made)
        case.run()
        assert len(place.stripe.simulation.made) == asked
        assert case.attempt.held_reason == "account_disconnected"

    def test_an_inactive_workspace(self, place, case):
        place.tenant.deactivate(place.workspace)
        case.run()
        assert (case.attempt.held_reason, charges(case)) == ("workspace_inactive", 1)

    def test_held_between_the_claim_and_the_charge(self, place, case, monkeypatch):
        """What changed after the claim releases it, and keeps the reason."""
        retrying = retry_payment._Retrying
        charge = retrying._charge

        def held_first(self, *given):
            hold = HoldRecoveryAttempt(reason="requested")
            ref = transactions.ref(case.id)
            transact(
                place.tenant.scope(now()),
                (ref,),
                lambda at: transactions.written(at, transactions.decided(at, ref, (hold,))),
            )
            return charge(self, *given)

        monkeypatch.setattr(retrying, "_charge", held_first)
        told = case.walk().retry()
        assert (told["outcome"], told["reason"]) == ("released", "attempt_held")
        assert charges(case) == 1
        assert case.attempt.retry.claimed_until is None

    def test_a_card_that_is_gone_s24(self, place, case):
        card = place.stripe.card_of(case.invoice)
        subscribers.detach(place.stripe.world, card)
        walk = case.run()
        assert charges(case) == 1
        assert ("retry", "skipped", "no_payment_method") in walk.outcomes
        assert case.attempt.retry is None
