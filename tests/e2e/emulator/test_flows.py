"""Gaps of MiniStack in Step Functions, EventBridge and schedules, and the modules that mend them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from e2e.emulator.cloud import Cloud, eventually, stock_then_mended, unique
from e2e.patience import PATIENCE, patience
from local.stack import travel

PASSES = {"StartAt": "Pass", "States": {"Pass": {"Type": "Pass", "End": True}}}
WAITS = {"StartAt": "Wait", "States": {"Wait": {"Type": "Wait", "Seconds": 2_592_000, "End": True}}}


def machine(cloud: Cloud, definition: dict[str, Any]) -> str:
    made = cloud.client("stepfunctions").create_state_machine(
        name=unique("flow"), definition=json.dumps(definition), roleArn=cloud.role()
    )
    arn: str = made["stateMachineArn"]
    return arn


def ended(cloud: Cloud, execution: str, seconds: float = PATIENCE) -> dict[str, Any]:
    def seen() -> dict[str, Any]:
        found: dict[str, Any] = cloud.client("stepfunctions").describe_execution(executionArn=execution)
        return found

    return eventually(seen, lambda one: one["status"] != "RUNNING", seconds)


@stock_then_mended(stock="FAILED", mended="SUCCEEDED")
def test_yaml_definitions(cloud: Cloud, expected: str) -> None:
    text = "StartAt: Pass\nStates: {Pass: {Type: Pass, End: true}}\n"
    properties = {"DefinitionString": text, "RoleArn": cloud.role()}
    flow = {"Type": "AWS::StepFunctions::StateMachine", "Properties": properties}
    stack, _ = cloud.deploy({"Resources": {"Flow": flow}})
    started = cloud.client("stepfunctions").start_execution(stateMachineArn=cloud.resource(stack, "Flow"))
    assert ended(cloud, started["executionArn"])["status"] == expected


@stock_then_mended(stock=False, mended=True)
def test_executions(cloud: Cloud, expected: bool) -> None:
    flows, arn = cloud.client("stepfunctions"), machine(cloud, WAITS)
    first = flows.start_execution(stateMachineArn=arn, name="once", input='{"a": 1}')
    try:
        again = flows.start_execution(stateMachineArn=arn, name="once", input='{"a": 1}')
        assert (again["executionArn"] == first["executionArn"]) is expected
    except flows.exceptions.ExecutionAlreadyExists:
        assert not expected
    with pytest.raises(flows.exceptions.ExecutionAlreadyExists):
        flows.start_execution(stateMachineArn=arn, name="once", input='{"a": 2}')
    flows.stop_execution(executionArn=first["executionArn"])


@stock_then_mended(stock="FAILED", mended="SUCCEEDED")
def test_sdk_calls(cloud: Cloud, expected: str) -> None:
    identity = f"{unique('sender')}@example.com"
    task = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:sesv2:createEmailIdentity",
        "Parameters": {"EmailIdentity": identity},
        "End": True,
    }
    arn = machine(cloud, {"StartAt": "Call", "States": {"Call": task}})
    started = cloud.client("stepfunctions").start_execution(stateMachineArn=arn)
    assert ended(cloud, started["executionArn"])["status"] == expected
    known = [one["IdentityName"] for one in cloud.client("sesv2").list_email_identities()["EmailIdentities"]]
    assert (identity in known) is (expected == "SUCCEEDED")


def waiting(cloud: Cloud, execution: str) -> None:
    """Returns when the execution has begun to wait."""
    flows = cloud.client("stepfunctions")

    def begun() -> bool:
        events = flows.get_execution_history(executionArn=execution)["events"]
        return any(event["type"] == "WaitStateEntered" for event in events)

    assert eventually(begun)


def scale(cloud: Cloud, factor: float) -> None:
    setting = {"stepfunctions._SFN_WAIT_SCALE": factor}
    httpx.post(f"{cloud.url}/_ministack/config", json=setting, timeout=PATIENCE).raise_for_status()


@stock_then_mended(stock="RUNNING", mended="SUCCEEDED")
def test_waits(cloud: Cloud, expected: str) -> None:
    flows = cloud.client("stepfunctions")
    started = flows.start_execution(stateMachineArn=machine(cloud, WAITS))
    waiting(cloud, started["executionArn"])
    scale(cloud, 0)
    try:
        assert ended(cloud, started["executionArn"], patience(expected == "SUCCEEDED"))["status"] == expected
    finally:
        scale(cloud, 1)


def waits_until(instant: datetime) -> dict[str, Any]:
    wait = {"Type": "Wait", "Timestamp": instant.isoformat(), "End": True}
    return {"StartAt": "Wait", "States": {"Wait": wait}}


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_waits_follow_the_clock(cloud: Cloud) -> None:
    """What has begun to wait, for seconds or for an instant, goes on when the clock has come that far, and not before."""
    flows, month = cloud.client("stepfunctions"), timedelta(days=30)
    until = machine(cloud, waits_until(travel.now(cloud.folder) + month))
    started = [flows.start_execution(stateMachineArn=arn) for arn in (machine(cloud, WAITS), until)]
    executions = [each["executionArn"] for each in started]
    for each in executions:
        waiting(cloud, each)
    travel.travel(month - timedelta(hours=1), cloud.folder)
    early = [ended(cloud, each, 0.6)["status"] for each in executions]
    travel.travel(timedelta(hours=1), cloud.folder)
    assert early == ["RUNNING", "RUNNING"]
    assert [ended(cloud, each)["status"] for each in executions] == ["SUCCEEDED", "SUCCEEDED"]


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_a_wait_that_begins_after_the_clock_was_moved(cloud: Cloud) -> None:
    """It is as long as ever, and an instant that is past by that clock is not waited for."""
    flows = cloud.client("stepfunctions")
    moved = travel.travel(timedelta(days=1), cloud.folder)
    short, past = machine(cloud, WAITS), machine(cloud, waits_until(moved - timedelta(minutes=1)))
    waiting, gone = (flows.start_execution(stateMachineArn=arn)["executionArn"] for arn in (short, past))
    assert ended(cloud, gone)["status"] == "SUCCEEDED"
    assert ended(cloud, waiting, 0.6)["status"] == "RUNNING"
    flows.stop_execution(executionArn=waiting)


TAKES = """
def handler(event, context):
    if event["fails"]:
        raise ValueError("not now")
"""


def asks(cloud: Cloud, seconds: int, *, fails: bool = False) -> str:
    """An execution that waits for an answer that never comes, and catches the time-out."""
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Arguments": {
            "FunctionName": cloud.function(TAKES),
            "Payload": {"token": "{% $states.context.Task.Token %}", "fails": fails},
        },
        "TimeoutSeconds": f"{{% {seconds} + 0 %}}",
        "Catch": [{"ErrorEquals": ["States.Timeout"], "Next": "Content"}],
        "Next": "Content",
    }
    states = {"Ask": ask, "Content": {"Type": "Succeed"}}
    arn = machine(cloud, {"QueryLanguage": "JSONata", "StartAt": "Ask", "States": states})
    started = cloud.client("stepfunctions").start_execution(stateMachineArn=arn)
    execution: str = started["executionArn"]
    return execution


@stock_then_mended(stock="FAILED", mended="SUCCEEDED")
def test_task_tokens(cloud: Cloud, expected: str) -> None:
    assert ended(cloud, asks(cloud, 1))["status"] == expected


@pytest.mark.parametrize("cloud", ["mended"], indirect=True)
def test_task_tokens_follow_the_clock(cloud: Cloud) -> None:
    """What waits for an answer for a day gives up when the clock has come that far; what cannot ask fails at once."""
    execution = asks(cloud, 86_400)
    assert ended(cloud, execution, 1)["status"] == "RUNNING"
    travel.travel(timedelta(days=1), cloud.folder)
    assert ended(cloud, execution)["status"] == "SUCCEEDED"
    unasked = ended(cloud, asks(cloud, 86_400, fails=True))
    assert (unasked["status"], unasked["error"]) == ("FAILED", "ValueError")


FAILS = """
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody='"called"')
    raise ValueError("not now")
"""


def bus_to(cloud: Cloud, target: str, **options: Any) -> str:
    """A bus whose every event of the source "test" goes to the target."""
    events, bus = cloud.client("events"), unique("bus")
    events.create_event_bus(Name=bus)
    events.put_rule(Name=bus, EventBusName=bus, EventPattern=json.dumps({"source": ["test"]}))
    events.put_targets(Rule=bus, EventBusName=bus, Targets=[{"Id": "t", "Arn": target, **options}])
    return bus


def put_event(cloud: Cloud, bus: str) -> None:
    entry = {"EventBusName": bus, "Source": "test", "DetailType": "done", "Detail": '{"a": 1}'}
    assert cloud.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


@stock_then_mended(stock=(1, 0), mended=(3, 1))
def test_async_invokes(cloud: Cloud, expected: tuple[int, int]) -> None:
    calls, _ = cloud.queue()
    failures, failures_arn = cloud.queue()
    function = cloud.function(FAILS.format(queue=calls))
    destination = {"OnFailure": {"Destination": failures_arn}}
    cloud.client("lambda").put_function_event_invoke_config(
        FunctionName=function, MaximumRetryAttempts=2, DestinationConfig=destination
    )
    put_event(cloud, bus_to(cloud, function))
    called: list[Any] = []
    eventually(lambda: called.extend(cloud.received(calls)) or len(called) >= expected[0])
    buried = eventually(lambda: cloud.received(failures), seconds=patience(expected[1]))
    assert (len(called + cloud.received(calls)), len(buried)) == expected


@stock_then_mended(stock=[], mended=[{"a": 1}])
def test_async_invokes_of_a_missing_function(cloud: Cloud, expected: list[Any]) -> None:
    dead, arn = cloud.queue()
    missing = "arn:aws:lambda:us-east-1:000000000000:function:missing"
    put_event(cloud, bus_to(cloud, missing, DeadLetterConfig={"Arn": arn}))
    buried = eventually(lambda: cloud.received(dead), seconds=patience(expected))
    assert [one["detail"] for one in buried] == expected


@stock_then_mended(stock=True, mended=False)
def test_schedules(cloud: Cloud, expected: bool) -> None:
    queue, arn = cloud.queue()
    timers = cloud.client("scheduler")

    def lateness() -> float:
        due = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=2)
        timers.create_schedule(
            Name=unique("timer"),
            ScheduleExpression=f"at({due:%Y-%m-%dT%H:%M:%S})",
            FlexibleTimeWindow={"Mode": "OFF"},
            ActionAfterCompletion="DELETE",
            Target={"Arn": arn, "RoleArn": cloud.role(), "Input": '"due"'},
        )
        assert eventually(lambda: cloud.received(queue)) == ["due"]
        return (datetime.now(UTC) - due).total_seconds()

    lateness()  # the next one falls due when MiniStack has just looked
    late = eventually(lateness, lambda seconds: seconds < 4, seconds=patience(not expected))
    assert (late > 4) is expected
