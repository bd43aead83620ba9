"""Gaps of MiniStack in CloudFormation and HTTP APIs, and the modules that mend them."""

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


def api_with(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}}
    stage = {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True, **more.pop("stage", {})}
    return {
        "Resources": {"Api": api, "Stage": {"Type": "AWS::ApiGatewayV2::Stage", "Properties": stage}, **more}
    }


def body_of(routes: dict[str, str], authorizer: str | None = None) -> dict[str, Any]:
    """An OpenAPI document: path to function ARN, as sam writes it."""
    paths = {
        path: {
            "get": {
                "x-amazon-apigateway-integration": {
                    "type": "aws_proxy",
                    "httpMethod": "POST",
                    "payloadFormatVersion": "2.0",
                    "uri": invocation_of(function),
                },
                "security": [{"Token": []}] if authorizer else [],
            }
        }
        for path, function in routes.items()
    }
    return {"openapi": "3.0.1", "info": {"title": "api"}, "paths": paths, **schemes(authorizer)}


def invocation_of(function: str) -> str:
    return f"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/{function}/invocations"


def schemes(authorizer: str | None) -> dict[str, Any]:
    if authorizer is None:
        return {}
    given = {
        "type": "request",
        "identitySource": "$request.header.Authorization",
        "authorizerUri": invocation_of(authorizer),
        "authorizerPayloadFormatVersion": "2.0",
        "authorizerResultTtlInSeconds": 0,
        "enableSimpleResponses": True,
    }
    scheme = {"type": "apiKey", "name": "Unused", "in": "header", "x-amazon-apigateway-authorizer": given}
    return {"components": {"securitySchemes": {"Token": scheme}}}


def host_of(cloud: Cloud, stack: str) -> str:
    return f"{cloud.resource(stack, 'Api')}.execute-api.localhost"


@stock_then_mended(stock=404, mended=200)
def test_http_bodies(cloud: Cloud, expected: int) -> None:
    function = cloud.function(SAYS_HELLO)
    stack, _ = cloud.deploy(api_with(body_of({"/old": function})))
    assert cloud.get(host_of(cloud, stack), "/old")[0] == expected
    cloud.deploy(api_with(body_of({"/new": function})), stack)
    assert cloud.get(host_of(cloud, stack), "/new")[0] == expected
    assert cloud.get(host_of(cloud, stack), "/old")[0] == 404


LETS_IN = """
def handler(event, context):
    token = event["headers"]["authorization"]
    return {"isAuthorized": token != "no", "context": {"tenant_id": token, "operator": True}}
"""
FORMAT = (
    '{"tenant_id":"$context.authorizer.tenant_id","route":"$context.routeKey","status":"$context.status",'
)
FORMAT += '"error":"$context.error.message","id":"$context.requestId"}'


@stock_then_mended(stock=[], mended=[("a", "GET /here", "200", "-"), ("-", "GET /here", "403", "-")])
def test_access_logs(cloud: Cloud, expected: list[tuple[str, ...]]) -> None:
    logs, group = cloud.client("logs"), unique("access")
    logs.create_log_group(logGroupName=group)
    arn = f"arn:aws:logs:us-east-1:000000000000:log-group:{group}"
    function = cloud.function(SAYS_HELLO)
    apis = cloud.client("apigatewayv2")
    api = apis.create_api(Name=unique("api"), ProtocolType="HTTP")["ApiId"]
    integration = apis.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
    )
    authorizer = apis.create_authorizer(
        ApiId=api,
        Name="token",
        AuthorizerType="REQUEST",
        IdentitySource=["$request.header.Authorization"],
        AuthorizerUri=invocation_of(cloud.function(LETS_IN)),
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
    )
    target = f"integrations/{integration['IntegrationId']}"
    custom = {"AuthorizationType": "CUSTOM", "AuthorizerId": authorizer["AuthorizerId"]}
    apis.create_route(ApiId=api, RouteKey="GET /here", Target=target, **custom)
    setting = {"DestinationArn": arn, "Format": FORMAT}
    apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, AccessLogSettings=setting)
    for token, status in (("a", 200), ("no", 403)):
        assert cloud.get(f"{api}.execute-api.localhost", "/here", Authorization=token)[0] == status

    def lines() -> list[tuple[str, ...]]:
        events = logs.filter_log_events(logGroupName=group)["events"]
        said = [json.loads(event["message"]) for event in events]
        return [(one["tenant_id"], one["route"], one["status"], one["error"]) for one in said]

    assert eventually(lines, lambda seen: len(seen) == len(expected), 2) == expected


@stock_then_mended(stock=False, mended=True)
def test_filter_patterns(cloud: Cloud, expected: bool) -> None:
    queue, _ = cloud.queue()
    code = f"""
import base64, boto3, gzip, json

def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    for one in data["logEvents"]:
        boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=one["message"])
"""
    logs, group = cloud.client("logs"), unique("lines")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    logs.put_subscription_filter(
        logGroupName=group,
        filterName="f",
        filterPattern='{ $.tenant_id != "-" && $.status < 400 }',
        destinationArn=cloud.function(code),
    )
    said = [
        {"tenant_id": "-", "status": 200},
        {"tenant_id": "a", "status": 500},
        {"tenant_id": "a", "status": 200},
    ]
    events = [{"timestamp": 1_800_000_000_000, "message": json.dumps(one)} for one in said]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    received = eventually(lambda: cloud.received(queue), seconds=5 if expected else 1)
    assert received == ([said[2]] if expected else [])


@stock_then_mended(stock="services", mended="hello")
def test_domain_paths(cloud: Cloud, expected: str) -> None:
    apis, domain = cloud.client("apigatewayv2"), f"{unique('domain')}.example.com"
    certificate = "arn:aws:acm:us-east-1:000000000000:certificate/00000000-0000-0000-0000-000000000000"
    configuration = {"CertificateArn": certificate, "EndpointType": "REGIONAL"}
    apis.create_domain_name(DomainName=domain, DomainNameConfigurations=[configuration])
    api = apis.create_api(Name=unique("api"), ProtocolType="HTTP", Target=cloud.function(SAYS_HELLO))["ApiId"]
    integration = apis.create_integration(
        ApiId=api,
        IntegrationType="AWS_PROXY",
        IntegrationUri=cloud.function(SAYS_HELLO),
        PayloadFormatVersion="2.0",
    )
    apis.create_route(
        ApiId=api, RouteKey="GET /health", Target=f"integrations/{integration['IntegrationId']}"
    )
    stages = [stage["StageName"] for stage in apis.get_stages(ApiId=api)["Items"]]
    if "$default" not in stages:
        apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True)
    apis.create_api_mapping(DomainName=domain, ApiId=api, Stage="$default")
    status, body = cloud.get(domain, "/health")
    assert (status, expected in body) == (200, True)


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
