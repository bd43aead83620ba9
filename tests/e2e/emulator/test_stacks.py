"""Gaps of MiniStack in CloudFormation, and the modules that mend them."""

import json
from typing import Any

from e2e.emulator.cloud import TRUST, Cloud, eventually, stock_then_mended, unique

SAYS_HELLO = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n"


def nested(cloud: Cloud, child: dict[str, Any], **parameters: str) -> dict[str, Any]:
    """A root template with one nested stack."""
    storage, bucket, key = cloud.client("s3"), unique("templates"), unique("child")
    storage.create_bucket(Bucket=bucket)
    storage.put_object(Bucket=bucket, Key=key, Body=json.dumps(child).encode())
    properties = {"TemplateURL": f"{cloud.url}/{bucket}/{key}", "Parameters": parameters}
    return {"Resources": {"Child": {"Type": "AWS::CloudFormation::Stack", "Properties": properties}}}


@stock_then_mended(stock="ROLLBACK_COMPLETE", mended="CREATE_COMPLETE")
def test_nested_stacks(cloud: Cloud, expected: str) -> None:
    function = {"Runtime": "python3.13", "Handler": "index.handler", "InlineCode": SAYS_HELLO}
    events = {"Http": {"Type": "HttpApi", "Properties": {"Method": "GET", "Path": "/"}}}
    resource = {"Type": "AWS::Serverless::Function", "Properties": {**function, "Events": events}}
    child = {"Transform": "AWS::Serverless-2016-10-31", "Resources": {"Greet": resource}}
    _, status = cloud.deploy(nested(cloud, child))
    assert status == expected


@stock_then_mended(stock="UPDATE_ROLLBACK_FAILED", mended="UPDATE_COMPLETE")
def test_nested_stacks_keep_attributes(cloud: Cloud, expected: str) -> None:
    role = {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": json.loads(TRUST)}}
    function = {"Runtime": "python3.13", "Handler": "index.handler", "Code": {"ZipFile": SAYS_HELLO}}
    properties = {**function, "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Description": {"Ref": "Description"}}
    child = {
        "Parameters": {"Description": {"Type": "String"}},
        "Resources": {"Role": role, "Greet": {"Type": "AWS::Lambda::Function", "Properties": properties}},
    }
    stack, status = cloud.deploy(nested(cloud, child, Description="first"))
    assert status == "CREATE_COMPLETE"
    _, status = cloud.deploy(nested(cloud, child, Description="second"), stack)
    assert status == expected


@stock_then_mended(stock=None, mended="CREATE_COMPLETE")
def test_resource_types(cloud: Cloud, expected: str | None) -> None:
    bus = {"Type": "AWS::Events::EventBus", "Properties": {"Name": unique("bus")}}
    properties = {"SourceArn": {"Fn::GetAtt": ["Bus", "Arn"]}, "EventPattern": {"source": ["a"]}}
    archive = {"Type": "AWS::Events::Archive", "Properties": properties}
    alarm = {"Type": "AWS::CloudWatch::CompositeAlarm", "Properties": {"AlarmRule": "FALSE"}}
    template = {"Resources": {"Bus": bus, "Archive": archive, "Composite": alarm}}
    if expected is None:
        assert "Unrecognized resource types" in refusal(cloud, template)
        return
    stack, status = cloud.deploy(template)
    assert status == expected
    archives = cloud.client("events").list_archives()["Archives"]
    assert cloud.resource(stack, "Archive") in [one["ArchiveName"] for one in archives]


def refusal(cloud: Cloud, template: dict[str, Any]) -> str:
    """Why a stack was not made: refused at once, or rolled back."""
    stacks, name = cloud.client("cloudformation"), unique("stack")
    try:
        stacks.create_stack(StackName=name, TemplateBody=json.dumps(template))
    except stacks.exceptions.ClientError as error:
        return str(error)
    described = eventually(lambda: stacks.describe_stacks(StackName=name)["Stacks"][0])
    return str(described.get("StackStatusReason"))
