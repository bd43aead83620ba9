"""AWS::ApiGatewayV2::Api with a Body: authorizers, integrations, routes and CORS of an OpenAPI document.

Every SAM HttpApi with events is one of these. MiniStack ignores the Body, so such an API answers 404 to
everything.
"""

from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import apigateway as apis
from ministack.services.cloudformation import provisioners

METHODS = {"get", "put", "post", "delete", "patch", "head", "options", "x-amazon-apigateway-any-method"}
AUTHORIZER_TYPES = {"request": "REQUEST", "jwt": "JWT"}
AUTHORIZATION_TYPES = {"REQUEST": "CUSTOM", "JWT": "JWT"}

create_api, update_api = provisioners._apigw_v2_api_create, provisioners._apigw_v2_api_update


def short_id() -> str:
    return new_uuid()[:8]


def authorizer_from(name: str, given: dict[str, Any]) -> dict[str, Any]:
    source = given.get("identitySource") or "$request.header.Authorization"
    return {
        "authorizerId": short_id(),
        "authorizerType": AUTHORIZER_TYPES[given["type"].lower()],
        "name": name,
        "identitySource": source.split(",") if isinstance(source, str) else source,
        "jwtConfiguration": given.get("jwtConfiguration") or {"audience": [], "issuer": ""},
        "authorizerUri": given.get("authorizerUri", ""),
        "authorizerPayloadFormatVersion": str(given.get("authorizerPayloadFormatVersion", "2.0")),
        "authorizerResultTtlInSeconds": given.get("authorizerResultTtlInSeconds", 0),
        "enableSimpleResponses": given.get("enableSimpleResponses", False),
        "authorizerCredentialsArn": given.get("authorizerCredentials", ""),
    }


def authorizers_in(body: dict[str, Any]) -> dict[str, dict[str, Any]]:
    schemes = (body.get("components") or {}).get("securitySchemes") or {}
    given = {name: scheme.get("x-amazon-apigateway-authorizer") or {} for name, scheme in schemes.items()}
    return {
        name: authorizer_from(name, one)
        for name, one in given.items()
        if one.get("type", "").lower() in AUTHORIZER_TYPES
    }


def integration_from(target: dict[str, Any]) -> dict[str, Any]:
    return provisioners._apigw_v2_integration_props(
        {
            "IntegrationType": target.get("type", "aws_proxy").upper(),
            "IntegrationUri": target.get("uri", ""),
            "IntegrationMethod": target.get("httpMethod", "POST"),
            "PayloadFormatVersion": str(target.get("payloadFormatVersion", "2.0")),
            "TimeoutInMillis": target.get("timeoutInMillis", 30000),
            "RequestParameters": target.get("requestParameters", {}),
        }
    )


def route_from(
    key: str, operation: dict[str, Any], integration: str, authorizer: dict[str, Any] | None
) -> dict[str, Any]:
    return provisioners._apigw_v2_route_props(
        {
            "RouteKey": key,
            "Target": f"integrations/{integration}",
            "AuthorizationType": AUTHORIZATION_TYPES[authorizer["authorizerType"]] if authorizer else "NONE",
            "AuthorizerId": authorizer["authorizerId"] if authorizer else None,
            "OperationName": operation.get("operationId", ""),
        }
    )


def operations_in(body: dict[str, Any]) -> list[tuple[str, dict[str, Any]]]:
    """(route key, operation) of everything that has an integration."""
    found = []
    for path, operations in (body.get("paths") or {}).items():
        for method, operation in operations.items():
            if method in METHODS and operation.get("x-amazon-apigateway-integration"):
                verb = "ANY" if method == "x-amazon-apigateway-any-method" else method.upper()
                default = path == "$default" or operation.get("isDefaultRoute")  # SAM's, with FailOnWarnings
                found.append(("$default" if default else f"{verb} {path}", operation))
    return found


def import_body(api_id: str, body: dict[str, Any]) -> None:
    """Replaces what the API has by what the document says."""
    authorizers, integrations, routes = authorizers_in(body), {}, {}
    for key, operation in operations_in(body):
        schemes = [name for rule in operation.get("security") or [] for name in rule]
        authorizer = next((authorizers[name] for name in schemes if name in authorizers), None)
        integration, route = short_id(), short_id()
        target = operation["x-amazon-apigateway-integration"]
        integrations[integration] = {"integrationId": integration, **integration_from(target)}
        routes[route] = {"routeId": route, **route_from(key, operation, integration, authorizer)}
    apis._authorizers[api_id] = {one["authorizerId"]: one for one in authorizers.values()}
    apis._integrations[api_id], apis._routes[api_id] = integrations, routes
    apis._apis[api_id]["corsConfiguration"] = body.get("x-amazon-apigateway-cors") or {}


def create(logical_id: str, props: dict[str, Any], stack: str) -> Any:
    body = props.get("Body") or {}
    title = (body.get("info") or {}).get("title")
    named = {**props, "Name": props.get("Name") or title} if title else props
    api_id, attributes = create_api(logical_id, named, stack)
    if body:
        import_body(api_id, body)
    return api_id, attributes


def update(
    physical_id: str, old: dict[str, Any], new: dict[str, Any], stack: str, logical_id: str | None = None
) -> Any:
    result = update_api(physical_id, old, new, stack, logical_id)
    if new.get("Body"):
        import_body(result[0], new["Body"])
    return result


provisioners._RESOURCE_HANDLERS["AWS::ApiGatewayV2::Api"].update(create=create, update=update)
