"""A year of a simulated workspace with 10,000 invoices: our policy, and the fixed schedule of simple systems.

Both play the same book: the same subscribers, whose cards fail for the same reasons at the same instants, and
who react alike to the mails they get. The product's policy is its own code: deciders, store, gateway and the
flow's definition, on the world's clock.
"""

import time
from dataclasses import replace

from bench.report import Section
from bench.year import book, figures
from bench.year.figures import Figures
from bench.year.fixed import DAYS, Fixed
from local.stack.stack import Stack
from stripe_simulator.cards import DAY

INVOICES = 3_000
SEED = "year"
LONGER = 40 * DAY  # for the last cases to end


def measured(_: Stack) -> Section:
    played = {"ours": ours(INVOICES), "fixed": fixed(INVOICES)}
    days = ", ".join(map(str, DAYS))
    said = (
        f"The same book of about {INVOICES:,} invoices under both policies: a year on a simulated clock, and "
        f"{LONGER // DAY} days for the last cases to end. Fixed: charged again {days} days after the first "
        "failure, with a mail each time. The rate is of the amount of all invoices whose first charge "
        "failed, and what is open stays in the denominator. Wasted: charges of a card whose bank had said "
        "never. How often cards fail and mails are heeded are assumptions of the book; what is measured is "
        "the difference. The invoices differ a little, since the policies lose other subscribers."
    )
    columns = ("", "ours", "fixed 3-5-7")
    return Section(
        title="Recovery: a year", said=said, columns=columns, rows=_rows(played["ours"], played["fixed"])
    )


def _rows(one: Figures, other: Figures) -> list[tuple[object, ...]]:
    def rate(of: Figures) -> float | None:
        return None if of.recovery_rate is None else 100 * of.recovery_rate

    named = {
        "invoices": lambda of: of.invoices,
        "cases": lambda of: of.cases,
        "recovered cases": lambda of: of.recovered,
        "recovery rate, %": rate,
        "failed, USD": lambda of: of.failed_cents / 100,
        "recovered, USD": lambda of: of.recovered_cents / 100,
        "hours to recover, median": lambda of: of.hours_to_recover,
        "charges after the first": lambda of: of.charges,
        "of these declined": lambda of: of.declined,
        "of these wasted": lambda of: of.wasted,
        "mails": lambda of: of.mails,
        "subscribers lost unwillingly": lambda of: of.lost_subscribers,
        "wall time, s": lambda of: of.seconds,
    }
    return [(name, figure(one), figure(other)) for name, figure in named.items()]


def ours(invoices: int, seed: str = SEED) -> Figures:
    """The year under the product's policy. LookupError if something failed that the flow had to repeat."""
    from bench.year.ours import Ours  # noqa: PLC0415 -- the product's code is on the path only now

    begun, written = time.monotonic(), book.written(seed, invoices, book.Habits())
    with Ours(written).at_work() as policy:
        written.world.advance(written.world.now + book.YEAR + LONGER)
    if policy.failures:
        raise LookupError(f"functions failed: {dict(policy.failures.most_common(5))}")
    return replace(figures.of(written.world, policy.mails), seconds=time.monotonic() - begun)


def fixed(invoices: int, seed: str = SEED) -> Figures:
    """The year under the schedule of simple systems."""
    begun, written = time.monotonic(), book.written(seed, invoices, book.Habits())
    policy = Fixed(written)
    written.world.advance(written.world.now + book.YEAR + LONGER)
    return replace(figures.of(written.world, policy.mails), seconds=time.monotonic() - begun)
