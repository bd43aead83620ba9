"""An attempt ends the same for every order, repetition and delay of Stripe's events (Hypothesis).

An event only causes a fetch of the invoice's state. So order, repetition and delay can change only the times
of the fetches; here they are at any times, or only at the end. One exception, because Stripe does not keep
it: which card was the default in between. A change of the default card is fetched before the next event.
"""

from collections import Counter
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.attempt.events import AttemptStarted, PaymentAttempted
from recovery.attempt.state import Attempt
from recovery.attempt.step_events import StepPlan
from recovery.reconciliation.decide import Given, reconcile
from recovery.workspace.settings import Settings
from support.recovery.attempt_histories import GENTLE, STEPS
from support.recovery.stripe_account_world import BEGIN, Shape, StripeAccountWorld
from support.spec import NOON as CONTEXT

DEEDS = (
    "stripe_retries",
    "customer_tries",
    "new_card",
    "new_good_card",
    "card_gets_money",
    "paid_by_customer",
    "part_paid",
    "credited_part",
    "credited",
    "cancelled",
    "voided",
    "uncollectible",
    "out_of_band",
    "refunded",
    "disputed",
    "subscription_unpaid",
)


class Life:
    """An invoice, and what happens to it; a deed that cannot be done is none."""

    def __init__(self, declines: str, shape: Shape) -> None:
        self.stripe = StripeAccountWorld(shape=shape)
        self.invoice = self.stripe.failed_renewal(declines)

    def do(self, deed: str) -> None:
        from stripe_simulator.world import Refused

        self.stripe.forward(hours=7)
        try:
            getattr(self, deed)()
        except (Refused, StopIteration, AssertionError):
            return

    def stripe_retries(self):
        self.stripe.retried_by_stripe(self.invoice)

    def customer_tries(self):
        card = self.stripe.card(self.stripe.customer_of(self.invoice), "do_not_honor", default=False)
        self.stripe.paid_by_customer(self.invoice, card)

    def new_card(self):
        self.stripe.new_card(self.invoice, "insufficient_funds")

    def new_good_card(self):
        self.stripe.new_card(self.invoice)

    def card_gets_money(self):
        self.stripe.behave(self.stripe.card_of(self.invoice))

    def paid_by_customer(self):
        card = self.stripe.card(self.stripe.customer_of(self.invoice), default=False)
        self.stripe.paid_by_customer(self.invoice, card)

    def part_paid(self):
        card = self.stripe.card(self.stripe.customer_of(self.invoice), default=False)
        self.stripe.paid_by_customer(self.invoice, card, 300)

    def credited_part(self):
        self.stripe.credited(self.invoice, 200)

    def credited(self):
        self.stripe.credited(self.invoice)

    def cancelled(self):
        self.stripe.cancelled(self.invoice)

    def voided(self):
        self.stripe.voided(self.invoice)

    def uncollectible(self):
        self.stripe.uncollectible(self.invoice)

    def out_of_band(self):
        self.stripe.paid_out_of_band(self.invoice)

    def refunded(self):
        self.stripe.refunded(self.invoice, 100)

    def disputed(self):
        self.stripe.disputed(self.invoice, 400)

    def subscription_unpaid(self):
        self.stripe.cancelled(self.invoice, "payment_failed")


class Watch:
    """Who looks at the invoice, and the attempt that comes of it."""

    def __init__(self, life: Life, policy: str) -> None:
        self.life, self.state, self.events = life, None, []
        self.given = Given(
            workspace_id="0192f0c1-0000-7000-8000-00000000e001",
            attempt_id="0192f0c1-0000-7000-8000-00000000ca5e",
            settings=Settings(cancellation_policy=policy),
            connected_at=BEGIN,
            sequence=GENTLE,
            steps=STEPS,
        )

    def look(self) -> None:
        stripe = self.life.stripe
        fetched = stripe.fetch(self.life.invoice)
        found = reconcile(self.state, fetched, self.given, replace(CONTEXT, now=stripe.now))
        self.state, self.events = found.state, [*self.events, *found.events]


def facts(state):
    """The parts that must be equal; the time of a planned retry depends on the time of a sync, so it is left out."""
    assert isinstance(state, Attempt)
    card = state.card and (state.card.payment_method_id, state.card.fingerprint, state.card.expires)
    return {
        "status": state.status,
        "end": (state.end_reason, state.ended_at),
        "started": (state.started_at, state.amount_due_cents),
        "charges": state.charges,
        "decline": (state.decline, state.classification),
        "money": (state.paid_cents, state.recovered_amount_cents, state.reversed_amount_cents),
        "attribution": state.attribution,
        "card": card if state.pending else None,
        "steps": [(step.id, step.due_at, step.skipped_reason) for step in state.steps],
        "held": {hold.reason for hold in state.holds},
        "retried": state.retries_executed,
    }


def told_once(watch: Watch) -> None:
    counts = Counter(type(event) for event in watch.events)
    assert counts[AttemptStarted] == 1
    charged = Counter(event.charge.id for event in watch.events if isinstance(event, PaymentAttempted))
    assert set(charged.values()) <= {1}
    planned = [plan.id for event in watch.events if isinstance(event, AttemptStarted) for plan in event.steps]
    assert len(planned) == len(set(planned))
    assert all(
        isinstance(plan, StepPlan)
        for event in watch.events
        if isinstance(event, AttemptStarted)
        for plan in event.steps
    )


@settings(max_examples=120)
@given(
    deeds=st.lists(st.tuples(st.sampled_from(DEEDS), st.integers(0, 3)), max_size=9),
    declines=st.sampled_from(["insufficient_funds", "expired_card", "lost_card", "processing_error"]),
    policy=st.sampled_from(["stop", "collect_owed"]),
    shape=st.sampled_from(list(Shape)),
)
def test_s_26_s_27_any_order_and_repetition_ends_the_same(deeds, declines, policy, shape):
    life = Life(declines, shape)
    always, seldom = Watch(life, policy), Watch(life, policy)
    always.look()
    for deed, looks in deeds:
        if deed.startswith("new_"):
            seldom.look()
        life.do(deed)
        always.look()
        for _ in range(looks if looks < 3 else 0):
            seldom.look()
    for _ in range(2):
        always.look()
        seldom.look()
    told_once(always)
    told_once(seldom)
    assert facts(always.state) == facts(seldom.state)
