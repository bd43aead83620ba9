"""The pages that mails link to: each is served, may run its own script alone, and posts to an operation that exists."""

import json
import re
from base64 import b64decode

import pytest

from commerce.supplier import email_links
from identity.verification import links
from local.places import REPOSITORY
from root.documents import LINKS, handler
from support.spec import LAMBDA

SERVED = REPOSITORY / "functions/root/src/root/served"
SCRIPT = (SERVED / "link.js").read_text(encoding="utf-8")
PAGE = (SERVED / "link.html").read_text(encoding="utf-8")
OPERATIONS = json.loads((SERVED / "openapi.json").read_text(encoding="utf-8"))
ENTRY = re.compile(r'^  "(?P<name>[\w-]+)": \{(?P<said>.*?)^  \},', re.MULTILINE | re.DOTALL)
SAID = {entry["name"]: entry["said"] for entry in ENTRY.finditer(SCRIPT)}
CONSTANT = re.search(r'const VERIFY = "([^"]+)"', SCRIPT)


def get(path, **headers):
    return handler({"routeKey": f"GET {path}", "headers": headers}, LAMBDA)


def operation(name):
    """The operation that the page posts to, as openapi.yaml has it."""
    found = re.search(r'to: (?:VERIFY|"([^"]+)")', SAID[name])
    assert found
    assert CONSTANT
    return OPERATIONS["paths"][f"/{found[1] or CONSTANT[1]}"]["post"]


def fields(name):
    schema = operation(name)["requestBody"]["content"]["application/json"]["schema"]
    if "$ref" in schema:
        schema = OPERATIONS["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return set(schema["properties"]), set(schema["required"])


def test_every_link_of_a_mail_leads_to_a_page_and_every_page_has_its_words():
    linked = {*links._PAGES.values(), email_links._PAGE}
    assert linked == set(LINKS) == set(SAID)


@pytest.mark.parametrize("name", LINKS)
def test_the_page_is_served_and_may_run_its_own_script_alone(name):
    response = get(f"/{name}")
    assert (response["statusCode"], b64decode(response["body"]).decode()) == (200, PAGE)
    headers = response["headers"]
    assert headers["content-type"].startswith("text/html")
    policy = headers["content-security-policy"]
    for part in ("default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy
    assert headers["referrer-policy"] == "no-referrer"


def test_nothing_is_inline_and_nothing_comes_from_elsewhere():
    assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=|javascript:", PAGE)
    for address in re.findall(r'(?:src|href)="([^"]+)"', PAGE):
        assert get("/docs/{asset}")["statusCode"] == 404
        asset = {"routeKey": "GET /docs/{asset}", "pathParameters": {"asset": address.removeprefix("docs/")}}
        assert handler(asset, LAMBDA)["statusCode"] == 200


@pytest.mark.parametrize("name", LINKS)
def test_what_the_page_sends_is_what_the_operation_takes(name):
    sends = {"token", "password"} if "password: true" in SAID[name] else {"token"}
    known, required = fields(name)
    assert required <= sends <= known
    assert operation(name)["security"] == []


def test_the_token_stays_in_the_page():
    assert "history.replaceState" in SCRIPT
    for kept in ("localStorage", "sessionStorage", "cookie", "innerHTML", "document.write", "console."):
        assert kept not in SCRIPT
