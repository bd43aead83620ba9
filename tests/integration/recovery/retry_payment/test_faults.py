"""RetryPayment: one charge, with any fault in the middle (retry_payment)."""

import pytest

from recovery.retry import retry_payment
from recovery.stripe.gateway import Gateway
from support.faulty_client import Crash
from support.recovery.dunning_flow import charges, paid_with
from troupe.clock import now

PAY = "/v1/invoices/.*/pay"


def after_the_lease(case):
    case.place.forward(seconds=130)
    case.place.stripe.world.advance(int(now().timestamp()))


class TestFaults:
    """With any fault there is at most one charge of each retry, and the case goes on."""

    @pytest.mark.parametrize("when", ["before_claim", "before_charge", "after_charge", "before_record"])
    def test_the_end_of_the_process(self, place, case, monkeypatch, when):
        place.stripe.behave(place.stripe.card_of(case.invoice))

        def crash(*_given, **_more):
            raise Crash

        pay = Gateway.pay_invoice

        def charged(self, *given):
            pay(self, *given)
            raise Crash

        retrying = retry_payment._Retrying
        broken = {
            "before_claim": (retrying, "_claiming", crash),
            "before_charge": (Gateway, "pay_invoice", crash),
            "after_charge": (Gateway, "pay_invoice", charged),
            "before_record": (retrying, "_record", crash),
        }[when]
        with monkeypatch.context() as patch:
            patch.setattr(*broken)
            with pytest.raises(Crash):
                case.walk().run()
        after_the_lease(case)
        walk = case.run()
        assert case.attempt.status == "recovered", walk.outcomes
        assert charges(case) == 2
        assert len(set(paid_with(place))) <= 1

    def test_a_lost_response_is_the_same_charge_s21(self, place, case):
        """S-21: driven again under the same key, which answers what it answered."""
        place.stripe.behave(place.stripe.card_of(case.invoice))
        place.fails("lost", PAY, calls=3)
        assert case.walk().retry()["outcome"] == "unknown"
        assert case.attempt.retry.claimed_until is not None
        after_the_lease(case)
        case.run()
        assert (case.attempt.status, charges(case)) == ("recovered", 2)
        assert len(set(paid_with(place))) == 1

    def test_a_day_later_the_invoice_is_looked_at_first_s21(self, place, case):
        """S-21: by then Stripe has forgotten the key."""
        place.stripe.behave(place.stripe.card_of(case.invoice))
        place.fails("lost", PAY, calls=3)
        case.walk().retry()
        made = len(paid_with(place))
        case.place.forward(hours=25)
        case.run()
        assert (case.attempt.status, charges(case)) == ("recovered", 2)
        assert len(paid_with(place)) == made
        assert case.attempt.attribution == "our_retry"

    def test_a_day_later_nothing_was_charged_s21(self, place, case):
        """S-21: the call never arrived: it is made now, and once."""
        place.stripe.behave(place.stripe.card_of(case.invoice))
        place.fails("down", PAY, calls=3)
        assert case.walk().retry()["outcome"] == "unknown"
        place.mends()
        case.place.forward(hours=25)
        case.run()
        assert (case.attempt.status, charges(case)) == ("recovered", 2)

    def test_slow_down(self, place, case):
        """429: released and postponed, and not counted."""
        place.fails("rate_limited", PAY)
        told = case.walk().retry()
        assert (told["outcome"], told["reason"]) == ("released", "slow_down")
        retry = case.attempt.retry
        assert (retry.number, retry.claimed_until, case.attempt.retries_executed) == (1, None, 0)
        assert retry.at > now()
        place.mends()
        place.stripe.behave(place.stripe.card_of(case.invoice))
        case.to_the_retry()
        case.run()
        assert (case.attempt.status, charges(case)) == ("recovered", 2)

    @pytest.mark.parametrize("kind", ["down", "broken"])
    def test_stripe_is_down_before_the_claim(self, place, case, kind):
        """Nothing is written, and the flow asks again."""
        before = case.attempt
        place.fails(kind, "/v1/invoices/.*", method="GET")
        with pytest.raises(Exception, match=r"."):
            case.walk().retry()
        assert case.attempt == before
        place.mends()
        place.stripe.behave(place.stripe.card_of(case.invoice))
        case.run()
        assert case.attempt.status == "recovered"
