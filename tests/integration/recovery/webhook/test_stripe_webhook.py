"""POST /v1/recovery/webhooks/stripe (stripe_webhook): what is stored, and what is refused without a trace."""

import gzip
import json
import random
import time

import boto3
import pytest

from recovery.webhook.body import DEFLATED, LARGEST_BODY, unpacked
from recovery.webhook.stripe import SOURCE
from stripe_simulator.webhooks import raw, signature
from support.dynamodb import round_trips, stored_items
from support.faulty_client import throttle, unsent
from support.identity.sign_in import failing
from support.recorded_payloads import STRIPE, needs_webhooks
from support.recovery.stripe_account_world import StripeAccountWorld
from support.recovery.tenant import STRIPE_SECRET
from support.recovery.webhook_delivery import SECRET, posted
from troupe.messaging import inbox
from troupe.security import secrets
from troupe.store import keys, reads
from troupe.store.commit import ATTEMPTS

EVENT = {"id": "evt_1", "object": "event", "type": "invoice.paid", "account": "acct_1", "livemode": True}
BODY = json.dumps({**EVENT, "data": {"object": {"id": "in_1", "customer": "cus_1"}}}).encode()


@pytest.fixture(autouse=True)
def secret(table, monkeypatch):
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name="stripe", SecretString=json.dumps(STRIPE_SECRET))["ARN"]
    monkeypatch.setenv("STRIPE_SECRET_ARN", arn)

    def rotate(*webhook_secrets):
        document = STRIPE_SECRET | {"connect_webhook_secrets": list(webhook_secrets)}
        client.put_secret_value(SecretId=arn, SecretString=json.dumps(document))

    return rotate


def stored(event_id="evt_1"):
    return reads.one(keys.inbox(SOURCE, event_id))


def refused(status, code, body=BODY, **how):
    reply = posted(body, **how)
    assert (reply.status, reply.body["code"]) == (status, code)
    assert stored_items() == []
    return reply


class TestTaken:
    def test_stored_once_with_one_write(self):
        with round_trips() as made:
            reply = posted(BODY)
        assert (reply.status, reply.body) == (200, {"received": True})
        assert made == ["PutItem"]
        item = stored()
        assert gzip.decompress(item["body"]) == BODY
        assert item["group"] == "acct_1:in_1"
        assert "ignored" not in item
        assert "GSI2PK" in item

    def test_again_is_200_and_changes_nothing(self):
        posted(BODY)
        before = stored_items()
        assert posted(BODY).status == 200
        assert stored_items() == before

    def test_a_body_that_the_gateway_encoded(self):
        assert posted(BODY, encoded=True).status == 200
        assert gzip.decompress(stored()["body"]) == BODY

    @pytest.mark.parametrize(
        ("event", "why"),
        [
            ({"account": None}, "platform_event"),
            ({"account": {"id": "acct_1"}}, "platform_event"),
            ({"type": "customer.tax_id.created"}, "uninteresting_type"),
            ({"type": "invoice.unheard_of"}, "uninteresting_type"),
        ],
    )
    def test_s_33_a_webhook_for_another_platform_is_stored_and_does_not_fall_due(self, event, why):
        assert posted(json.dumps(EVENT | event)).status == 200
        assert stored()["ignored"] == why
        assert "GSI2PK" not in stored()

    def test_a_large_event_is_stored_deflated_and_comes_out_as_it_came(self):
        lines = [{"id": f"il_{n}", "description": "line " * 20} for n in range(4_000)]
        body = json.dumps({**EVENT, "data": {"object": {"id": "in_1", "lines": {"data": lines}}}}).encode()
        assert 400_000 < len(body) < LARGEST_BODY
        assert posted(body).status == 200
        item = stored()
        assert item["headers"] == {"content-encoding": DEFLATED}
        assert len(item["body"]) < 100_000
        assert unpacked(inbox._webhook(item)) == body

    def test_any_object_in_the_event_is_taken(self):
        for number, thing in enumerate(({}, {"object": None}, {"object": [1]}, None, "text", 7)):
            assert posted(json.dumps(EVENT | {"id": f"evt_{number}", "data": thing})).status == 200


class TestRefused:
    def test_a_forged_signature(self):
        refused(400, "forged_signature", secrets=["whsec_of_somebody_else"])

    def test_s_85_a_body_that_was_written_anew_on_the_way(self):
        other = json.dumps(json.loads(BODY), indent=1)
        signed = signature(BODY, [SECRET], int(time.time()))
        refused(400, "forged_signature", other, headers={"stripe-signature": signed})

    @pytest.mark.parametrize("seconds", [-301, -86_400, 302])
    def test_s_85_a_signature_of_another_time(self, seconds):
        refused(400, "stale_signature", at=int(time.time()) + seconds)

    @pytest.mark.parametrize("seconds", [-295, 295])
    def test_s_85_within_five_minutes(self, seconds):
        assert posted(BODY, at=int(time.time()) + seconds).status == 200

    @pytest.mark.parametrize("given", ["", "t=1", "v1=00", "t=x,v1=00", "t=1,v1=é", "t=1," + "v1=0," * 2_000])
    def test_no_signature_at_all(self, given):
        refused(400, "malformed_signature", headers={"stripe-signature": given})

    def test_no_header(self):
        refused(400, "malformed_signature", headers={})

    @pytest.mark.parametrize("body", ["", "{", "nothing", "[" * 100_000])
    def test_no_json(self, body):
        refused(400, "malformed_json", body)

    def test_no_text(self):
        refused(400, "malformed_json", b"\xff\xfe", encoded=True)

    @pytest.mark.parametrize(
        "body", ["[]", "null", '"text"', "{}", '{"id": "evt_1"}', '{"id": 1, "type": "t"}']
    )
    def test_no_event(self, body):
        refused(400, "malformed_event", body)

    @pytest.mark.parametrize("event_id", ["evt 1", "evt#1", "x" * 121, "\ud800"])
    def test_an_id_that_is_none(self, event_id):
        refused(400, "malformed_event", json.dumps(EVENT | {"id": event_id}))

    def test_more_than_a_megabyte(self):
        refused(413, "request_too_large", b"x" * (LARGEST_BODY + 1))

    def test_less_that_cannot_be_stored_even_deflated(self):
        noise = random.Random(1).randbytes(450_000).hex()
        body = json.dumps(EVENT | {"data": {"object": {"id": "in_1", "noise": noise}}})
        refused(413, "request_too_large", body[:-2] + '"}}'[1:])

    def test_what_the_gateway_cannot_have_encoded(self):
        refused(400, "malformed_body", body=BODY, isBase64Encoded=True)


class TestRotation:
    def test_s_85_either_secret_while_there_are_two(self, secret):
        secret("whsec_new", SECRET)
        secrets.forget()
        assert posted(BODY, secrets=["whsec_new"]).status == 200
        assert posted(BODY, secrets=[SECRET]).status == 200
        assert posted(BODY, secrets=["whsec_old_one", "whsec_new"]).status == 200

    def test_s_85_then_the_old_one_is_none_any_more(self, secret):
        secret("whsec_new")
        secrets.forget()
        refused(400, "forged_signature", secrets=[SECRET])

    def test_a_new_secret_is_looked_up_when_nothing_else_fits(self, secret, monkeypatch):
        posted(BODY)
        secret("whsec_new", SECRET)
        monkeypatch.setattr("troupe.stripe.webhook.RENEWED_SECONDS", 0)
        assert posted(BODY, secrets=["whsec_new"]).status == 200

    @pytest.mark.parametrize("none", [[], [""], ["  "]])
    def test_without_a_secret_stripe_has_to_come_again(self, secret, none):
        secret(*none)
        secrets.forget()
        assert refused(503, "unavailable").headers["retry-after"]


class TestDown:
    def test_the_table_is_not_to_be_had(self, monkeypatch):
        monkeypatch.setattr("time.sleep", lambda _seconds: None)
        with failing(*[throttle] * ATTEMPTS, operation="put_item"):
            reply = posted(BODY)
        assert (reply.status, reply.body["code"]) == (503, "unavailable")
        assert stored() is None

    def test_what_was_lost_on_the_way_is_sent_again(self):
        with failing(unsent, operation="put_item"):
            assert posted(BODY).status == 503
        assert posted(BODY).status == 200
        assert stored()

    def test_the_secret_is_not_to_be_had(self, monkeypatch):
        monkeypatch.setenv("STRIPE_SECRET_ARN", "arn:aws:secretsmanager:eu-west-1:1:secret:gone")
        refused(503, "unavailable")


@needs_webhooks
def test_the_recordings_go_through_the_endpoint():
    files = sorted(STRIPE.glob("pay/*.json"))
    assert len(files) >= 20
    for file in files:
        data = json.loads(file.read_text())
        data = data if isinstance(data.get("object"), dict) else {"object": data}
        kind = file.stem.replace("subscription.", "customer.subscription.")
        event = EVENT | {"id": f"evt_{file.stem}", "type": kind, "data": data}
        assert posted(json.dumps(event)).status == 200
        assert stored(f"evt_{file.stem}")["group"].startswith("acct_1:")


def test_what_the_simulated_stripe_sends_is_taken_byte_for_byte():
    stripe = StripeAccountWorld()
    stripe.failed_renewal()
    for event in stripe.world.events:
        assert posted(raw(event)).status == 200
        item = stored(event.id)
        assert "ignored" in item or gzip.decompress(item["body"]) == raw(event)
