"""A decision that was published can be made again from what it rests on, and is the same."""

import json

import pytest

from documents.places import ROOT
from recovery.policy.decision import digest, replay
from recovery.recovery_attempt import RECOVERY_ATTEMPT
from troupe.aggregates import parse

DECIDED = ("recovery_attempt.retry_scheduled", "recovery_attempt.retries_stopped")


@pytest.mark.parametrize("name", DECIDED)
def test_a_golden_decision_is_made_again(name):
    golden = json.loads((ROOT / f"events/recovery/{name}.v1.json").read_text())
    decision = parse(RECOVERY_ATTEMPT.events[name], json.dumps(golden["data"])).decision
    assert replay(decision) == decision
    assert digest(decision.inputs) == decision.inputs_digest
    assert golden["data"].get("retry_at") == golden["data"]["decision"]["eligible_at"]
