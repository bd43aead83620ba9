"""The account that a supplier is paid to, opened with Stripe."""

import json
from contextlib import contextmanager

import boto3
import pytest

from support.commerce.fake_stripe import SECRET
from support.commerce.suppliers import done, open_payout_account, sign_up
from support.dynamodb import stored_events, stored_items
from support.faulty_client import lost
from support.faulty_servers import hang_up, reply, serving
from support.identity.sign_in import failing as table_failing
from support.spec import TENANT

ACCOUNT = json.dumps({"id": "acct_1", "object": "account"}).encode()


LINK = json.dumps(
    {"object": "account_link", "url": "https://connect.example/1", "expires_at": 1772366700}
).encode()


REFUSAL = json.dumps({"error": {"type": "invalid_request_error", "message": "no"}}).encode()


@pytest.fixture
def stripe(monkeypatch, table):
    """Stripe on loopback, with answers in turn; it is tried once."""
    secret = boto3.client("secretsmanager").create_secret(Name="stripe", SecretString=json.dumps(SECRET))
    monkeypatch.setenv("STRIPE_SECRET_ARN", secret["ARN"])
    monkeypatch.setattr("troupe.stripe.client.RETRIES", 0)

    @contextmanager
    def answering(*script):
        with serving(*script) as server:
            monkeypatch.setenv("STRIPE_URL", f"http://127.0.0.1:{server.server_port}")
            yield server

    return answering


def ok(body):
    return reply(200, body, content_type="application/json")


def keys_used(server, path):
    return [headers.get("Idempotency-Key") for _, at, headers, _ in server.seen if at == path]


class TestThePayoutAccount:
    """open_payout_account"""

    def test_it_is_opened_and_the_rest_is_for_stripe_to_ask(self, seller, stripe):
        with stripe(ok(ACCOUNT), ok(LINK), ok(LINK)) as server:
            first = done(open_payout_account(seller.path, **seller.by))
            again = done(open_payout_account(seller.path, **seller.by))
        assert first.body["url"] == "https://connect.example/1"
        assert first.body["expires_at"] == "2026-03-01T12:05:00.000000Z"
        assert again.body["version"] == first.body["version"]
        assert seller.state().payout_account.stripe_account_id == "acct_1"
        paths = [path for _, path, _, _ in server.seen]
        assert paths == ["/v1/accounts", "/v1/account_links", "/v1/account_links"]
        body = server.seen[0][3].decode()
        assert f"metadata[tenant_id]={TENANT}" in body
        assert f"metadata[supplier_id]={seller.id}" in body

    @pytest.mark.parametrize(
        "fault", [hang_up, reply(500), reply(429), reply(409)], ids=["lost", "500", "429", "409"]
    )
    def test_an_unknown_outcome_is_asked_for_again_with_the_same_key(self, seller, stripe, fault):
        before = stored_items()
        with stripe(fault, ok(ACCOUNT), ok(LINK)) as server:
            down = open_payout_account(seller.path, **seller.by)
            assert (down.status, down.body["code"]) == (503, "unavailable")
            assert stored_items() == before
            done(open_payout_account(seller.path, **seller.by))
        first, second = keys_used(server, "/v1/accounts")
        assert first == second == f"{TENANT}/{seller.id}/payout_account_DE"

    def test_a_link_that_fails_leaves_the_account_and_is_asked_for_again(self, seller, stripe):
        with stripe(ok(ACCOUNT), hang_up, ok(LINK)) as server:
            assert open_payout_account(seller.path, **seller.by).status == 503
            assert seller.state().payout_account.stripe_account_id == "acct_1"
            done(open_payout_account(seller.path, **seller.by))
        assert [path for _, path, _, _ in server.seen].count("/v1/accounts") == 1

    def test_an_answer_of_the_table_that_is_lost_opens_no_second_one(self, seller, stripe):
        with stripe(ok(ACCOUNT), ok(LINK)), table_failing(lost):
            done(open_payout_account(seller.path, **seller.by))
        assert [each.type for each in stored_events("supplier.payout_account_opened")] == [
            "supplier.payout_account_opened"
        ]

    def test_stripe_says_no(self, seller, stripe):
        before = stored_items()
        with stripe(reply(400, REFUSAL)):
            refused = open_payout_account(seller.path, **seller.by)
        assert (refused.status, refused.body["code"]) == (409, "payout_account_refused")
        assert stored_items() == before

    def test_an_unverified_supplier_gets_no_payout_account(self, shop, stripe):
        fresh = sign_up(email="new@bakery.example")
        with stripe(ok(ACCOUNT)) as server:
            refused = open_payout_account(fresh.path, **fresh.by)
        assert refused.body["code"] == "supplier_not_verified"
        assert server.seen == []
