"""Every route, with another tenant's token, without a permission, and without a good token: never data."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
import yaml

from local.demo.api import Api

DOCUMENT = yaml.safe_load((Path(__file__).parents[2] / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
METHODS = {"get", "post", "put", "patch", "delete"}
CONTEXT = "/v1/identity"


HELD_BY_ALL = {"user:read", "user:follow", "organization:read", "feature_flag:read", None}


def operations(*, guarded=False):
    """Every route that takes a token; `guarded` leaves out those that everyone may use."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if method not in METHODS or not path.startswith(CONTEXT) or operation.get("security") == []:
                continue
            if not guarded or operation.get("x-permission") not in HELD_BY_ALL:
                route = method.upper(), path.removeprefix(CONTEXT), operation
                yield pytest.param(*route, id=operation["operationId"])


def body_of(operation):
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples") or {}
    return content.get("example") or next((each["value"] for each in examples.values()), None)


@pytest.fixture(scope="module")
def named(played):
    """Real things of the first tenant, for the parameters of paths."""
    owner = played.owner
    role = owner.post("/roles", {"name": "auditor", "permissions": ["audit:read"]}, 201)
    organization = owner.post("/organizations", {"name": "Studio"}, 201)
    person = next(iter(played.ids.values()))
    return {
        "tenant_id": played.tenant_id,
        "user_id": person,
        "role_id": role["id"],
        "organization_id": organization["id"],
        "flag": "probe",
        "aggregate": "user",
        "id": person,
    }


@pytest.fixture(scope="module")
def consumer(stack, played):
    """A person of the first tenant with no more than everyone has."""
    person = played.people[0]
    with Api(stack.api_url) as visitor, visitor.signed_in(person.email, person.password) as api:
        yield api


def send(api, method, path, operation, named):
    address = re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)
    query = {"from": "2026-01-01", "to": "2026-01-02"} if "analytics" in path else {}
    query |= {"status": "active"} if path == "/users" else {}
    body = body_of(operation)
    return api.http.request(method, f"{CONTEXT}{address}", json=body, params=query or None)


@pytest.mark.parametrize("method, path, operation", list(operations()))
def test_another_tenants_token(method, path, operation, named, played, others):
    reply = send(others.owner, method, path, operation, named)
    if "{" in path and "{flag}" not in path.replace("{tenant_id}", ""):
        assert reply.status_code in {403, 404}, reply.text
    for secret in (played.tenant_id, *played.ids, *played.ids.values()):
        assert secret not in reply.text


@pytest.mark.parametrize("method, path, operation", list(operations(guarded=True)))
def test_without_the_permission(method, path, operation, named, consumer):
    reply = send(consumer, method, path, operation, named)
    assert (reply.status_code, reply.json()["code"]) == (403, "permission_required"), reply.text


def forged(key="f" * 32, **claims):
    now = datetime.now(UTC)
    body = {
        "iss": "troupe",
        "aud": "troupe-api",
        "iat": now,
        "exp": now + timedelta(minutes=5),
        "kind": "user",
        "epoch": 0,
    }
    return jwt.encode(body | claims, key, algorithm="HS256", headers={"kid": "1"})


@pytest.mark.parametrize("method, path, operation", list(operations()))
def test_without_a_good_token(method, path, operation, named, stack, played):
    with Api(stack.api_url) as nobody:
        assert send(nobody, method, path, operation, named).status_code == 401
    token = forged(sub=named["user_id"], tid=played.tenant_id)
    with Api(stack.api_url, token) as forger:
        reply = send(forger, method, path, operation, named)
        assert (reply.status_code, reply.headers["content-type"]) == (401, "application/problem+json")


def test_there_are_routes():
    assert len(list(operations())) > 30
