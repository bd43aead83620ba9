"""Who owes little is not written to; what is owed counts over all invoices of a currency."""

from datetime import timedelta

import pytest

from stripe_simulator import invoices
from support.recovery.dunning_flow import dunning, failed, mails
from support.recovery.tenant import Call

EARLY = Call("send_dunning_step", "POST /recovery-attempts/{recovery_attempt_id}/steps/{step_id}/send")
FOR_GOOD = "expired_card"  # nothing is retried: mails alone


@pytest.fixture
def opened(tenant, tmp_path):
    """Two mails, the second three days after the first: a gap of more than two days."""

    def begin(first_after_hours, **thresholds):
        return dunning(
            tenant,
            tmp_path,
            delays=(first_after_hours, 72),
            delays_from="previous_sent",
            mail_thresholds=thresholds,
        )

    return begin


class Days:
    """Day after day, a little later each, all flows are woken. Subjects say what was owed."""

    def __init__(self, *cases):
        self._cases = cases
        self._began = min(case.attempt.started_at for case in cases)
        self._day = 0

    def until(self, day):
        """The subjects of the mails that leave up to a day, the last of the days apart from those before."""
        told = [self._next() for _ in range(self._day, day)]
        return [each for subjects in told[:-1] for each in subjects], told[-1]

    def _next(self):
        self._day += 1
        before = len(mails())
        for case in self._cases:
            case.until(self._began + timedelta(days=self._day, minutes=15 * self._day))
            case.run()
        return sorted(
            each.subject.removeprefix("Your payment of ")[:10].rstrip() for each in mails()[before:]
        )


def owes_more(case, cents, currency):
    """A single invoice of the same customer, of no subscription, that is not paid either."""
    stripe = case.place.stripe
    invoices.bill_once(stripe.world, stripe.customer_of(case.invoice), cents, currency)
    assert case.place.deliver() == []


def test_s_30_each_currency_has_its_own_threshold_and_its_own_course(opened):
    """S-30. The two currencies are two customers: with Stripe one customer is billed in one."""
    with opened(48, EUR=15_000, USD=10_000) as place:
        usd = failed(place, FOR_GOOD, amount=12_000)
        eur = failed(place, FOR_GOOD, amount=14_900, currency="eur")
        days = Days(usd, eur)
        assert days.until(2) == ([], ["USD 120.00"])  # 3 January
        assert days.until(4) == ([], [])  # 5 January
        owes_more(eur, 1_000, "eur")
        assert days.until(5) == ([], ["EUR 149.00", "USD 120.00"])  # 6 January
        assert days.until(8) == ([], ["EUR 149.00"])  # 9 January
        assert days.until(12) == ([], [])  # 12 January and after
        assert [case.attempt.status for case in (usd, eur)] == ["failed", "failed"]


def test_s_31_what_is_owed_besides_counts(opened):
    """S-31: 149 alone is too little; with a single invoice of 6 it is not."""
    with opened(24, EUR=15_000) as place:
        case = failed(place, FOR_GOOD, amount=14_900, currency="eur")
        days = Days(case)
        assert days.until(2) == ([], [])  # 6 January
        skipped = case.attempt.steps[0]
        assert (skipped.status, skipped.skipped_reason) == ("scheduled", None)
        owes_more(case, 600, "eur")
        assert days.until(3) == ([], ["EUR 149.00"])  # 7 January
        assert days.until(5) == ([], [])
        assert days.until(6) == ([], ["EUR 149.00"])  # 10 January
        assert days.until(9) == ([], [])  # 13 January


def test_what_is_owed_in_another_currency_does_not_count(opened):
    with opened(24, EUR=15_000) as place:
        case = failed(place, FOR_GOOD, amount=14_900, currency="eur")
        owes_more(case, 90_000, "usd")
        assert Days(case).until(2) == ([], [])


def test_a_person_is_told_that_it_is_too_little(opened):
    with opened(24, USD=15_000) as place:
        case = failed(place, FOR_GOOD, amount=14_900)
        reply = EARLY({"recovery_attempt_id": case.id, "step_id": case.step(1).id})
        assert (reply.status, reply.body["code"]) == (409, "invalid_state")
        assert "below threshold" in reply.body["detail"]
        assert mails() == []
