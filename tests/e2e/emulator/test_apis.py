"""Gaps of MiniStack in HTTP APIs and their logs, and the modules that mend them."""

import json
from typing import Any

from e2e.emulator.cloud import ACCOUNT, Cloud, eventually, stock_then_mended, unique
from e2e.patience import patience

SAYS_HELLO = "def handler(event, context):\n    return {'statusCode': 200, 'body': 'hello'}\n"


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


@stock_then_mended(stock=403, mended=204)
def test_http_bodies_say_which_origins_may_call(cloud: Cloud, expected: int) -> None:
    rules = {"allowOrigins": ["https://app.test"], "allowMethods": ["GET"]}
    body = {**body_of({"/old": cloud.function(SAYS_HELLO)}), "x-amazon-apigateway-cors": rules}
    stack, _ = cloud.deploy(api_with(body))
    asked = {"Origin": "https://app.test", "Access-Control-Request-Method": "GET"}
    assert cloud.request("OPTIONS", host_of(cloud, stack), "/old", **asked).status_code == expected


def api_of(cloud: Cloud, route: str, function: str, authorizer: str | None = None, **stage: Any) -> str:
    """The id of an API with one route, made call by call."""
    apis = cloud.client("apigatewayv2")
    api: str = apis.create_api(Name=unique("api"), ProtocolType="HTTP")["ApiId"]
    integration = apis.create_integration(
        ApiId=api, IntegrationType="AWS_PROXY", IntegrationUri=function, PayloadFormatVersion="2.0"
    )
    custom = authorized(cloud, api, authorizer) if authorizer else {}
    target = f"integrations/{integration['IntegrationId']}"
    apis.create_route(ApiId=api, RouteKey=route, Target=target, **custom)
    apis.create_stage(ApiId=api, StageName="$default", AutoDeploy=True, **stage)
    return api


def authorized(cloud: Cloud, api: str, function: str) -> dict[str, str]:
    made = cloud.client("apigatewayv2").create_authorizer(
        ApiId=api,
        Name="token",
        AuthorizerType="REQUEST",
        IdentitySource=["$request.header.Authorization"],
        AuthorizerUri=invocation_of(function),
        AuthorizerPayloadFormatVersion="2.0",
        EnableSimpleResponses=True,
    )
    return {"AuthorizationType": "CUSTOM", "AuthorizerId": made["AuthorizerId"]}


SAYS_ITS_REQUEST = """
def handler(event, context):
    return {"statusCode": 200, "body": event["requestContext"]["requestId"]}
"""
LETS_IN = """
def handler(event, context):
    token = event["headers"]["authorization"]
    return {"isAuthorized": token != "no", "context": {"tenant_id": token, "operator": True}}
"""
FORMAT = (
    '{"tenant_id":"$context.authorizer.tenant_id","route":"$context.routeKey","status":"$context.status",'
    '"error":"$context.error.message","id":"$context.requestId"}'
)


@stock_then_mended(stock=[], mended=[("a", "GET /here", "200", "-"), ("-", "GET /here", "403", "-")])
def test_access_logs(cloud: Cloud, expected: list[tuple[str, ...]]) -> None:
    logs, group = cloud.client("logs"), unique("access")
    logs.create_log_group(logGroupName=group)
    destination = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}"
    setting = {"DestinationArn": destination, "Format": FORMAT}
    functions = cloud.function(SAYS_ITS_REQUEST), cloud.function(LETS_IN)
    host = f"{api_of(cloud, 'GET /here', *functions, AccessLogSettings=setting)}.execute-api.localhost"
    status, request_id = cloud.get(host, "/here", Authorization="a")
    assert (status, cloud.get(host, "/here", Authorization="no")[0]) == (200, 403)

    def lines() -> list[dict[str, str]]:
        events = logs.filter_log_events(logGroupName=group)["events"]
        return [json.loads(event["message"]) for event in events]

    said = eventually(lines, lambda seen: len(seen) == len(expected))
    assert [(one["tenant_id"], one["route"], one["status"], one["error"]) for one in said] == expected
    assert not said or said[0]["id"] == request_id


TELLS_HOW_MANY = """
import base64, boto3, gzip, json

def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=str(len(data["logEvents"])))
"""


def test_access_logs_reach_a_subscriber_in_batches(mended: Cloud) -> None:
    """Stock MiniStack writes none at all; a call for each line would burden every measurement."""
    queue, _ = mended.queue()
    logs, group, calls = mended.client("logs"), unique("access"), 20
    logs.create_log_group(logGroupName=group)
    subscriber = mended.function(TELLS_HOW_MANY.format(queue=queue))
    logs.put_subscription_filter(
        logGroupName=group, filterName="f", filterPattern="", destinationArn=subscriber
    )
    destination = f"arn:aws:logs:us-east-1:{ACCOUNT}:log-group:{group}"
    setting = {"DestinationArn": destination, "Format": FORMAT}
    functions = mended.function(SAYS_ITS_REQUEST), mended.function(LETS_IN)
    host = f"{api_of(mended, 'GET /here', *functions, AccessLogSettings=setting)}.execute-api.localhost"
    for _ in range(calls):
        assert mended.get(host, "/here", Authorization="a")[0] == 200
    batches: list[int] = []

    def told() -> int:
        batches.extend(mended.received(queue))
        return sum(batches)

    assert eventually(told, lambda seen: seen == calls) == calls
    assert len(batches) < calls


FORWARDS = """
import base64, boto3, gzip, json

def handler(event, context):
    data = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    for one in data["logEvents"]:
        boto3.client("sqs").send_message(QueueUrl="{queue}", MessageBody=one["message"])
"""


@stock_then_mended(stock=[], mended=[{"tenant_id": "a", "status": 200}])
def test_filter_patterns(cloud: Cloud, expected: list[Any]) -> None:
    queue, _ = cloud.queue()
    logs, group = cloud.client("logs"), unique("lines")
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    logs.put_subscription_filter(
        logGroupName=group,
        filterName="f",
        filterPattern='{ $.tenant_id != "-" && $.status < 400 }',
        destinationArn=cloud.function(FORWARDS.format(queue=queue)),
    )
    said = [(tenant, status) for tenant in "-a" for status in (200, 500)]
    lines = [json.dumps({"tenant_id": tenant, "status": status}) for tenant, status in said]
    events = [{"timestamp": 1_800_000_000_000, "message": line} for line in lines]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)
    assert eventually(lambda: cloud.received(queue), seconds=patience(expected)) == expected


@stock_then_mended(stock="services", mended="hello")
def test_domain_paths(cloud: Cloud, expected: str) -> None:
    apis, domain = cloud.client("apigatewayv2"), f"{unique('domain')}.example.com"
    certificate = f"arn:aws:acm:us-east-1:{ACCOUNT}:certificate/00000000-0000-0000-0000-000000000000"
    configuration = {"CertificateArn": certificate, "EndpointType": "REGIONAL"}
    apis.create_domain_name(DomainName=domain, DomainNameConfigurations=[configuration])
    api = api_of(cloud, "GET /health", cloud.function(SAYS_HELLO))
    apis.create_api_mapping(DomainName=domain, ApiId=api, Stage="$default")
    status, body = cloud.get(domain, "/health")
    assert (status, expected in body) == (200, True)
