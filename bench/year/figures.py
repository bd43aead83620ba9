"""The results of a year, read from the simulated Stripe alone, in the same way for every policy."""

from dataclasses import dataclass
from statistics import median

from bench.year.book import YEAR
from stripe_simulator.cards import HOUR
from stripe_simulator.model import Charge, Invoice, Subscription
from stripe_simulator.world import START, World


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Of the invoices that came due within the year. Money is in minor units; all of one currency.

    `charges`: those made after the first failure. `wasted`: of these, those that could not succeed, since the
    card was refused for good before.
    """

    invoices: int
    cases: int
    failed_cents: int
    recovered: int
    recovered_cents: int
    open: int
    charges: int
    declined: int
    wasted: int
    mails: int
    hours_to_recover: float | None  # median
    lost_subscribers: int  # for want of payment
    seconds: float = 0.0

    @property
    def recovery_rate(self) -> float | None:
        """Of the amount; what is open stays in the denominator."""
        return self.recovered_cents / self.failed_cents if self.failed_cents else None


def of(world: World, mails: int) -> Figures:
    due = [each for each in world.all(Invoice) if each.created < START + YEAR]
    cases = [each for each in due if each.first_failed_at is not None]
    won = [each for each in cases if each.amount_paid]
    made = _retries(world, cases)
    ended = [each for each in world.all(Subscription) if each.cancellation_reason == "payment_failed"]
    waited = [
        (each.paid_at - each.first_failed_at) / HOUR for each in won if each.paid_at and each.first_failed_at
    ]
    return Figures(
        invoices=len(due),
        cases=len(cases),
        failed_cents=sum(each.total for each in cases),
        recovered=len(won),
        recovered_cents=sum(each.amount_paid for each in won),
        open=sum(each.status == "open" and each.auto_advance for each in cases),
        charges=len(made),
        declined=sum(each.decline is not None for each in made),
        wasted=_wasted(made, world),
        mails=mails,
        hours_to_recover=median(waited) if waited else None,
        lost_subscribers=len(ended),
    )


def _retries(world: World, cases: list[Invoice]) -> list[Charge]:
    began = {each.id: each.first_failed_at or 0 for each in cases}
    return [each for each in world.all(Charge) if each.created > began.get(each.invoice, each.created)]


def _wasted(made: list[Charge], world: World) -> int:
    """Charged again though the bank had said never, on the same card."""
    refused: dict[str, int] = {}
    for charge in world.all(Charge):
        if charge.decline and charge.decline.advice_code == "do_not_try_again":
            refused.setdefault(charge.card, charge.created)
    return sum(each.created > refused.get(each.card, each.created) for each in made)
