"""A gap of MiniStack in IAM, and the module that mends it: what a call is about beside what it names."""

import json

from e2e.emulator.access import ALLOWED, DENIED, TRUSTING_ACCOUNT, assumed, outcome
from e2e.emulator.cloud import ACCOUNT, Cloud, eventually, stock_then_mended, unique


@stock_then_mended(stock=[DENIED, DENIED], mended=[ALLOWED, DENIED])
def test_called_resources(cloud: Cloud, expected: list[str]) -> None:
    """Who may make schedules in one group makes them there, and nowhere else."""
    group, other = unique("group"), unique("group")
    for each in (group, other):
        cloud.client("scheduler").create_schedule_group(Name=each)
    allowed = {
        "Effect": "Allow",
        "Action": "scheduler:CreateSchedule",
        "Resource": f"arn:aws:scheduler:us-east-1:{ACCOUNT}:schedule/{group}/*",
    }
    timers = assumed(cloud, cloud.role(allowed, trust=TRUSTING_ACCOUNT), "scheduler")
    target = {"Arn": f"arn:aws:sqs:us-east-1:{ACCOUNT}:none", "RoleArn": cloud.role()}
    made = [
        outcome(
            timers.create_schedule,
            Name=unique("timer"),
            GroupName=each,
            ScheduleExpression="at(2100-01-01T00:00:00)",
            FlexibleTimeWindow={"Mode": "OFF"},
            Target=target,
        )
        for each in (group, other)
    ]
    assert made == expected


PASSES_ON = """
import boto3

def handler(event, context):
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody='"' + event["token"] + '"')
"""


@stock_then_mended(stock=DENIED, mended=ALLOWED)
def test_called_resources_of_task_tokens(cloud: Cloud, expected: str) -> None:
    """Who may answer the tasks of a state machine answers them."""
    queue, _ = cloud.queue()
    ask = {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke.waitForTaskToken",
        "Parameters": {
            "FunctionName": cloud.function(PASSES_ON.format(queue=queue)),
            "Payload": {"token.$": "$$.Task.Token"},
        },
        "TimeoutSeconds": 30,
        "End": True,
    }
    flows = cloud.client("stepfunctions")
    machine = flows.create_state_machine(
        name=unique("flow"),
        definition=json.dumps({"StartAt": "Ask", "States": {"Ask": ask}}),
        roleArn=cloud.role(),
    )["stateMachineArn"]
    started = flows.start_execution(stateMachineArn=machine)
    (token,) = eventually(lambda: cloud.received(queue))
    allowed = {"Effect": "Allow", "Action": "states:SendTaskSuccess", "Resource": machine}
    answers = assumed(cloud, cloud.role(allowed, trust=TRUSTING_ACCOUNT), "stepfunctions")
    assert outcome(answers.send_task_success, taskToken=token, output="{}") == expected
    if expected == DENIED:
        flows.stop_execution(executionArn=started["executionArn"])
