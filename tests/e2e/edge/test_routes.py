"""Every route, with another tenant's token, without a permission, and without a good token: never data."""

import re
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jwt
import pytest
import yaml

from demo.api import Api, wait_for
from demo.shop import opened
from e2e.seeded_shop import bazaar
from troupe.security.roles import BUILT_IN

DOCUMENT = yaml.safe_load((Path(__file__).parents[3] / "docs" / "openapi.yaml").read_text(encoding="utf-8"))
METHODS = {"get", "post", "put", "patch", "delete"}


EMPTY = {"items": [], "cursor": None}
DECISIONS = {"ApprovePromotion", "RejectPromotion"}  # refused for an unknown community before they are read
HELD_BY_ALL = BUILT_IN["consumer"] | {None}


def operations():
    """Every route that takes a token."""
    for path, methods in DOCUMENT["paths"].items():
        for method, operation in methods.items():
            if method in METHODS and path.startswith("/v1/") and operation.get("security") != []:
                yield method.upper(), path, operation


def attempts():
    """All of a route follow one another: only the first of them finds its function cold."""
    for method, path, operation in operations():
        guarded = operation.get("x-permission") not in HELD_BY_ALL
        for caller in ("another tenant", *(["lacking permission"] if guarded else []), "without token"):
            yield pytest.param(caller, method, path, operation, id=f"{operation['operationId']}-{caller}")


def body_of(operation, named):
    """The example; in whose name it is done, which a supplier need not say, is said for everyone else."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    examples = content.get("examples") or {}
    body = content.get("example") or next((each["value"] for each in examples.values()), None)
    if operation["operationId"] in DECISIONS:
        return {**(body or {}), "target": "global"}
    if "supplier_id" in fields_of(content.get("schema", {})):
        return {"supplier_id": named["supplier_id"], **(body or {})}
    return body


def fields_of(schema):
    name = schema.get("$ref", "").rpartition("/")[2]
    return (DOCUMENT["components"]["schemas"][name] if name else schema).get("properties", {})


@pytest.fixture(scope="module")
def case(stack, played):
    """Real things of the first tenant in recovery, by the names that parameters of paths have."""
    shop = opened(stack, played.owner, "Routes")
    shop.subscribe("Emily Johnson", 1900, {"declines": "insufficient_funds"})
    shop.renew("Emily Johnson")
    (attempt,) = wait_for("the case to be opened", lambda: shop.attempts() or None)
    step = shop.api.get(f"/recovery-attempts/{attempt['id']}")["steps"][0]
    workspace = f"/workspaces/{shop.workspace_id}"
    risk = {"stripe_customer_id": "cus_1", "stripe_subscription_id": "sub_1", "reason": "card_expiring"}
    risk |= {"expiration_date": f"{shop.world.now + timedelta(days=9):%Y-%m-%d}"}
    day = f"{shop.world.now - timedelta(days=2):%Y-%m-%d}"
    snapshots = shop.api.post(f"{workspace}/metric-snapshots", {"first_day": day, "last_day": day}, 201)
    return {
        "workspace_id": shop.workspace_id,
        "stripe_account_id": shop.stripe_account_id,
        "dunning_sequence_id": shop.sequence_id,
        "version": "1",
        "subscription_at_risk_id": shop.api.post(f"{workspace}/subscriptions-at-risk", risk, 201)["id"],
        "recovery_attempt_id": attempt["id"],
        "step_id": step["id"],
        "metric_snapshot_id": snapshots["metric_snapshot_ids"][0],
    }


@pytest.fixture(scope="module")
def trade(stack, played):
    """Real things of the first tenant in commerce and community."""
    with ExitStack() as connections:
        leader, buyer = played.people[1:3]
        yield bazaar(stack, played, connections, leader, buyer).things()


@pytest.fixture(scope="module")
def roster(played):
    """A real talent of the first tenant, with an account, a note and a tag."""
    owner = played.owner
    organization = owner.post("/organizations", {"name": "Roster"}, 201)
    agency = owner.of("talent")
    sent = {"org_id": organization["id"], "display_name": "Emily Johnson", "tags": ["baking"]}
    talent_id = agency.post("/talents", sent, 201)["id"]
    account = {"handle": "emilybakes", "external_id": "7012345"}
    agency.call("PUT", f"/talents/{talent_id}/platforms/tiktok", account)
    agency.post(f"/talents/{talent_id}/notes", {"text": "Prefers calls in the morning."})
    (note,) = agency.get(f"/talents/{talent_id}/notes")["items"]
    return {"talent_id": talent_id, "platform": "tiktok", "note_id": note["id"], "tag": "baking"}


@pytest.fixture(scope="module")
def named(played, case, trade, roster):
    """Real things of the first tenant, for the parameters of paths."""
    owner = played.owner
    role = owner.post("/roles", {"name": "auditor", "permissions": ["audit:read"]}, 201)
    organization = owner.post("/organizations", {"name": "Studio"}, 201)
    key = owner.post("/api-keys", {"name": "probe", "permissions": ["audit:read"]}, 201)
    person = next(iter(played.ids.values()))
    ours = {
        "api_key_id": key["id"],
        "tenant_id": played.tenant_id,
        "user_id": person,
        "role_id": role["id"],
        "organization_id": organization["id"],
        "flag": "probe",
        "aggregate": "user",
        "id": person,
    }
    return case | trade | roster | ours


@pytest.fixture(scope="module")
def consumer(stack, played):
    """A person of the first tenant with no more than everyone has."""
    person = played.people[0]
    with Api(stack.api_url) as visitor, visitor.signed_in(person.email, person.password) as api:
        yield api


def send(api, method, path, operation, named):
    address = re.sub(r"\{(\w+)\}", lambda found: named[found[1]], path)
    parameters = (each for each in operation.get("parameters", []) if each.get("in") == "query")
    query = {each["name"]: each["example"] for each in parameters if each["required"]}
    query |= {"status": "active"} if path == "/v1/identity/users" else {}
    return api.http.request(method, address, json=body_of(operation, named), params=query or None)


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


@pytest.fixture(scope="module")
def strangers(stack, played, others, consumer, named):
    """Those who may not use a route, by the name of their attempt: a client, and whether its answer is right."""
    token = forged(sub=named["user_id"], tid=played.tenant_id)
    with Api(stack.api_url) as nobody, Api(stack.api_url, token) as forger:
        yield {
            "another tenant": [(others.owner, unseen)],
            "lacking permission": [(consumer, forbidden)],
            "without token": [(nobody, unknown), (forger, disbelieved)],
        }


def unseen(reply, path, played):
    if "{" in path and "{flag}" not in path.replace("{tenant_id}", ""):
        nothing = reply.status_code == 200 and reply.json() == EMPTY  # a list under what they do not have
        assert nothing or reply.status_code in {403, 404}, reply.text
    for secret in (played.tenant_id, *played.ids, *played.ids.values()):
        assert secret not in reply.text


def forbidden(reply, _path, _played):
    assert (reply.status_code, reply.json()["code"]) == (403, "permission_required"), reply.text


def unknown(reply, _path, _played):
    assert reply.status_code == 401


def disbelieved(reply, _path, _played):
    assert (reply.status_code, reply.headers["content-type"]) == (401, "application/problem+json")


@pytest.mark.parametrize("caller, method, path, operation", list(attempts()))
def test_a_route_gives_nothing_to(caller, method, path, operation, strangers, named, played):
    for api, check in strangers[caller]:
        check(send(api, method, path, operation, named), path, played)


def test_there_are_routes():
    assert len(list(operations())) > 70
