"""openapi.yaml names every code that a client can see; tests/integration/conftest.py looks at each answer."""

import json
from typing import get_args

import pytest

from documents.commands import entry_point
from support.openapi import committed, undocumented
from troupe.edge.principal import REASONS, Reason

OPENAPI = committed("openapi.yaml")


def codes(responses, status):
    answer = responses.get(str(status), {})
    if "$ref" in answer:
        answer = OPENAPI["components"]["responses"][answer["$ref"].rpartition("/")[2]]
    return set(answer.get("content", {}).get("application/problem+json", {}).get("examples", {}))


def signed_in():
    """The operations that take a token."""
    for path, methods in OPENAPI["paths"].items():
        for operation in methods.values():
            if path.startswith("/v1/") and operation.get("security") != []:
                yield pytest.param(operation, id=operation["operationId"])


@pytest.mark.parametrize("operation", [*signed_in()])
def test_why_there_is_no_principal_is_said_of_each_operation_that_takes_a_token(operation):
    assert codes(operation["responses"], 401) >= REASONS.keys() == set(get_args(Reason.__value__))


@pytest.mark.parametrize("context", ["commerce", "recovery"])
def test_a_webhook_names_what_is_wrong_with_a_signature_and_nothing_that_it_does_not_look_at(context):
    responses = OPENAPI["paths"][f"/v1/{context}/webhooks/stripe"]["post"]["responses"]
    signature = {"forged_signature", "malformed_signature", "stale_signature"}
    assert codes(responses, 400) == signature | {"malformed_body", "malformed_event", "malformed_json"}
    assert not responses.keys() & {"401", "409", "415", "422"}


def test_a_command_s_own_401_does_not_hide_the_reasons_of_all():
    seen = {code: codes(each["responses"], 401) for each in _operations() for code in [each["operationId"]]}
    assert seen["LogIn"] == {"sign_in_failed"}
    assert all(REASONS.keys() <= found for name, found in seen.items() if "no_principal" in found)


def _operations():
    return [
        each
        for path, methods in OPENAPI["paths"].items()
        if path.startswith("/v1/")
        for each in methods.values()
    ]


@pytest.mark.parametrize(
    "command, status, code, missing",
    [
        ("suspend_user", 404, "not_found", False),
        ("suspend_user", 409, "never_heard_of", True),
        ("suspend_user", 401, "token_expired", False),
        ("log_in", 401, "sign_in_failed", False),
        ("log_in", 409, "sign_in_failed", True),
    ],
)
def test_an_answer_that_is_not_documented_is_found(command, status, code, missing):
    response = {"statusCode": status, "body": json.dumps({"code": code})}
    assert bool(undocumented(entry_point("identity", command), {"routeKey": "POST /x"}, response)) == missing


def test_a_query_is_found_by_its_route():
    from identity.queries import handler

    response = {"statusCode": 409, "body": json.dumps({"code": "contended"})}
    assert undocumented(handler, {"routeKey": "GET /me"}, response)
    assert not undocumented(handler, {"routeKey": "$default"}, response)
