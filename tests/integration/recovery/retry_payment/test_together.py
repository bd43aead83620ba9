"""RetryPayment: workers, slots and cards that cases share (retry_payment)."""

from datetime import timedelta

from recovery.case import card_charges
from recovery.policy.ceilings import CardCharge
from recovery.retry import rate_limit, retry_payment
from stripe_simulator import subscribers
from stripe_simulator.model import Customer
from support.dynamodb import before_next_write
from support.recovery.dunning_flow import Case, charges
from troupe.clock import now
from troupe.store import writes
from troupe.store.commit import commit


def failed_too(place, customer):
    """Another subscription of the same customer, whose renewal fails on the same card."""
    subscription = subscribers.subscribe(place.stripe.world, customer, 2_000)
    invoice = place.stripe.renewed(subscription)
    assert place.deliver() == []
    case = Case(place, invoice)
    case.run()
    return case


class TestTogether:
    def test_two_workers_on_one_case(self, place, case, monkeypatch):
        """The second finds the claim, and does nothing."""
        place.stripe.behave(place.stripe.card_of(case.invoice))
        retrying, told = retry_payment._Retrying, []
        charge = retrying._charge

        def before_next_write(self, *given):
            if not told:
                told.append(None)
                told[0] = case.walk().retry()
            return charge(self, *given)

        monkeypatch.setattr(retrying, "_charge", before_next_write)
        assert case.walk().retry()["outcome"] == "done"
        assert told[0]["outcome"] == "not_needed"
        assert (case.attempt.status, charges(case)) == ("recovered", 2)

    def test_a_full_house_waits_its_turn_s15(self, place, case):
        """S-15: every slot is taken: later, and nothing is counted; a lease that is over is free."""
        keys = rate_limit.keys_to_read(place.tenant.tenant_id, place.stripe.account.id, 5)
        until = int((now() + timedelta(minutes=3)).timestamp())
        commit([writes.put(key, {"holder": f"x:{n}", "until": until}) for n, key in enumerate(keys)])
        told = case.walk().retry()
        assert (told["outcome"], told["reason"]) == ("postponed", "no_slot")
        assert (case.attempt.retry.number, case.attempt.retries_executed, charges(case)) == (1, 0, 1)
        assert case.attempt.retry.at > now()
        place.forward(minutes=10)
        case.run()
        assert case.attempt.retries_executed == 1

    def test_two_cases_on_one_card_share_the_last_charge_that_is_allowed(self, place, case):
        """Visa allows twenty reattempts: the second to claim sees what the first has reserved."""
        customer, card = place.stripe.customer_of(case.invoice), place.stripe.card_of(case.invoice)
        other = failed_too(place, customer)
        before = [
            CardCharge(
                charge_id=f"ch_before_{number}",
                at=now() - timedelta(days=2, minutes=number),
                account=place.stripe.account.id,
                amount_cents=2_000,
                currency=case.attempt.currency,
                approved=False,
            )
            for number in range(18)
        ]
        commit(card_charges.recorded(place.tenant.tenant_id, card.fingerprint, before))
        other.until(max(case.attempt.retry.at, other.attempt.retry.at))
        told = []
        with before_next_write(lambda: told.append(other.walk().retry())):
            told.append(case.walk().retry())
        assert sorted((each["outcome"], each["reason"]) for each in told) == [
            ("done", "declined"),
            ("postponed", "visa.reattempt_limit"),
        ]

    def test_never_to_one_case_is_never_to_the_other_s06(self, place, case):
        """S-06: what the card answered meanwhile, to another invoice, drops the retry that was planned."""
        customer, card = place.stripe.customer_of(case.invoice), place.stripe.card_of(case.invoice)
        other = failed_too(place, customer)
        place.stripe.behave(card, "stolen_card")
        place.stripe.retried_by_stripe(case.invoice)
        assert place.deliver() == []
        charged = len(place.stripe.charges(other.invoice))
        other.to_the_retry()
        (told,) = [each for each in other.run().outcomes if each[0] == "retry"]
        assert told == ("retry", "skipped", "stripe.stolen_card")
        assert (other.attempt.retry, len(place.stripe.charges(other.invoice))) == (None, charged)

    def test_a_changed_card_is_tried_at_once_and_once_s22(self, place, case):
        place.stripe.new_card(case.invoice)
        assert place.deliver() == []
        case.run()
        attempt = case.attempt
        assert (attempt.status, charges(case)) == ("recovered", 2)
        assert attempt.attribution == "card_update_after_touch"

    def test_the_subscription_s_own_card_comes_first_s23(self, place):
        """S-23: a new default of the customer's is not the card that would be charged."""
        subscription = place.stripe.subscription("insufficient_funds")
        customer = place.stripe.world.get(Customer, subscription.customer)
        subscription.default_payment_method = customer.default_payment_method
        case = Case(place, place.stripe.renewed(subscription))
        assert place.deliver() == []
        case.run()
        place.stripe.new_card(case.invoice)
        assert place.deliver() == []
        before = case.attempt.retry
        case.run()
        assert (charges(case), case.attempt.retry) == (1, before)
        case.to_the_retry()
        case.run()
        last = place.stripe.charges(case.invoice)[-1]
        assert (charges(case), last.card) == (2, subscription.default_payment_method)
        assert case.attempt.status == "pending"
