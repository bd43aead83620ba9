"""What is reported of recovery, by its definitions."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.metric.evolve_case import CaseFigures
from recovery.metric.rules import DEFINITIONS, MATURE_AFTER, AtRisk, Metrics, at_risk, measured, of_cohort

JUNE = datetime(2026, 6, 1, tzinfo=UTC)
JULY = datetime(2026, 7, 1, tzinfo=UTC)


def case(number: int = 1, **values: object) -> CaseFigures:
    given: dict[str, object] = {
        "id": f"case-{number}",
        "workspace_id": "workspace",
        "currency": "EUR",
        "amount_due_cents": 1000,
        "amount_remaining_cents": 1000,
        "started_at": JUNE,
        **values,
    }
    return CaseFigures(**given)  # type: ignore[arg-type]


def recovered(number: int = 1, **values: object) -> CaseFigures:
    won = {"status": "recovered", "paid_cents": 1000, "amount_remaining_cents": 0, "ended_at": JUNE}
    return case(number, **{**won, "attribution": "our_retry", "end_reason": "paid", **values})


def euro(cases: list[CaseFigures], as_of: datetime = JULY) -> Metrics:
    return of_cohort("EUR", cases, AtRisk(), as_of)


def test_open_cases_stay_in_the_denominator() -> None:
    """S-75: of 1,000 cases 400 are recovered, 100 cancelled, 500 open."""
    cases = [
        *(recovered(number) for number in range(400)),
        *(case(400 + number, status="abandoned", end_reason="cancelled") for number in range(100)),
        *(case(500 + number) for number in range(500)),
    ]
    metrics = euro(cases)
    assert (metrics.recovery_rate, metrics.case_recovery_rate) == (0.4, 0.4)
    assert (metrics.decided_rate, metrics.open_count) == (0.8, 500)
    assert metrics.voluntary_cancellations == 100


def test_nothing_to_divide_by_is_no_rate() -> None:
    """S-76: no case, no rate; an open one is a rate of nothing."""
    none = euro([])
    rates = (none.recovery_rate, none.decided_rate, none.case_recovery_rate, none.wasted_attempts_rate)
    assert rates == (None, None, None, None)
    assert (none.matured_recovery_rate, none.pre_contact_rate, none.median_hours_to_recover) == (None,) * 3
    one = euro([case()])
    assert (one.recovery_rate, one.open_count, one.decided_rate) == (0, 1, None)


def test_currencies_are_never_summed() -> None:
    """S-77"""
    both = measured([case(1), case(2, currency="USD")], [case(3, currency="JPY")], JULY)
    assert {currency: metrics.failed_revenue_cents for currency, metrics in both.items()} == {
        "EUR": 1000,
        "JPY": 0,
        "USD": 1000,
    }
    assert both["JPY"].at_risk_count == 1


def test_what_went_back_is_not_recovered() -> None:
    """S-78: the same cohort, before and after a refund; a recovered case stays one."""
    before, after = euro([recovered()]), euro([recovered(reversed_cents=300)])
    assert (before.recovered_revenue_cents, after.recovered_revenue_cents) == (1000, 700)
    assert (after.gross_recovered_cents, after.reversed_cents) == (1000, 300)
    assert (after.recovery_rate, after.gross_recovery_rate, after.case_recovery_rate) == (0.7, 1, 1)


def test_no_more_is_recovered_than_was_lost_nor_reversed_than_recovered() -> None:
    metrics = euro([recovered(paid_cents=5000, reversed_cents=9000)])
    assert (metrics.gross_recovered_cents, metrics.reversed_cents) == (1000, 1000)
    assert metrics.recovered_revenue_cents == 0


def test_a_cohort_is_mature_at_the_very_end_of_its_window() -> None:
    """S-79: a case at the cut-off is inside."""
    cases = [
        recovered(1, started_at=JULY - MATURE_AFTER),
        case(2, started_at=JULY - MATURE_AFTER + timedelta(1)),
    ]
    metrics = euro(cases)
    assert (metrics.matured_count, metrics.matured_recovery_rate, metrics.recovery_rate) == (1, 1, 0.5)


def test_a_retry_of_stripes_has_the_credit_and_the_click_an_assist() -> None:
    """S-80"""
    metrics = euro([recovered(attribution="auto_retry", assisted=True, first_sent_at=JUNE)])
    assert (metrics.attribution, metrics.assisted_count) == ({"auto_retry": 1}, 1)


def test_before_any_mail_is_before_contact() -> None:
    at = JUNE + timedelta(hours=5)
    silent = recovered(1, ended_at=at)
    sooner = recovered(2, ended_at=at, first_sent_at=at + timedelta(hours=1))
    later = recovered(3, ended_at=at, first_sent_at=JUNE)
    metrics = euro([silent, sooner, later, case(4)])
    assert (metrics.pre_contact_rate, metrics.median_hours_to_recover) == (0.5, 5)


def test_a_step_that_came_further_came_this_far() -> None:
    metrics = euro([case(1, steps={"a": "sent", "b": "clicked"}), case(2, steps={"a": "converted"})])
    assert metrics.steps == {"sent": 3, "opened": 2, "clicked": 2, "converted": 1}


def test_charges_of_a_spent_card_are_wasted() -> None:
    metrics = euro([case(executed=4, wasted=1)])
    assert (metrics.wasted_attempts, metrics.wasted_attempts_rate) == (1, 0.25)


def test_what_is_at_risk_is_of_every_cohort() -> None:
    risks = at_risk([case(1, amount_remaining_cents=300), case(2), case(3, currency="USD")])
    assert risks == {"EUR": AtRisk(count=2, cents=1300), "USD": AtRisk(count=1, cents=1000)}


@pytest.mark.parametrize("named", [name for name in Metrics.__slots__ if name.endswith(("_rate", "_cents"))])
def test_every_rate_and_amount_is_defined(named: str) -> None:
    assert named in DEFINITIONS


statuses = st.sampled_from(["pending", "recovered", "failed", "abandoned"])
cases = st.builds(
    lambda due, paid, back, status: replace(
        case(), amount_due_cents=due, paid_cents=paid, reversed_cents=back, status=status
    ),
    st.integers(1, 10**6),
    st.integers(0, 2 * 10**6),
    st.integers(0, 2 * 10**6),
    statuses,
)


@given(st.lists(cases))
def test_rates_are_between_nothing_and_all(some: list[CaseFigures]) -> None:
    metrics = euro(some)
    rates = (
        metrics.recovery_rate,
        metrics.gross_recovery_rate,
        metrics.decided_rate,
        metrics.case_recovery_rate,
    )
    assert all(rate is None or 0 <= rate <= 1 for rate in rates)
    assert metrics.opened_count == sum(
        (metrics.open_count, metrics.recovered_count, metrics.failed_count, metrics.abandoned_count)
    )
    assert 0 <= metrics.recovered_revenue_cents <= metrics.failed_revenue_cents
