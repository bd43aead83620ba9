"""RetryPayment: one charge, when it is due or a person asks for it (retry_payment)."""

from recovery.case import card_charges
from recovery.retry import rate_limit
from recovery.stripe.gateway import Gateway
from support.recovery.dunning_flow import charges, failed, paid_with
from support.recovery.tenant import Call
from troupe.clock import now
from troupe.store import reads

EARLY = Call("retry_payment", "POST /recovery-attempts/{recovery_attempt_id}/retry")


class TestOnce:
    def test_a_retry_that_is_paid(self, place, case):
        place.stripe.behave(place.stripe.card_of(case.invoice))
        walk = case.run()
        assert ("retry", "done", "paid") in walk.outcomes
        attempt = case.attempt
        assert (attempt.status, attempt.attribution) == ("recovered", "our_retry")
        assert paid_with(place) == [f"{place.tenant.tenant_id}/{case.id}/1"]
        assert place.deliver() == []
        assert case.attempt == attempt

    def test_one_that_is_declined_plans_the_next(self, place, case):
        walk = case.run()
        assert ("retry", "done", "declined") in walk.outcomes
        attempt = case.attempt
        assert (attempt.status, attempt.retries_executed, attempt.retry.number) == ("pending", 1, 2)
        assert attempt.charges[-1].initiator == "troupe"
        assert attempt.retry.at > now()
        assert place.deliver() == []
        assert case.attempt == attempt

    def test_nothing_is_left_reserved_or_taken(self, place, case):
        case.run()
        card = place.stripe.card_of(case.invoice)
        ledger = card_charges.read(place.tenant.tenant_id, card.fingerprint, now())
        assert sorted(each.charge_id for each in ledger.charges) == sorted(
            each.id for each in place.stripe.charges(case.invoice)
        )
        keys = rate_limit.keys_to_read(place.tenant.tenant_id, place.stripe.account.id, 5)
        assert reads.batch(keys) == {}

    def test_the_webhook_of_it_may_be_first(self, place, case, monkeypatch):
        """The charge's event is processed before our own call has returned."""
        pay = Gateway.pay_invoice

        def paid(*given):
            try:
                return pay(*given)
            finally:
                assert place.deliver() == []

        monkeypatch.setattr(Gateway, "pay_invoice", paid)
        case.run()
        assert case.attempt.retries_executed == 1
        assert case.attempt.charges[-1].initiator == "troupe"
        assert charges(case) == 2


class TestByAPerson:
    """S-14: a person's retry counts for no budget, and there are not many."""

    def test_before_its_time(self, place):
        case = failed(place)
        case.run()
        assert case.attempt.retry.at > now()
        place.stripe.world.advance(int(now().timestamp()))
        reply = EARLY(path={"recovery_attempt_id": case.id})
        assert (reply.status, reply.body["outcome"], reply.body["reason"]) == (200, "done", "declined")
        assert charges(case) == 2
        assert case.attempt.retries_executed == 0
        assert case.attempt.charges[-1].by_person

    def test_five_are_enough(self, place):
        case = failed(place)
        codes = []
        for _ in range(6):
            place.forward(minutes=5)
            place.stripe.world.advance(int(now().timestamp()))
            reply = EARLY(path={"recovery_attempt_id": case.id})
            codes.append(reply.body.get("code") or reply.body["outcome"])
        assert codes == ["done"] * 5 + ["too_many_retries"]
        assert (charges(case), case.attempt.retries_executed) == (6, 0)

    def test_what_is_not_fresh_is_refused(self, place):
        case = failed(place)
        place.tenant.deactivate(place.workspace)
        before = case.attempt
        reply = EARLY(path={"recovery_attempt_id": case.id})
        assert (reply.status, reply.body["code"]) == (409, "invalid_state")
        assert case.attempt == before

    def test_of_a_case_that_has_ended(self, place, case):
        place.stripe.behave(place.stripe.card_of(case.invoice))
        case.run()
        reply = EARLY(path={"recovery_attempt_id": case.id})
        assert (reply.status, reply.body["code"]) == (409, "invalid_state")

    def test_an_unknown_attempt(self, place):
        assert EARLY(path={"recovery_attempt_id": "0192f0c1-0000-7000-8000-0000000000ff"}).status == 404
