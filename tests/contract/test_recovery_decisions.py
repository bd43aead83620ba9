"""A decision that was published can be made again from what it rests on, and is the same."""

import json

import pytest

from documents.samples.golden import golden
from recovery.attempt.decider import RECOVERY_ATTEMPT
from recovery.policy.decision import digest, replay
from troupe.store.aggregates import parse

DECIDED = ("recovery_attempt.retry_scheduled", "recovery_attempt.retries_stopped")


@pytest.mark.parametrize("name", DECIDED)
def test_a_golden_decision_is_made_again(name):
    data = golden("recovery", name).data
    decision = parse(RECOVERY_ATTEMPT.events[name], json.dumps(data)).decision
    assert replay(decision) == decision
    assert digest(decision.inputs) == decision.inputs_digest
    assert data.get("retry_at") == data["decision"]["eligible_at"]
