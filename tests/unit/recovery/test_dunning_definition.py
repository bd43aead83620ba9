"""The flow's definition: what it does with every answer, and that no failure loses the case."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import yaml

from bench.year.flow import Definition, Execution, FlowFailed
from recovery.case import flow

FILE = Path(flow.__file__).parent / "dunning.asl.yaml"
TASKS = ("NextAction", "SendDunningStep", "RetryPayment", "MarkFailed", "AbandonRecoveryAttempt")
STATES = yaml.safe_load(FILE.read_text())["States"]
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
GIVEN = {"tenant_id": "t1", "recovery_attempt_id": "a1", "plan_version": 2, "swept": False}
DONE = {"action": "done"}


class Refused(Exception):  # noqa: N818 -- an answer
    """What a function says no with."""


Throttled = type("Lambda.TooManyRequestsException", (Exception,), {})  # under Lambda's own name


def execution(answers, given=GIVEN, **broken):
    """One whose NextAction gives these answers; `called` is what every function was asked."""
    called, left = [], list(answers)

    def asked(name):
        def function(payload):
            called.append((name, payload))
            if broken.get(name):
                raise broken[name].pop(0)
            return left.pop(0) if name == "NextAction" else {"outcome": "done"}

        return function

    definition = Definition.read(FILE, {"Partition": "aws", **{name: name for name in TASKS}})
    run = Execution(definition=definition, name="a1-2", input=given, functions={n: asked(n) for n in TASKS})
    return run, called


def test_every_task_is_tried_again_and_caught():
    tasks = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
    assert set(tasks) == set(TASKS)
    for state in tasks.values():
        assert state["TimeoutSeconds"] <= 120
        assert state["Retry"][0]["JitterStrategy"] == "FULL"
        (caught,) = state["Catch"]
        assert (caught["ErrorEquals"], caught["Next"]) == (["States.ALL"], "AfterFailure")


def test_every_state_leads_somewhere():
    named = {STATES[name].get("Next") or STATES[name].get("Default") for name in STATES} - {None}
    assert named <= set(STATES)


@pytest.mark.parametrize(
    ("answer", "name", "asked"),
    [
        (
            {"action": "send_step", "step_id": "s1"},
            "SendDunningStep",
            {"path": {"recovery_attempt_id": "a1", "step_id": "s1"}},
        ),
        ({"action": "retry", "number": 1}, "RetryPayment", {"path": {"recovery_attempt_id": "a1"}}),
        ({"action": "fail", "reason": "window_ended"}, "MarkFailed", {"body": {"reason": "window_ended"}}),
        (
            {"action": "abandon", "reason": "requested"},
            "AbandonRecoveryAttempt",
            {"body": {"reason": "requested"}},
        ),
    ],
)
def test_it_has_done_what_comes_next_and_asks_again(answer, name, asked):
    run, called = execution([answer, DONE])
    assert run.go_on(NOON) is None
    assert [each for each, _ in called] == ["NextAction", name, "NextAction"]
    payload = called[1][1]
    assert payload | asked == payload
    assert (payload["tenant_id"], payload["actor"], payload["correlation_id"]) == ("t1", "flow", "a1-2")
    assert called[0][1]["body"] == {"plan_version": 2}


def test_it_waits_until_it_is_told():
    run, called = execution([{"action": "wait", "until": "2026-03-29T12:00:00Z"}, DONE])
    assert run.go_on(NOON) == NOON + timedelta(days=28)
    assert run.go_on(NOON + timedelta(days=28)) is None
    assert len(called) == 2


@pytest.mark.parametrize("answer", [DONE, {"action": "superseded"}])
def test_it_ends(answer):
    run, called = execution([answer])
    assert run.go_on(NOON) is None
    assert len(called) == 1


@pytest.mark.parametrize("name", TASKS)
def test_a_failure_waits_and_asks_again(name):
    actions = {
        "SendDunningStep": {"action": "send_step", "step_id": "s1"},
        "RetryPayment": {"action": "retry", "number": 1},
        "MarkFailed": {"action": "fail", "reason": "x"},
        "AbandonRecoveryAttempt": {"action": "abandon", "reason": "x"},
    }
    before = [actions[name]] if name in actions else []
    run, called = execution([*before, DONE], **{name: [Refused("no")]})
    assert run.go_on(NOON) == NOON + timedelta(seconds=300)
    assert run.go_on(NOON + timedelta(seconds=300)) is None
    assert called[-1][0] == "NextAction"


def walked(run):
    """The seconds of each wait until it ends."""
    instant, waits = NOON, []
    while (until := run.go_on(instant)) is not None:
        waits.append(int((until - instant).total_seconds()))
        instant = until
    return waits


@pytest.mark.parametrize("name", ["NextAction", "RetryPayment"])
def test_waits_grow_and_after_a_day_of_failures_the_sweep_takes_over(name):
    """It made 288 rounds a day, and met the limit of 25,000 events after ten days."""
    retries = [{"action": "retry", "number": 1}] * 20
    run, called = execution(retries, **{name: [Refused("no") for _ in range(20)]})
    waits = walked(run)
    assert waits == [300, 600, 1200, 2400, 4800, 9600, 19200, 21600, 21600, 21600]
    assert sum(waits) > 86_400
    assert run.state == "LeftToTheNextSweep"
    assert len(called) <= 22


def test_what_succeeds_begins_the_waits_again():
    retry = {"action": "retry", "number": 1}
    run, _ = execution([retry, retry, DONE], NextAction=[Refused("no"), Refused("no")])
    assert walked(run) == [300, 600]
    run, _ = execution([{"action": "wait", "until": "2026-03-02T12:00:00Z"}, DONE])
    assert run.go_on(NOON) is not None
    assert run.variables == {"failures": 0}


def test_what_lambda_cannot_do_is_tried_again_at_once():
    run, called = execution([DONE], NextAction=[Throttled(), Throttled()])
    instant, waits = NOON, []
    while (until := run.go_on(instant)) is not None:
        waits.append((until - instant).total_seconds())
        instant = until
    assert (waits, len(called)) == ([2.0, 4.0], 3)


def test_one_that_a_sweep_began_leaves_a_failure_to_the_next():
    """Else there would be one more of them every hour, all waiting."""
    run, _ = execution([], GIVEN | {"swept": True}, NextAction=[Refused("no")])
    assert run.go_on(NOON) is None
    assert run.state == "LeftToTheNextSweep"


def test_an_unknown_answer_fails_the_execution():
    run, _ = execution([{"action": "dance"}])
    with pytest.raises(FlowFailed, match="UnknownAction: There is no action dance"):
        run.go_on(NOON)
