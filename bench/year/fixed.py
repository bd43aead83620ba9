"""The schedule of simple systems: charged again 3, 5 and 7 days after the first failure, with mails.

It ignores the decline code and the hour; after the last failure the subscription ends.
"""

from collections import Counter
from functools import partial

from bench.year.book import Book
from stripe_simulator import charging, standing
from stripe_simulator.cards import DAY
from stripe_simulator.model import Invoice
from stripe_simulator.world import Event

DAYS = (3, 5, 7)
FAILED = "invoice.payment_failed"


class Fixed:
    """Listens to the book's world; `mails` is how many it sent."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._written: Counter[str] = Counter()
        book.world.only = frozenset({FAILED})
        book.world.listeners.append(self._hear)

    @property
    def mails(self) -> int:
        return self._written.total()

    def _hear(self, event: Event) -> None:
        """A renewal that failed; what fails afterwards is its own doing."""
        if event.type == FAILED and event.body["data"]["object"]["attempt_count"] == 1:
            invoice = self._book.world.get(Invoice, event.body["data"]["object"]["id"])
            if not self._written[invoice.id]:
                self._write(invoice)
                for day in DAYS:
                    due = self._book.world.now + day * DAY
                    self._book.world.at(due, partial(self._retry, invoice, last=day == DAYS[-1]))

    def _write(self, invoice: Invoice) -> None:
        self._written[invoice.id] += 1
        self._book.write_to(invoice, self._written[invoice.id])

    def _retry(self, invoice: Invoice, *, last: bool) -> None:
        world, subscription = self._book.world, standing.of(self._book.world, invoice)
        ended = subscription is None or subscription.status in standing.ENDED
        if invoice.status != "open" or ended:
            return
        if charging.attempt(world, invoice, "api").paid:
            return
        self._write(invoice)
        if last and subscription is not None and subscription.status not in standing.ENDED:
            standing.end(world, subscription, "payment_failed")
