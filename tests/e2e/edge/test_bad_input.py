"""Bad input that the gateway lets through: each gets a clear problem, and nothing is written."""

import base64
import json
from dataclasses import replace
from datetime import timedelta

import pytest

from demo.api import Api
from troupe.clock import now
from troupe.security.secrets import SigningKeys
from troupe.security.tokens import issue_access, read_access

PATH = "/v1/identity/organizations"
ACCESS_LASTS = timedelta(minutes=15)
DEEP = b'{"settings": ' + b'{"a":' * 5_000 + b"1" + b"}" * 5_000 + b"}"


@pytest.fixture(scope="module")
def town(found):
    town = found("bad-input")
    town.owner.post("/organizations", {"name": "Second"}, 201)
    return town


@pytest.fixture(scope="module")
def rival(found):
    rival = found("bad-rival")
    rival.owner.post("/organizations", {"name": "Second"}, 201)
    return rival


def written(backstage, town):
    """All that there is of a tenant but the counts of its calls."""
    counts = ("#TALLY#USAGE#api_calls", "#TALLY#RATE#")
    return {
        key: item
        for key, item in backstage.items(f"{town.tenant_id}#").items()
        if not any(each in key.pk for each in counts)
    }


@pytest.fixture(scope="module", autouse=True)
def before(backstage, town):
    return written(backstage, town)


def problem(answer, status, code):
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), (
        answer.text
    )
    said = answer.json()
    assert (said["status"], said["code"], said["type"]) == (status, code, f"/docs/errors#{code}")
    assert said["detail"]
    assert "Traceback" not in answer.text
    return said


@pytest.mark.parametrize(
    "body, status, code",
    [
        (b'{"name":', 400, "malformed_json"),
        (b"name=Studio", 400, "malformed_json"),
        (b'{"name": "\\ud800"}', 422, "invalid_request"),
        (b'{"name": NaN}', 400, "malformed_json"),
        (b'{"name": "Studio", "name": "Other"}', 400, "malformed_json"),
        (b"\xff\xfe{}", 400, "malformed_json"),
        (DEEP, 400, "malformed_json"),
        (b"null", 422, "invalid_request"),
        (b'[{"name": "Studio"}]', 422, "invalid_request"),
        (b"", 422, "invalid_request"),
        (json.dumps({"name": "x" * 70_000}).encode(), 413, "request_too_large"),
        (b" " * 70_000 + b'{"name": "Studio"}', 413, "request_too_large"),
    ],
    ids=lambda value: repr(value[:20]) if isinstance(value, bytes) else str(value),
)
def test_a_body_that_is_none(town, body, status, code):
    headers = {"content-type": "application/json"}
    problem(town.owner.http.post(PATH, content=body, headers=headers), status, code)


@pytest.mark.parametrize("kind", ["application/octet-stream", "text/plain", "application/xml"])
def test_a_body_of_another_content_type(town, kind):
    """The gateway passes some of them on as base64."""
    headers = {"content-type": kind}
    problem(
        town.owner.http.post(PATH, content=b'{"name": "S"}', headers=headers), 415, "unsupported_media_type"
    )


@pytest.mark.parametrize(
    "body, field, code",
    [
        ({"name": 1}, "name", "string_type"),
        ({"name": ["Studio"]}, "name", "string_type"),
        ({"name": "  "}, "name", "string_too_short"),
        ({"name": "x" * 121}, "name", "string_too_long"),
        ({}, "name", "missing"),
        ({"name": "Studio", "settings": "none"}, "settings", "dict_type"),
        ({"name": "Studio", "settings": {"a": "x" * 9_000}}, "settings", "value_error"),
        ({"name": "Studio", "tenant_id": "other"}, "tenant_id", "extra_forbidden"),
        ({"name": "Studio", "version": 7}, "version", "extra_forbidden"),
    ],
)
def test_a_field_that_is_wrong_is_named(town, body, field, code):
    said = problem(town.owner.http.post(PATH, json=body), 422, "invalid_request")
    assert [(error["field"], error["code"]) for error in said["errors"]] == [(field, code)]


@pytest.mark.parametrize(
    "name, value, code",
    [
        ("if-match", "x", "malformed_header"),
        ("if-match", '"1", "2"', "malformed_header"),
        ("if-match", "9" * 5000, "malformed_header"),
        ("idempotency-key", "x" * 129, "malformed_header"),
        ("x-correlation-id", "x" * 6000, "malformed_header"),
    ],
)
def test_a_header_that_cannot_be_read(town, name, value, code):
    problem(town.owner.http.post(PATH, json={"name": "Studio"}, headers={name: value}), 400, code)


@pytest.mark.parametrize(
    "query, field",
    [("limit=0", "limit"), ("limit=101", "limit"), ("limit=ten", "limit"), ("sort=name", "sort")],
)
def test_a_query_that_is_wrong(town, query, field):
    said = problem(town.owner.http.get(f"{PATH}?{query}"), 422, "invalid_request")
    assert [error["field"] for error in said["errors"]] == [field]


def test_a_cursor_is_good_for_one_list_of_one_tenant(town, rival):
    own, theirs = (each.owner.get("/organizations", limit=1)["cursor"] for each in (town, rival))
    assert len(town.owner.get("/organizations", cursor=own)["items"]) == 1
    forged = own[:-2] + ("AA" if own[-2:] != "AA" else "BB")
    kid, _, body = own.partition(".")
    assert town.tenant_id.encode() not in base64.urlsafe_b64decode(body + "=" * (-len(body) % 4))
    changed = f"{kid}.{body[:24]}{'A' if body[24] != 'A' else 'B'}{body[25:]}"
    for cursor in (theirs, forged, changed, f"2.{body}", "x", "a.b", "é", "x" * 5_000):
        problem(town.owner.http.get(PATH, params={"cursor": cursor}), 400, "foreign_cursor")
    owner = town.owner.get("/me")["id"]
    history = f"/v1/identity/history/user/{owner}"
    problem(town.owner.http.get(history, params={"cursor": own}), 400, "foreign_cursor")


@pytest.mark.parametrize("name", ["a%23b", "%F0%9F%98%80", "%00", "%25", "x" * 300, "@", "STATE", "%20"])
@pytest.mark.parametrize("path", ["users/{}/card", "organizations/{}", "tenants/{}", "history/user/{}"])
def test_a_name_that_nothing_has(town, path, name):
    problem(town.owner.http.get(f"/v1/identity/{path.format(name)}"), 404, "not_found")


@pytest.fixture(scope="module")
def access(stack, backstage, town, rival):
    """Makes access tokens with the stack's own key: of the owner, as they should not be."""
    secret = stack.client("secretsmanager").get_secret_value(SecretId=backstage.physical("SigningKeys"))
    document = json.loads(secret["SecretString"])
    keyring = SigningKeys(
        current=document["current"], keys={name: key for name, key in document.items() if name != "current"}
    )
    good = read_access(town.owner.token, keyring, now())
    return lambda at=None, **wrong: issue_access(replace(good, **wrong), keyring, at or now())


def ask(stack, token):
    with Api(stack.api_url, token) as api:
        return api.http.get("/v1/identity/me")


def test_an_expired_token_and_a_foreign_one(stack, town, rival, access):
    assert ask(stack, access()).status_code == 200
    problem(ask(stack, access(now() - ACCESS_LASTS)), 401, "token_expired")
    problem(ask(stack, access(tenant_id=rival.tenant_id)), 401, "principal_unknown")
    problem(ask(stack, access(tenant_id="@")), 401, "principal_unknown")
    problem(ask(stack, access(kind="operator")), 401, "principal_unknown")
    problem(ask(stack, access(tenant_id="@", kind="operator")), 401, "principal_unknown")
    problem(ask(stack, access(epoch=-1)), 401, "session_ended")


def test_a_token_that_is_none(stack, town):
    head, body, mac = town.owner.token.split(".")
    bare = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT","kid":"1"}').decode().rstrip("=")
    for token in (f"{bare}.{body}.", f"{bare}.{body}.{mac}", f"{head}.{body}.{mac[:-2]}AA", "x", "a.b.c"):
        answer = ask(stack, token)
        problem(answer, 401, "token_invalid")
        assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8"])
def test_text_beyond_ascii_is_kept(rival, kind):
    answer = rival.owner.http.post(PATH, content='{"name": "Größe"}', headers={"content-type": kind})
    assert answer.status_code == 201, answer.text
    made = [each["name"] for each in rival.owner.all("/organizations")]
    assert made[-1] == "Größe"


def test_a_body_of_another_type(rival):
    headers = {"content-type": "application/octet-stream"}
    answer = rival.owner.http.post(PATH, content='{"name": "Studio"}', headers=headers)
    problem(answer, 415, "unsupported_media_type")


def test_a_key_that_was_used_for_another_request(rival):
    send = [
        rival.owner.http.post(PATH, json={"name": name}, headers={"idempotency-key": "bad-input"})
        for name in ("Only", "Another")
    ]
    assert send[0].status_code == 201
    problem(send[1], 422, "idempotency_key_reused")
    assert "Another" not in [each["name"] for each in rival.owner.all("/organizations")]


def test_nothing_was_written(backstage, town, before):
    assert written(backstage, town) == before
