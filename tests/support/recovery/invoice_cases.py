"""An invoice in the simulated world, with the attempt that is kept in agreement with it."""

from dataclasses import replace

from recovery.attempt.commands import ClaimRetry, ClaimStep, RecordStepSent
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.reconciliation.decide import Given, reconcile
from support.recovery.attempt_histories import GENTLE, STEPS
from support.recovery.stripe_account_world import BEGIN, StripeAccountWorld
from support.spec import NOON as CONTEXT

GIVEN = Given(
    workspace_id="0192f0c1-0000-7000-8000-00000000e001",
    attempt_id="0192f0c1-0000-7000-8000-00000000ca5e",
    connected_at=BEGIN,
    sequence=GENTLE,
    steps=STEPS,
)


class Case:
    """`found` is what the last look asked for."""

    def __init__(self, declines="insufficient_funds", given=GIVEN, invoice=None, stripe=None):
        self.stripe = stripe or StripeAccountWorld()
        self.given = given
        self.state = None
        self.events = []
        self.invoice = invoice(self.stripe) if invoice else self.stripe.failed_renewal(declines)

    def look(self):
        """Fetch, compare, and do what that asks for."""
        fetched = self.stripe.fetch(self.invoice)
        self.found = reconcile(self.state, fetched, self.given, self._context())
        self.state = self.found.state
        self.events += self.found.events
        return self.found

    def ask(self, command):
        events = RECOVERY_ATTEMPT.answer(command, self.state, self._context())
        self.state = RECOVERY_ATTEMPT.fold(events, self.state)

    def settings(self, **changes):
        self.given = replace(self.given, settings=replace(self.given.settings, **changes))
        return self

    def mail(self, step="first"):
        """The next step is sent now."""
        self.ask(ClaimStep(step_id=step, fetched_at=self.stripe.now, early=True))
        self.ask(RecordStepSent(step_id=step, sent_at=self.stripe.now))

    def claim(self):
        self.ask(
            ClaimRetry(
                number=self.state.retry.number,
                idempotency_key="t/a/1",
                fetched_at=self.stripe.now,
                early=True,
            )
        )

    def _context(self):
        return replace(CONTEXT, now=self.stripe.now)

    @property
    def names(self):
        return [type(event).__name__ for event in self.found.events]


def refused(**how):
    case = Case(**how)
    case.look()
    assert case.state is None
    assert not case.found.commands
    return case.found.ignored
