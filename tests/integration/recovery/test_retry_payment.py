"""RetryPayment: one charge, whatever fails in the middle; against the simulated Stripe over HTTP."""

from datetime import timedelta

import pytest

from faults import Crash
from flow_walk import Case, dunning, failed
from local.stripe_world import subscribers
from local.stripe_world.model import Customer
from recovery import card_ledger, cases, payment_retrying, slots
from recovery.attempt_commands import HoldRecoveryAttempt
from recovery.gateway import Gateway
from recovery.policy.ceilings import CardCharge
from rescue import Call
from town import meanwhile
from troupe import reads, writes
from troupe.clock import now
from troupe.commit import commit
from troupe.store import transact

EARLY = Call("retry_payment", "POST /recovery-attempts/{recovery_attempt_id}/retry")
PAY = "/v1/invoices/.*/pay"


@pytest.fixture
def place(rescue, tmp_path):
    with dunning(rescue, tmp_path) as opened:
        yield opened


@pytest.fixture
def case(place):
    """A case whose first mail is sent, and whose retry is due now."""
    case = failed(place)
    case.run()
    case.to_the_retry()
    return case


def paid_with(place):
    """The idempotency keys of all calls that had the invoice paid."""
    return [each.idempotency_key for each in place.town.simulation.made if each.path.endswith("/pay")]


def charges(case):
    return len(case.place.town.charges(case.invoice))


def after_the_lease(case):
    case.place.forward(seconds=130)
    case.place.town.world.advance(int(now().timestamp()))


def failed_too(place, customer):
    """Another subscription of the same customer, whose renewal fails on the same card."""
    subscription = subscribers.subscribe(place.town.world, customer, 2_000)
    invoice = place.town.renewed(subscription)
    assert place.deliver() == []
    case = Case(place, invoice)
    case.run()
    return case


class TestOnce:
    def test_a_retry_that_is_paid(self, place, case):
        place.town.behave(place.town.card_of(case.invoice))
        walk = case.run()
        assert ("retry", "done", "paid") in walk.outcomes
        attempt = case.attempt
        assert (attempt.status, attempt.attribution) == ("recovered", "our_retry")
        assert paid_with(place) == [f"{place.rescue.tenant_id}/{case.id}/1"]
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
        card = place.town.card_of(case.invoice)
        ledger = card_ledger.read(place.rescue.tenant_id, card.fingerprint, now())
        assert sorted(each.charge_id for each in ledger.charges) == sorted(
            each.id for each in place.town.charges(case.invoice)
        )
        keys = slots.wanted(place.rescue.tenant_id, place.town.account.id, 5)
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


class TestFaults:
    """Whatever happens, there is one charge of each retry at most, and the case goes on."""

    @pytest.mark.parametrize("when", ["before_claim", "before_charge", "after_charge", "before_record"])
    def test_the_end_of_the_process(self, place, case, monkeypatch, when):
        place.town.behave(place.town.card_of(case.invoice))

        def crash(*_given, **_more):
            raise Crash

        pay = Gateway.pay_invoice

        def charged(self, *given):
            pay(self, *given)
            raise Crash

        retrying = payment_retrying._Retrying
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
        place.town.behave(place.town.card_of(case.invoice))
        place.fails("lost", PAY, calls=3)
        assert case.walk().retry()["outcome"] == "unknown"
        assert case.attempt.retry.claimed_until is not None
        after_the_lease(case)
        case.run()
        assert (case.attempt.status, charges(case)) == ("recovered", 2)
        assert len(set(paid_with(place))) == 1

    def test_a_day_later_the_invoice_is_looked_at_first_s21(self, place, case):
        """S-21: by then Stripe has forgotten the key."""
        place.town.behave(place.town.card_of(case.invoice))
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
        place.town.behave(place.town.card_of(case.invoice))
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
        place.town.behave(place.town.card_of(case.invoice))
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
        place.town.behave(place.town.card_of(case.invoice))
        case.run()
        assert case.attempt.status == "recovered"


class TestStopped:
    """Nobody is charged who has paid, cancelled, disputed, or whose merchant is gone."""

    def check(self, case, status, reason=None):
        made = len(paid_with(case.place))
        case.run()
        assert len(paid_with(case.place)) == made
        assert case.attempt.status == status
        if reason:
            assert case.attempt.end_reason == reason

    def test_paid_meanwhile_s36(self, place, case):
        place.town.paid_out_of_band(case.invoice)
        self.check(case, "recovered", "paid_out_of_band")

    def test_voided_s36(self, place, case):
        place.town.voided(case.invoice)
        self.check(case, "abandoned", "voided")

    def test_cancelled_s35(self, place, case):
        """S-35: no webhook has told of it yet."""
        place.town.cancelled(case.invoice)
        self.check(case, "abandoned", "cancelled")

    def test_disconnected_no_call_is_made_s39(self, place, case):
        place.rescue.deauthorize(place.account, now())
        asked = len(place.town.simulation.made)
        case.run()
        assert len(place.town.simulation.made) == asked
        assert case.attempt.held_reason == "account_disconnected"

    def test_an_inactive_workspace(self, place, case):
        place.rescue.deactivate(place.workspace)
        case.run()
        assert (case.attempt.held_reason, charges(case)) == ("workspace_inactive", 1)

    def test_held_between_the_claim_and_the_charge(self, place, case, monkeypatch):
        """What changed after the claim releases it, and keeps the reason."""
        retrying = payment_retrying._Retrying
        charge = retrying._charge

        def held_first(self, *given):
            hold = HoldRecoveryAttempt(reason="requested")
            ref = cases.ref(case.id)
            transact(
                place.rescue.scope(now()),
                (ref,),
                lambda at: cases.written(at, cases.decided(at, ref, (hold,))),
            )
            return charge(self, *given)

        monkeypatch.setattr(retrying, "_charge", held_first)
        told = case.walk().retry()
        assert (told["outcome"], told["reason"]) == ("released", "attempt_held")
        assert charges(case) == 1
        assert case.attempt.retry.claimed_until is None

    def test_a_card_that_is_gone_s24(self, place, case):
        card = place.town.card_of(case.invoice)
        subscribers.detach(place.town.world, card)
        walk = case.run()
        assert charges(case) == 1
        assert ("retry", "skipped", "no_payment_method") in walk.outcomes
        assert case.attempt.retry is None


class TestTogether:
    def test_two_workers_on_one_case(self, place, case, monkeypatch):
        """The second finds the claim, and does nothing."""
        place.town.behave(place.town.card_of(case.invoice))
        retrying, told = payment_retrying._Retrying, []
        charge = retrying._charge

        def meanwhile(self, *given):
            if not told:
                told.append(None)
                told[0] = case.walk().retry()
            return charge(self, *given)

        monkeypatch.setattr(retrying, "_charge", meanwhile)
        assert case.walk().retry()["outcome"] == "done"
        assert told[0]["outcome"] == "not_needed"
        assert (case.attempt.status, charges(case)) == ("recovered", 2)

    def test_a_full_house_waits_its_turn_s15(self, place, case):
        """S-15: every slot is taken: later, and nothing is counted; a lease that is over is free."""
        keys = slots.wanted(place.rescue.tenant_id, place.town.account.id, 5)
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
        customer, card = place.town.customer_of(case.invoice), place.town.card_of(case.invoice)
        other = failed_too(place, customer)
        before = [
            CardCharge(
                charge_id=f"ch_before_{number}",
                at=now() - timedelta(days=2, minutes=number),
                account=place.town.account.id,
                amount_cents=2_000,
                currency=case.attempt.currency,
                approved=False,
            )
            for number in range(18)
        ]
        commit(card_ledger.recorded(place.rescue.tenant_id, card.fingerprint, before))
        other.until(max(case.attempt.retry.at, other.attempt.retry.at))
        told = []
        with meanwhile(lambda: told.append(other.walk().retry())):
            told.append(case.walk().retry())
        assert sorted((each["outcome"], each["reason"]) for each in told) == [
            ("done", "declined"),
            ("postponed", "visa.reattempt_limit"),
        ]

    def test_never_to_one_case_is_never_to_the_other_s06(self, place, case):
        """S-06: what the card answered meanwhile, to another invoice, drops the retry that was planned."""
        customer, card = place.town.customer_of(case.invoice), place.town.card_of(case.invoice)
        other = failed_too(place, customer)
        place.town.behave(card, "stolen_card")
        place.town.retried_by_stripe(case.invoice)
        assert place.deliver() == []
        charged = len(place.town.charges(other.invoice))
        other.to_the_retry()
        (told,) = [each for each in other.run().outcomes if each[0] == "retry"]
        assert told == ("retry", "skipped", "stripe.stolen_card")
        assert (other.attempt.retry, len(place.town.charges(other.invoice))) == (None, charged)

    def test_a_changed_card_is_tried_at_once_and_once_s22(self, place, case):
        place.town.new_card(case.invoice)
        assert place.deliver() == []
        case.run()
        attempt = case.attempt
        assert (attempt.status, charges(case)) == ("recovered", 2)
        assert attempt.attribution == "card_update_after_touch"

    def test_the_subscription_s_own_card_comes_first_s23(self, place):
        """S-23: a new default of the customer's is not the card that would be charged."""
        subscription = place.town.subscription("insufficient_funds")
        customer = place.town.world.get(Customer, subscription.customer)
        subscription.default_payment_method = customer.default_payment_method
        case = Case(place, place.town.renewed(subscription))
        assert place.deliver() == []
        case.run()
        place.town.new_card(case.invoice)
        assert place.deliver() == []
        before = case.attempt.retry
        case.run()
        assert (charges(case), case.attempt.retry) == (1, before)
        case.to_the_retry()
        case.run()
        last = place.town.charges(case.invoice)[-1]
        assert (charges(case), last.card) == (2, subscription.default_payment_method)
        assert case.attempt.status == "pending"


class TestByAPerson:
    """S-14: a person's retry counts for no budget, and there are not many."""

    def test_before_its_time(self, place):
        case = failed(place)
        case.run()
        assert case.attempt.retry.at > now()
        place.town.world.advance(int(now().timestamp()))
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
            place.town.world.advance(int(now().timestamp()))
            reply = EARLY(path={"recovery_attempt_id": case.id})
            codes.append(reply.body.get("code") or reply.body["outcome"])
        assert codes == ["done"] * 5 + ["too_many_retries"]
        assert (charges(case), case.attempt.retries_executed) == (6, 0)

    def test_what_is_not_fresh_is_refused(self, place):
        case = failed(place)
        place.rescue.deactivate(place.workspace)
        before = case.attempt
        reply = EARLY(path={"recovery_attempt_id": case.id})
        assert (reply.status, reply.body["code"]) == (409, "not_now")
        assert case.attempt == before

    def test_of_a_case_that_has_ended(self, place, case):
        place.town.behave(place.town.card_of(case.invoice))
        case.run()
        reply = EARLY(path={"recovery_attempt_id": case.id})
        assert (reply.status, reply.body["code"]) == (409, "not_now")

    def test_an_unknown_attempt(self, place):
        assert EARLY(path={"recovery_attempt_id": "0192f0c1-0000-7000-8000-0000000000ff"}).status == 404
