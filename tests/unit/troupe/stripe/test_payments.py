import pytest
import stripe
import stripe.oauth_error

from troupe.edge.problems import answered
from troupe.ids import new_id
from troupe.stripe.client import (
    MEANING,
    Declined,
    Misused,
    PaymentFailed,
    RetryLater,
    UnknownOutcome,
    idempotency_key,
    meaning,
)


def every(kind):
    return [kind, *(below for direct in kind.__subclasses__() for below in every(direct))]


def made(kind, **given):
    """One of that class, as the library makes it: some ask for more than a message."""
    required = {
        stripe.CardError: ("message", "param", "code"),
        stripe.InvalidRequestError: ("message", "param"),
        stripe.SignatureVerificationError: ("message", "header"),
    }
    if issubclass(kind, stripe.oauth_error.OAuthError):
        return kind("code", "description", **given)
    return kind(*required.get(kind, ("message",)), **given)


NEVER_RAISED = {stripe._error.StripeErrorWithParamCode}  # what two others are made from
FOREIGN = sorted(
    {*every(stripe.StripeError)} - NEVER_RAISED, key=lambda kind: f"{kind.__module__}.{kind.__name__}"
)


@pytest.mark.parametrize("kind", FOREIGN)
def test_every_exception_of_the_library_has_a_meaning(kind):
    assert kind.__name__ in MEANING, "a new version of the library raises this: decide what it comes down to"
    assert type(meaning(made(kind))) is MEANING[kind.__name__]


def test_the_meanings_are_four():
    assert (
        set(MEANING.values())
        == {Declined, RetryLater, Misused, UnknownOutcome}
        == set(PaymentFailed.__subclasses__())
    )


def test_no_meaning_is_left_of_a_class_that_is_gone():
    assert set(MEANING) == {kind.__name__ for kind in FOREIGN}


def test_a_class_that_is_not_known_is_an_unknown_outcome():
    class Unheard(stripe.InvalidRequestError):
        pass

    assert type(meaning(Unheard("message", "param"))) is UnknownOutcome


@pytest.mark.parametrize(
    ("status", "expected"),
    [(409, RetryLater), (424, UnknownOutcome), (500, UnknownOutcome), (503, UnknownOutcome)],
)
def test_what_an_api_error_means_is_told_by_its_status(status, expected):
    assert type(meaning(stripe.APIError("message", http_status=status))) is expected


def test_a_decline_tells_why():
    error = {
        "type": "card_error",
        "code": "card_declined",
        "decline_code": "insufficient_funds",
        "advice_code": "try_again_later",
    }
    failed = meaning(stripe.CardError("message", None, "card_declined", json_body={"error": error}))
    assert isinstance(failed, Declined)
    assert (failed.code, failed.decline_code, failed.advice_code) == (
        "card_declined",
        "insufficient_funds",
        "try_again_later",
    )


def test_a_decline_need_not_tell():
    failed = meaning(stripe.CardError("message", None, "expired_card"))
    assert isinstance(failed, Declined)
    assert (failed.decline_code, failed.advice_code) == (None, None)


@pytest.mark.parametrize(
    ("header", "seconds"), [({"retry-after": "7"}, 7), ({"retry-after": "soon"}, None), ({}, None)]
)
def test_when_to_try_again(header, seconds):
    failed = meaning(stripe.RateLimitError("message", headers=header))
    assert isinstance(failed, RetryLater)
    assert failed.after_seconds == seconds


def test_what_the_log_sees():
    failed = meaning(stripe.APIError("secret message", "secret body", 500, headers={"request-id": "req_1"}))
    assert (str(failed), failed.request_id) == ("APIError", "req_1")
    assert str(meaning(stripe.InvalidRequestError("secret", None, "resource_missing"))) == (
        "InvalidRequestError resource_missing"
    )


class TestIdempotencyKey:
    def test_form(self):
        tenant = new_id()
        assert idempotency_key(tenant, "payout-1", 2) == f"{tenant}/payout-1/2"
        assert idempotency_key("@", "payout-1", "first") == "@/payout-1/first"

    @pytest.mark.parametrize(
        ("tenant", "aggregate", "attempt"),
        [
            ("t1", "a", 1),
            ("@", "", 1),
            ("@", "a", ""),
            ("@", "a/b", 1),
            ("@", "a", "1/2"),
            ("@", "a" * 255, 1),
        ],
    )
    def test_what_could_be_another_ones(self, tenant, aggregate, attempt):
        with pytest.raises(ValueError, match=r"tenant|key"):
            idempotency_key(tenant, aggregate, attempt)


@pytest.mark.parametrize(
    "headers, after", [({"retry-after": "7"}, "7"), ({}, "1"), ({"retry-after": "x"}, "1")]
)
def test_what_may_be_asked_again_is_answered_as_not_to_be_had_just_now(headers, after):
    throttled = answered(meaning(stripe.RateLimitError("slow down", headers=headers)))
    assert (throttled.status, throttled.body["code"]) == (503, "unavailable")
    assert throttled.headers["retry-after"] == after


@pytest.mark.parametrize("kind", [stripe.APIConnectionError, stripe.APIError])
def test_so_is_what_is_not_known(kind):
    assert answered(meaning(kind("no answer"))).status == 503


@pytest.mark.parametrize("kind", [stripe.AuthenticationError, stripe.PermissionError])
def test_a_wrong_call_is_our_fault(kind):
    assert answered(meaning(kind("no such key"))).status == 500
