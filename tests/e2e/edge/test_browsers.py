"""A page on another origin signs in and reads: what a browser sends, with its preflights."""

import httpx
import pytest

ORIGIN = "http://localhost:3000"  # as samconfig.toml has it for the local stack
CONTEXTS = ("identity", "commerce", "community", "recovery", "talent")


@pytest.fixture
def browser(stack):
    with httpx.Client(base_url=stack.api_url, headers={"Origin": ORIGIN}, timeout=60) as client:
        yield client


def preflight(browser, path, method, headers, **more):
    asked = {"Access-Control-Request-Method": method, "Access-Control-Request-Headers": headers}
    return browser.options(path, headers={**asked, **more})


def listed(answer, name):
    return {each.strip().lower() for each in answer.headers[name].split(",")}


@pytest.mark.parametrize("context", CONTEXTS)
def test_a_preflight_is_answered(browser, context):
    answer = preflight(browser, f"/v1/{context}/anything", "PATCH", "authorization,if-match")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "patch" in listed(answer, "access-control-allow-methods")
    assert listed(answer, "access-control-allow-headers") >= {"authorization", "idempotency-key", "if-match"}
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("context", CONTEXTS)
def test_another_origin_is_told_nothing(browser, context):
    origin = "http://localhost:3000.example.com"
    answer = preflight(browser, f"/v1/{context}/anything", "GET", "authorization", Origin=origin)
    assert "access-control-allow-origin" not in answer.headers


def test_a_page_signs_in_and_reads(browser, stack, others):
    asked = {"email": stack.operator.email, "password": stack.operator.password}
    answer = browser.post("/v1/identity/sessions", json=asked)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    token = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    tenant = browser.get(f"/v1/identity/tenants/{others.tenant_id}", headers=token)
    assert tenant.status_code == 200, tenant.text
    assert listed(tenant, "access-control-expose-headers") >= {
        "etag",
        "location",
        "retry-after",
        "x-request-id",
    }
    assert "origin" in listed(tenant, "vary")


def test_a_page_can_read_a_problem(browser):
    answer = browser.get("/v1/identity/me", headers={"Authorization": "Bearer forged"})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")
    assert answer.headers["access-control-allow-origin"] == ORIGIN
