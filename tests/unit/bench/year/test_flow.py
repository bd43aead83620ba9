"""The interpreter takes a definition as Step Functions does, without the waiting."""

from datetime import UTC, datetime, timedelta

import pytest

from bench.year.flow import Definition, Execution, FlowFailed, evaluated
from local.places import REPOSITORY

NOW = datetime(2026, 1, 1, tzinfo=UTC)
DUNNING = REPOSITORY / "functions" / "recovery" / "src" / "recovery" / "case" / "flow" / "dunning.asl.yaml"
FUNCTIONS = ("NextAction", "SendDunningStep", "RetryPayment", "MarkFailed", "AbandonRecoveryAttempt")


class Throttled(Exception):  # noqa: N818 -- as Lambda calls it
    pass


def execution(states, functions=None, **given):
    definition = Definition(states=states, start_at=next(iter(states)))
    return Execution(definition=definition, name="x", input=given, functions=functions or {})


def task(name="f", **more):
    arguments = {"FunctionName": name, "Payload": {"got": "{% $states.input %}"}}
    return {"Type": "Task", "Arguments": arguments, "Next": "End", **more}


END = {"End": {"Type": "Succeed"}}


@pytest.mark.parametrize(
    "given, expected",
    [
        ("plain", "plain"),
        ("{% $states.input.a %}", 1),
        ({"x": ["{% $states.input.a + 1 %}", 3]}, {"x": [2, 3]}),
        ("{% $states.input.a in [1, 2] %}", True),
        ("{% $states.context.Execution.Name %}", "x"),
        ("{% 'no ' & $string($states.input.missing) %}", "no "),
    ],
)
def test_expressions(given, expected):
    assert evaluated(given, {"input": {"a": 1}, "context": {"Execution": {"Name": "x"}}}) == expected


def test_a_task_is_called_with_its_payload_and_its_output_goes_on():
    seen = []
    states = {
        "Do": task(Output="{% $states.result.Payload %}") | {"Next": "Pick"},
        "Pick": {"Type": "Choice", "Choices": [{"Condition": "{% $states.input.ok = true %}", "Next": "End"}], "Default": "Bad"},
        "Bad": {"Type": "Fail", "Error": "Bad", "Cause": "{% 'was ' & $states.input.why %}"},
        **END,
    }  # fmt: skip
    going = execution(states, {"f": lambda payload: seen.append(payload) or {"ok": True}}, n=1)
    assert going.go_on(NOW) is None
    assert seen == [{"got": {"n": 1}}]
    with pytest.raises(FlowFailed, match="Bad: was not"):
        execution(states, {"f": lambda _: {"ok": False, "why": "not"}}).go_on(NOW)


def test_it_waits_for_seconds_and_for_instants():
    going = execution({"W": {"Type": "Wait", "Seconds": 300, "Next": "End"}, **END})
    assert going.go_on(NOW) == NOW + timedelta(minutes=5)
    assert going.go_on(NOW + timedelta(minutes=5)) is None
    until = {"Type": "Wait", "Timestamp": "{% $states.input.at %}", "Next": "End"}
    late = execution({"W": until, **END}, at="2026-01-01T12:00:00.500000Z")
    assert late.go_on(NOW) == NOW + timedelta(hours=12, seconds=1)
    assert execution({"W": until, **END}, at="2025-12-31T00:00:00Z").go_on(NOW) is None


def test_a_failure_is_tried_again_then_caught():
    calls = []

    def fails(_):
        calls.append(1)
        raise Throttled

    rules = {
        "Retry": [{"ErrorEquals": ["Throttled"], "IntervalSeconds": 2, "MaxAttempts": 2, "BackoffRate": 3, "MaxDelaySeconds": 5}],
        "Catch": [{"ErrorEquals": ["States.ALL"], "Next": "Caught"}],
    }  # fmt: skip
    going = execution(
        {"Do": task(**rules), "Caught": {"Type": "Wait", "Seconds": 1, "Next": "End"}, **END}, {"f": fails}
    )
    assert [going.go_on(NOW) - NOW for _ in range(3)] == [timedelta(seconds=s) for s in (2, 5, 1)]
    assert (len(calls), going.data["Error"]) == (3, "Throttled")
    assert going.go_on(NOW) is None


def test_what_nothing_catches_ends_it():
    with pytest.raises(FlowFailed, match="KeyError"):
        execution({"Do": task(), **END}, {}).go_on(NOW)


def test_it_does_not_run_for_ever():
    loop = {"A": {"Type": "Wait", "Seconds": 0, "Next": "A"}}
    with pytest.raises(FlowFailed, match="transitions"):
        execution(loop).go_on(NOW)


def test_the_dunning_flow_asks_acts_and_ends():
    """The definition that is deployed, with functions that stand in for the deployed ones."""
    told = iter(
        [
            {"action": "wait", "until": "2026-01-02T00:00:00.000000Z"},
            {"action": "send_step", "step_id": "s1"},
            {"action": "retry", "number": 1},
            {"action": "fail", "reason": "steps_exhausted"},
            {"action": "done"},
        ]
    )
    calls = []

    def called(name):
        return lambda payload: calls.append((name, payload)) or (next(told) if name == "NextAction" else {})

    names = {name: name for name in FUNCTIONS} | {"Partition": "aws"}
    definition = Definition.read(DUNNING, names)
    given = {"tenant_id": "t", "recovery_attempt_id": "a", "plan_version": 3}
    going = Execution(
        definition=definition, name="a-3", input=given, functions={name: called(name) for name in FUNCTIONS}
    )
    assert going.go_on(NOW) == NOW + timedelta(days=1)
    assert going.go_on(NOW + timedelta(days=1)) is None
    assert [name for name, _ in calls if name != "NextAction"] == [
        "SendDunningStep",
        "RetryPayment",
        "MarkFailed",
    ]
    sent = next(payload for name, payload in calls if name == "SendDunningStep")
    assert sent["path"] == {"recovery_attempt_id": "a", "step_id": "s1"}
    assert sent["tenant_id"] == "t"
    assert calls[0][1]["body"] == {"plan_version": 3}


def test_a_dunning_flow_that_is_told_something_unknown_fails():
    definition = Definition.read(DUNNING, {name: name for name in FUNCTIONS} | {"Partition": "aws"})
    given = {"tenant_id": "t", "recovery_attempt_id": "a", "plan_version": 3}
    going = Execution(
        definition=definition, name="a", input=given, functions={"NextAction": lambda _: {"action": "dance"}}
    )
    with pytest.raises(FlowFailed, match="dance"):
        going.go_on(NOW)
