"""Stripe's real client against a server on loopback that answers as Stripe does."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace

import boto3
import pytest

from troupe.aws.deadline import OutOfTime, within
from troupe.security import secrets
from troupe.stripe import client as stripe_client
from troupe.stripe.client import Declined, Misused, RetryLater, UnknownOutcome, call, idempotency_key

KEY = idempotency_key("@", "refund-1", 1)


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        self.rfile.read(int(self.headers["content-length"]))
        self.server.seen.append(self.headers)
        status, body = self.server.answers.pop(0) if len(self.server.answers) > 1 else self.server.answers[0]
        if status is None:  # the response is lost
            self.close_connection = True
            return
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(text)))
        self.send_header("stripe-should-retry", "false" if status < 500 else "true")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.seen, server.answers = [], [(200, {"id": "re_1", "object": "refund"})]
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def configured(aws, server, monkeypatch):
    monkeypatch.setattr("stripe._http_client.HTTPClient.INITIAL_DELAY", 0.01)
    client = boto3.client("secretsmanager")
    arn = client.create_secret(Name="stripe", SecretString=json.dumps({"api_key": "sk_test_1"}))["ARN"]
    monkeypatch.setenv("STRIPE_SECRET_ARN", arn)
    monkeypatch.setenv("STRIPE_URL", f"http://127.0.0.1:{server.server_port}")
    yield SimpleNamespace(arn=arn, client=client)
    stripe_client._client.cache_clear()


def refund():
    return call(lambda client: client.v1.refunds.create({"charge": "ch_1"}, {"idempotency_key": KEY}))


def error(kind, **more):
    return {"error": {"type": kind, "message": "m", **more}}


LOST = (None, None)
DONE = (200, {"id": "re_1", "object": "refund"})


def test_our_key_and_theirs(server):
    assert refund().id == "re_1"
    (seen,) = server.seen
    assert (seen["Authorization"], seen["Idempotency-Key"]) == ("Bearer sk_test_1", KEY)


@pytest.mark.parametrize("fault", [LOST, (500, error("api_error")), (503, error("api_error"))])
def test_what_may_have_been_done_is_asked_again_with_the_same_key(server, fault):
    server.answers = [fault, fault, DONE]
    assert refund().id == "re_1"
    assert [seen["Idempotency-Key"] for seen in server.seen] == [KEY] * 3


@pytest.mark.parametrize(
    ("answer", "expected", "calls"),
    [
        (LOST, UnknownOutcome, 3),
        ((500, error("api_error")), UnknownOutcome, 3),
        ((402, error("card_error", code="card_declined", decline_code="do_not_honor")), Declined, 1),
        ((409, error("idempotency_error", code="idempotency_key_in_use")), RetryLater, 1),
        ((429, error("invalid_request_error", code="lock_timeout")), RetryLater, 1),
        ((400, error("invalid_request_error", code="charge_already_refunded")), Misused, 1),
        ((400, error("idempotency_error")), Misused, 1),
        ((401, error("invalid_request_error")), Misused, 1),
        ((403, error("invalid_request_error")), Misused, 1),
        ((404, error("invalid_request_error", code="resource_missing")), Misused, 1),
    ],
)
def test_what_its_answers_come_down_to(server, answer, expected, calls):
    server.answers = [answer]
    with pytest.raises(expected):
        refund()
    assert len(server.seen) == calls


def test_a_decline_brings_its_codes(server):
    server.answers = [(402, error("card_error", code="card_declined", decline_code="do_not_honor"))]
    with pytest.raises(Declined) as declined:
        refund()
    assert (declined.value.code, declined.value.decline_code) == ("card_declined", "do_not_honor")


def test_the_server_is_unreachable(monkeypatch):
    monkeypatch.setenv("STRIPE_URL", "http://127.0.0.1:1")
    with pytest.raises(UnknownOutcome):
        refund()


def test_a_fault_of_ours_is_not_stripes():
    with pytest.raises(ZeroDivisionError):
        call(lambda _: 1 / 0)


def test_a_new_key_of_the_api_is_taken_when_the_secret_is_read_again(server, configured):
    refund()
    configured.client.put_secret_value(
        SecretId=configured.arn, SecretString=json.dumps({"api_key": "sk_test_2"})
    )
    secrets.forget()
    refund()
    assert [seen["Authorization"] for seen in server.seen] == ["Bearer sk_test_1", "Bearer sk_test_2"]


def test_without_an_address_it_is_stripe_itself(monkeypatch):
    monkeypatch.delenv("STRIPE_URL")
    assert call(lambda client: client._requestor.base_addresses["api"]) == "https://api.stripe.com"


class TestTimeLeft:
    """Behind a gateway that waits thirty seconds."""

    def within(self, seconds):
        return within(SimpleNamespace(get_remaining_time_in_millis=lambda: seconds * 1000))

    def test_without_time_nothing_is_sent(self, server):
        with self.within(5), pytest.raises(OutOfTime):
            refund()
        assert server.seen == []

    def test_late_in_the_invocation_nothing_is_repeated(self, server):
        server.answers = [LOST, DONE]
        with self.within(7), pytest.raises(UnknownOutcome):
            refund()
        assert len(server.seen) == 1

    def test_with_time_left_it_is(self, server):
        server.answers = [LOST, DONE]
        with self.within(29):
            assert refund().id == "re_1"
        assert len(server.seen) == 2
