"""SendDunningStep: no mail of what has ended, is held or is being sent already (send_dunning_step)."""

from recovery.attempt.commands import HoldRecoveryAttempt
from recovery.case import transactions
from recovery.step import deliver, send
from support.recovery.dunning_flow import contact, first, mails
from troupe.clock import now
from troupe.store import keys, tenant_status, writes
from troupe.store.commit import commit
from troupe.store.transact import transact


class TestStopped:
    def test_paid_before_any_webhook_told_s44(self, place, case):
        """S-44: the mail is not sent, and the other steps are skipped."""
        place.stripe.paid_out_of_band(case.invoice)
        case.run()
        assert (case.attempt.status, mails()) == ("recovered", [])
        assert {each.skipped_reason for each in case.attempt.steps} == {"recovered"}

    def test_paid_just_after_it_left_s44(self, place, case):
        """S-44: it stays sent, and converts by the payment."""
        case.run()
        place.forward(minutes=5)
        place.stripe.paid_by_customer(case.invoice, place.stripe.card(place.stripe.customer_of(case.invoice)))
        assert place.deliver() == []
        assert [each.status for each in case.attempt.steps] == ["converted", "scheduled", "scheduled"]
        assert [each.skipped_reason for each in case.attempt.steps] == [None, "recovered", "recovered"]

    def test_cancelled_s35(self, place, case):
        place.stripe.cancelled_at_period_end(case.invoice)
        case.run()
        assert (case.attempt.status, case.attempt.end_reason, mails()) == ("abandoned", "cancelled", [])

    def test_disconnected_s39(self, place, case):
        place.tenant.deauthorize(place.account, now())
        asked = len(place.stripe.simulation.made)
        case.run()
        assert (case.attempt.held_reason, mails()) == ("account_disconnected", [])
        assert len(place.stripe.simulation.made) == asked

    def test_a_suspended_tenant(self, place, case):
        standing = keys.standing(place.tenant.tenant_id)
        commit([writes.put(standing, {"status": "suspended"})])
        case.run()
        assert (case.attempt.held_reason, mails()) == ("tenant_suspended", [])

    def test_a_tenant_that_is_suspended_at_the_last_moment(self, place, case, monkeypatch):
        """The claim itself holds to the tenant's standing."""
        standing = keys.standing(place.tenant.tenant_id)
        claiming = send._Sending._claiming

        def suspended_first(self, *given):
            decision = claiming(self, *given)
            status = tenant_status.published(place.tenant.tenant_id, "suspended", open_sign_up=False)
            commit([writes.put(standing, {"status": "suspended"}), *status])
            return decision

        monkeypatch.setattr(send._Sending, "_claiming", suspended_first)
        case.walk().send(first(case))
        assert (case.attempt.held_reason, mails()) == ("tenant_suspended", [])

    def test_held_between_the_claim_and_the_mail(self, place, case, monkeypatch):
        run = deliver.Delivery.run

        def held_first(self, fetched):
            ref, hold = transactions.ref(case.id), HoldRecoveryAttempt(reason="requested")
            transact(
                place.tenant.scope(now()),
                (ref,),
                lambda at: transactions.written(at, transactions.decided(at, ref, (hold,))),
            )
            return run(self, fetched)

        monkeypatch.setattr(deliver.Delivery, "run", held_first)
        told = case.walk().send(first(case))
        assert (told["outcome"], told["reason"]) == ("released", "attempt_held")
        assert (mails(), case.step(1).claimed_until, contact(case).mails) == ([], None, ())

    def test_two_workers_on_one_case(self, place, case, monkeypatch):
        run, told = deliver.Delivery.run, []

        def meanwhile(self, fetched):
            if not told:
                told.append(None)
                told[0] = case.walk().send(first(case))
            return run(self, fetched)

        monkeypatch.setattr(deliver.Delivery, "run", meanwhile)
        assert case.walk().send(first(case))["outcome"] == "sent"
        assert (told[0]["outcome"], len(mails())) == ("not_needed", 1)
