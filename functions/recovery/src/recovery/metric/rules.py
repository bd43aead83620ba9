"""What is reported of a workspace's recovery, by definitions that are printed beside each number.

A cohort is the cases that began in a period. Its denominators are fixed when a case begins, and cases that
are still open stay in them. Money is net where nothing else is said, in minor units of one currency, and
currencies are never summed. A rate is null where there is nothing to divide by.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from recovery.metric.evolve_case import FORWARD, CaseFigures

DEFINITION_VERSION = "2026-11"
DEFINITIONS: Mapping[str, str] = {
    "failed_revenue_cents": "what remained to be paid when each case of the cohort began",
    "gross_recovered_cents": "what was paid of it since, at most what remained at the beginning",
    "reversed_cents": "refunds and disputes of it, as running totals, at most what was recovered",
    "recovered_revenue_cents": "gross_recovered_cents - reversed_cents",
    "recovery_rate": "recovered_revenue_cents / failed_revenue_cents; open cases stay in the denominator",
    "gross_recovery_rate": "gross_recovered_cents / failed_revenue_cents",
    "matured_recovery_rate": "recovery_rate of the cases that began at least 28 days before",
    "decided_rate": "recovered / (recovered + failed + abandoned); open cases are left out",
    "case_recovery_rate": "recovered / opened; one that was refunded later counts",
    "pre_contact_rate": "recovered before a mail was sent / opened",
    "median_hours_to_recover": "from the beginning to the payment, of recovered cases",
    "at_risk_count": "cases of any cohort that are pending at the instant of the report",
    "at_risk_cents": "what remains to be paid of them",
    "voluntary_cancellations": "cases that ended because the customer cancelled meanwhile",
    "involuntary_losses": "cases that failed: what the customer did not choose to end",
    "attribution": "recovered cases by the first that is true of: a retry of Stripe's, a retry of ours, "
    "another card after a mail, a confirmation after a mail, the account updater, by hand, nothing known",
    "assisted_count": "recovered cases with a click before, whatever they are attributed to",
    "wasted_attempts_rate": "executed charges of a card whose last decline was a hard one / executed charges",
    "steps": "how far each mail came at least; opens are advisory, converted is from a payment alone",
}
MATURE_AFTER = timedelta(days=28)
CANCELLED = frozenset({"cancelled", "customer_cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AtRisk:
    """What is pending at an instant, of one currency."""

    count: int = 0
    cents: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Metrics:
    """Of one cohort and currency. `DEFINITIONS` says what each is; rates are rounded to six places."""

    currency: str
    opened_count: int
    open_count: int
    recovered_count: int
    failed_count: int
    abandoned_count: int
    failed_revenue_cents: int
    gross_recovered_cents: int
    reversed_cents: int
    recovered_revenue_cents: int
    recovery_rate: float | None
    gross_recovery_rate: float | None
    matured_count: int
    matured_recovery_rate: float | None
    decided_rate: float | None
    case_recovery_rate: float | None
    pre_contact_rate: float | None
    median_hours_to_recover: float | None
    at_risk_count: int
    at_risk_cents: int
    voluntary_cancellations: int
    involuntary_losses: int
    attribution: Mapping[str, int]
    assisted_count: int
    executed_attempts: int
    wasted_attempts: int
    wasted_attempts_rate: float | None
    steps: Mapping[str, int]
    definition_version: str = DEFINITION_VERSION


def recovered_gross(case: CaseFigures) -> int:
    return min(case.paid_cents, case.amount_due_cents)


def reversed_of(case: CaseFigures) -> int:
    return min(case.reversed_cents, recovered_gross(case))


def at_risk(pending: Iterable[CaseFigures]) -> Mapping[str, AtRisk]:
    """By currency."""
    sums: dict[str, AtRisk] = {}
    for case in pending:
        before = sums.get(case.currency, AtRisk())
        cents = before.cents + case.amount_remaining_cents
        sums[case.currency] = AtRisk(count=before.count + 1, cents=cents)
    return sums


def measured(
    cohort: Iterable[CaseFigures], pending: Iterable[CaseFigures], as_of: datetime
) -> Mapping[str, Metrics]:
    """The metrics of a cohort by currency; one that has nothing but pending cases of others is there too."""
    by_currency: dict[str, list[CaseFigures]] = {}
    for case in cohort:
        by_currency.setdefault(case.currency, []).append(case)
    risks = at_risk(pending)
    return {
        currency: of_cohort(currency, by_currency.get(currency, []), risks.get(currency, AtRisk()), as_of)
        for currency in sorted({*by_currency, *risks})
    }


def of_cohort(currency: str, cases: Sequence[CaseFigures], risk: AtRisk, as_of: datetime) -> Metrics:
    ends = Counter(case.status for case in cases)
    recovered = [case for case in cases if case.status == "recovered"]
    failed = sum(case.amount_due_cents for case in cases)
    gross = sum(map(recovered_gross, cases))
    back = sum(map(reversed_of, cases))
    mature = [case for case in cases if as_of - case.started_at >= MATURE_AFTER]
    executed, wasted = sum(case.executed for case in cases), sum(case.wasted for case in cases)
    return Metrics(
        currency=currency,
        opened_count=len(cases),
        open_count=ends["pending"],
        recovered_count=len(recovered),
        failed_count=ends["failed"],
        abandoned_count=ends["abandoned"],
        failed_revenue_cents=failed,
        gross_recovered_cents=gross,
        reversed_cents=back,
        recovered_revenue_cents=gross - back,
        recovery_rate=_rate(gross - back, failed),
        gross_recovery_rate=_rate(gross, failed),
        matured_count=len(mature),
        matured_recovery_rate=_net_rate(mature),
        decided_rate=_rate(len(recovered), len(cases) - ends["pending"]),
        case_recovery_rate=_rate(len(recovered), len(cases)),
        pre_contact_rate=_rate(sum(map(_before_contact, recovered)), len(cases)),
        median_hours_to_recover=_median_hours(recovered),
        at_risk_count=risk.count,
        at_risk_cents=risk.cents,
        voluntary_cancellations=sum(1 for case in cases if case.end_reason in CANCELLED),
        involuntary_losses=ends["failed"],
        attribution=dict(sorted(Counter(case.attribution or "organic" for case in recovered).items())),
        assisted_count=sum(1 for case in recovered if case.assisted),
        executed_attempts=executed,
        wasted_attempts=wasted,
        wasted_attempts_rate=_rate(wasted, executed),
        steps=_funnel(cases),
    )


def _rate(part: int, whole: int) -> float | None:
    return round(part / whole, 6) if whole else None


def _net_rate(cases: Sequence[CaseFigures]) -> float | None:
    net = sum(recovered_gross(case) - reversed_of(case) for case in cases)
    return _rate(net, sum(case.amount_due_cents for case in cases))


def _before_contact(case: CaseFigures) -> bool:
    return case.first_sent_at is None or (case.ended_at is not None and case.ended_at < case.first_sent_at)


def _median_hours(recovered: Sequence[CaseFigures]) -> float | None:
    waits = [case.ended_at - case.started_at for case in recovered if case.ended_at]
    return round(median(wait.total_seconds() for wait in waits) / 3600, 2) if waits else None


def _funnel(cases: Iterable[CaseFigures]) -> Mapping[str, int]:
    """A step that came further came this far too."""
    came = Counter(status for case in cases for status in case.steps.values())
    return {status: sum(came[further] for further in FORWARD[index:]) for index, status in enumerate(FORWARD)}
