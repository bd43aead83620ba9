"""Each house rule passes a stack that keeps it, and fails the same stack with one thing taken away."""

from copy import deepcopy
from pathlib import Path

import pytest
from cfnlint.rules import Rules
from cfnlint.template import Template

ROOT = Path(__file__).parents[2]
RULES = Rules.create_from_directory(str(ROOT / "checks/plugin"))
ASYNCHRONOUS = {"Rule", "Hourly", "FromLogs", "Invoked"}
IDS = {f"E900{n}" for n in range(1, 10)}


def arn(name):
    return {"Fn::GetAtt": [name, "Arn"]}


def allow(*actions, **condition):
    given = {"Condition": condition} if condition else {}
    return {"Effect": "Allow", "Action": list(actions), "Resource": "*", **given}


KEYS = "dynamodb:LeadingKeys"
ONE_TENANT = {"ForAllValues:StringLike": {KEYS: ["t#*"]}, "Null": {KEYS: "false"}}


QUEUE = ("sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:SendMessage")
STREAM = (
    "dynamodb:DescribeStream",
    "dynamodb:GetRecords",
    "dynamodb:GetShardIterator",
    "dynamodb:ListStreams",
)
KEPT = {"DeletionPolicy": "RetainExceptOnCreate", "UpdateReplacePolicy": "Retain"}
TO_DEAD = {"DestinationConfig": {"OnFailure": {"Destination": arn("Dead")}}}
KEEPING = {
    "Logs": {"Type": "AWS::Logs::LogGroup", **KEPT, "Properties": {"RetentionInDays": 90}},
    "Table": {"Type": "AWS::DynamoDB::Table", **KEPT, "Properties": {}},
    "Bucket": {"Type": "AWS::S3::Bucket", **KEPT, "Properties": {}},
    "Dead": {"Type": "AWS::SQS::Queue", **KEPT, "Properties": {}},
    "Queue": {
        "Type": "AWS::SQS::Queue",
        "Properties": {"RedrivePolicy": {"deadLetterTargetArn": arn("Dead"), "maxReceiveCount": 3}},
    },
    "Observed": {
        "Type": "AWS::IAM::ManagedPolicy",
        "Properties": {
            "PolicyDocument": {
                "Statement": [
                    allow("logs:CreateLogStream", "logs:PutLogEvents"),
                    allow("xray:PutTraceSegments", "xray:PutTelemetryRecords"),
                ]
            }
        },
    },
    "Role": {
        "Type": "AWS::IAM::Role",
        "Properties": {
            "AssumeRolePolicyDocument": {"Statement": [allow("sts:AssumeRole")]},
            "ManagedPolicyArns": [{"Ref": "Observed"}],
            "Policies": [{"PolicyName": "own", "PolicyDocument": {"Statement": [allow(*QUEUE)]}}],
        },
    },
    "Attached": {
        "Type": "AWS::IAM::Policy",
        "Properties": {
            "Roles": [{"Ref": "Role"}],
            "PolicyDocument": {
                "Statement": [
                    allow(*STREAM),
                    allow("s3:PutObject", "s3:ListBucket"),
                    allow("dynamodb:GetItem", **ONE_TENANT),
                ]
            },
        },
    },
    "SweepDueDates": {
        "Type": "AWS::Lambda::Function",
        "Properties": {
            "Handler": "billing.flows.sweep_due_dates.handler",
            "Role": arn("Role"),
            "TracingConfig": {"Mode": "Active"},
            "LoggingConfig": {"LogFormat": "JSON", "LogGroup": {"Ref": "Logs"}},
            "RecursiveLoop": "Terminate",
        },
    },
    "Invoked": {
        "Type": "AWS::Lambda::EventInvokeConfig",
        "Properties": {"FunctionName": {"Ref": "SweepDueDates"}, **TO_DEAD},
    },
    "FromQueue": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {"FunctionName": {"Ref": "SweepDueDates"}, "EventSourceArn": arn("Queue")},
    },
    "FromStream": {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "SweepDueDates"},
            "EventSourceArn": {"Fn::GetAtt": ["Table", "StreamArn"]},
            "DestinationConfig": {"OnFailure": {"Destination": arn("Bucket")}},
        },
    },
    "Rule": {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Targets": [{"Id": "t", "Arn": arn("Queue"), "DeadLetterConfig": {"Arn": arn("Dead")}}]
        },
    },
    "Hourly": {
        "Type": "AWS::Scheduler::Schedule",
        "Properties": {"Target": {"Arn": arn("SweepDueDates"), "DeadLetterConfig": {"Arn": arn("Dead")}}},
    },
    "FromLogs": {
        "Type": "AWS::Logs::SubscriptionFilter",
        "Properties": {"DestinationArn": arn("SweepDueDates")},
    },
    "FromTopic": {
        "Type": "AWS::SNS::Subscription",
        "Properties": {"Protocol": "lambda", "RedrivePolicy": {"deadLetterTargetArn": arn("Dead")}},
    },
    "DeadAlarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmActions": [{"Ref": "Topic"}],
            "Dimensions": [{"Name": "QueueName", "Value": {"Fn::GetAtt": ["Dead", "QueueName"]}}],
        },
    },
    "BucketAlarm": {
        "Type": "AWS::CloudWatch::Alarm",
        "Properties": {
            "AlarmActions": [{"Ref": "Topic"}],
            "Dimensions": [{"Name": "BucketName", "Value": {"Ref": "Bucket"}}],
        },
    },
}


def broken(resources):
    stack = Template("template.yaml", {"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    return {rule for rule in IDS if RULES[rule].match(stack)}


def test_a_stack_that_keeps_the_rules_passes():
    assert broken(KEEPING) == set()
    assert set(RULES) == IDS


def changed(path, change):
    resources = deepcopy(KEEPING)
    *parents, last = path
    at = resources
    for step in parents:
        at = at[step]
    change(at, last)
    return resources


def without(*path):
    return changed(path, lambda at, last: at.pop(last))


def having(value, *path):
    return changed(path, lambda at, last: at.__setitem__(last, value))


def only(resources, *names):
    """The function, with these of what invokes it asynchronously, and nothing that catches a failure."""
    return {name: each for name, each in resources.items() if name not in ASYNCHRONOUS or name in names}


@pytest.mark.parametrize(
    "rule, resources",
    [
        ("E9001", without("Queue", "Properties", "RedrivePolicy")),
        ("E9001", without("FromStream", "Properties", "DestinationConfig")),
        ("E9001", without("Rule", "Properties", "Targets", 0, "DeadLetterConfig")),
        ("E9001", only(having(arn("SweepDueDates"), "Rule", "Properties", "Targets", 0, "Arn"), "Rule")),
        ("E9001", only(KEEPING, "Hourly")),
        ("E9001", only(KEEPING, "FromLogs")),
        ("E9001", without("Hourly", "Properties", "Target", "DeadLetterConfig")),
        ("E9001", without("FromTopic", "Properties", "RedrivePolicy")),
        ("E9002", without("DeadAlarm")),
        ("E9002", without("BucketAlarm", "Properties", "AlarmActions")),
        ("E9003", without("SweepDueDates", "Properties", "LoggingConfig")),
        ("E9003", without("Logs", "Properties", "RetentionInDays")),
        ("E9003", having("Text", "SweepDueDates", "Properties", "LoggingConfig", "LogFormat")),
        ("E9004", without("Table", "DeletionPolicy")),
        ("E9004", having("Delete", "Dead", "DeletionPolicy")),
        ("E9004", without("Bucket", "UpdateReplacePolicy")),
        ("E9004", having("orders", "Table", "Properties", "TableName")),
        ("E9005", having(["s3:*"], "Attached", "Properties", "PolicyDocument", "Statement", 1, "Action")),
        (
            "E9005",
            having(["s3:Put*"], "Attached", "Properties", "PolicyDocument", "Statement", 1, "NotAction"),
        ),
        ("E9006", without("Observed")),
        ("E9006", without("Attached")),
        ("E9006", without("Role", "Properties", "Policies")),
        ("E9006", without("SweepDueDates", "Properties", "Role")),
        ("E9008", without("Attached", "Properties", "PolicyDocument", "Statement", 2, "Condition", "Null")),
        ("E9007", having("billing.flows.sweep.handler", "SweepDueDates", "Properties", "Handler")),
        ("E9007", having("billing.flows.sweep_due_dates.main", "SweepDueDates", "Properties", "Handler")),
        ("E9009", without("SweepDueDates", "Properties", "RecursiveLoop")),
        (
            "E9007",
            having("billing.webhook.sweep_due_dates.handler", "SweepDueDates", "Properties", "Handler"),
        ),
    ],
)
def test_a_stack_that_breaks_a_rule_is_told(rule, resources):
    assert rule in broken(resources)
