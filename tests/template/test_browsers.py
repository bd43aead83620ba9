"""Pages of other origins may call every API, those that are named and no others."""

import re

import pytest

from documents.api.parameters import request_headers, response_headers
from support.templates import CONTEXTS, ROOT, TEMPLATES, of_type, resources, transformed, written

API = "AWS::Serverless::HttpApi"
APIS = {
    template: api["CorsConfiguration"]["Fn::If"]
    for template in TEMPLATES
    for api in of_type(resources(template), API).values()
}


def named(template):
    return str(template.relative_to(ROOT))


def test_every_template_with_routes_is_looked_at():
    assert len(APIS) == len(TEMPLATES)


@pytest.mark.parametrize("template", APIS, ids=named)
def test_every_api_has_the_same_rules(template):
    condition, rules, otherwise = APIS[template]
    assert (condition, otherwise) == ("HasOrigins", {"Ref": "AWS::NoValue"})
    assert rules == APIS[TEMPLATES[0]][1]


@pytest.mark.parametrize("template", APIS, ids=named)
def test_what_the_gateway_is_told(template):
    (api,) = of_type(transformed(template), "AWS::ApiGatewayV2::Api").values()
    _, told, _ = api["Body"]["x-amazon-apigateway-cors"]["Fn::If"]
    assert "Fn::Split" in told["allowOrigins"]
    assert "PATCH" in told["allowMethods"]
    assert "allowCredentials" not in told, "a token is sent as a header: a page needs no cookies"


def test_a_page_can_send_and_read_every_documented_header():
    _, rules, _ = APIS[TEMPLATES[0]]
    sent = {each["name"].lower() for each in request_headers().values()}
    assert sent | {"authorization", "content-type", "if-none-match"} == set(rules["AllowHeaders"])
    assert {name.lower() for name in response_headers()} <= set(rules["ExposeHeaders"])


def test_every_context_gets_the_origins_of_the_deployment():
    nested = of_type(resources(ROOT / "template.yaml"), "AWS::Serverless::Application")
    assert len(nested) == len(CONTEXTS)
    for name, stack in nested.items():
        assert stack["Parameters"]["AllowedOrigins"] == {"Ref": "AllowedOrigins"}, name


@pytest.mark.parametrize(
    "given",
    [
        "",
        "https://app.example.com",
        "https://app.example.com,https://admin.example.com:8443",
        "http://localhost:3000,http://127.0.0.1",
    ],
)
def test_origins_are_taken(given):
    assert _taken(given)


@pytest.mark.parametrize(
    "given",
    [
        "*",
        "https://*",
        "https://*.example.com",
        "http://app.example.com",
        "https://app.example.com/",
        "https://app.example.com,",
        "https://app.example.com,*",
        "https://app.example.com https://admin.example.com",
        "http://localhost.example.com",
        "null",
    ],
)
def test_what_is_no_origin_or_any_origin_is_not_taken(given):
    assert not _taken(given)


def _taken(given):
    parameter = written(ROOT / "template.yaml")["Parameters"]["AllowedOrigins"]
    return re.fullmatch(parameter["AllowedPattern"], given) is not None
