"""What events make of an attempt, in whichever order they come."""

from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.attempt.commands import ClaimStep, PostponeRetry, RecordStepSent, ReleaseRetry
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.attempt.events import REPLANS
from recovery.attempt.evolve import begin, evolve
from recovery.attempt.state import Attempt
from support.recovery.attempt_histories import HARD, NETWORK_51, NEVER, SOFT, START, STEPS, Story, at, failed
from troupe.store.aggregates import dump, parse

DECLINES = st.sampled_from([SOFT, HARD, NEVER, NETWORK_51])


def test_evolve_never_fails_in_any_order():
    story = Story()
    story.ask(ClaimStep(step_id="first", fetched_at=START))
    story.ask(RecordStepSent(step_id="first", sent_at=START))
    story.claim(at(days=1))
    story.ask(ReleaseRetry(number=1, reason="slow_down", retry_at=at(days=2)))
    story.ask(PostponeRetry(number=1, retry_at=at(days=3), reason="no_slot"))
    first, *rest = story.events
    state = begin(first)
    for event in reversed(rest):
        state = evolve(state, event)
    assert isinstance(state, Attempt)
    assert parse(Attempt, dump(Attempt, state)) == state


def test_the_catalogue_names_every_event():
    assert set(RECOVERY_ATTEMPT.events) > REPLANS
    assert len(STEPS) == 3


@given(st.permutations(range(1, 5)), st.lists(DECLINES, min_size=4, max_size=4))
@settings(max_examples=40, deadline=None)
def test_charges_in_any_order_end_alike(order, declines):
    """What stands of the card after all of them depends on when they were made, not on when they came."""
    charges = [
        failed(number, at(hours=number), declines[number - 1], planning=None) for number in range(1, 5)
    ]

    def after(ordered):
        story = Story(first=None)
        for each in ordered:
            story.ask(each, at(days=1))
        attempt = story.attempt
        return attempt.charges, attempt.never_rule, attempt.decline_type, attempt.retries_executed

    assert after([charges[number - 1] for number in order]) == after(charges)
