"""Stripe: its client, our idempotency keys, and what its many exceptions come down to.

A caller needs to know one thing of a failure: is nothing done, is it refused, or is it unknown?
"""

import os
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from troupe.aws import deadline
from troupe.security.secrets import secret
from troupe.store import keys
from troupe.store.table import Unavailable

if TYPE_CHECKING:
    import stripe

RETRIES = 2  # by Stripe's library, with the same idempotency key: lost connection, 409, 5xx
CONNECT_SECONDS, READ_SECONDS = 3.0, 20.0
SHORTEST_SECONDS = 1.0  # of an attempt
RECORD_SECONDS = 4.0  # that are left to write down what came of it
LATEST_RETRY_SECONDS = RECORD_SECONDS + 3.0
LONGEST_KEY = 255  # https://docs.stripe.com/api/idempotent_requests


class PaymentFailed(Exception):  # noqa: N818 -- the root of what can come of a call
    """Stripe did not do what was asked, or did not say so. `code` and `request_id` are Stripe's."""

    def __init__(self, failed: "stripe.StripeError") -> None:
        super().__init__(f"{type(failed).__name__} {failed.code or ''}".strip())
        self.code = failed.code
        self.request_id = failed.request_id


class Declined(PaymentFailed):
    """The issuer or the bank said no: nothing was charged. The codes tell whether to try again makes sense.

    https://docs.stripe.com/declines/codes
    """

    def __init__(self, failed: "stripe.StripeError") -> None:
        super().__init__(failed)
        self.decline_code: str | None = getattr(failed.error, "decline_code", None)
        self.advice_code: str | None = getattr(failed.error, "advice_code", None)


class RetryLater(PaymentFailed, Unavailable):
    """Nothing was done. The same call with the same key may be made again, after `after_seconds` if given."""

    def __init__(self, failed: "stripe.StripeError") -> None:
        super().__init__(failed)
        after = (failed.headers or {}).get("retry-after", "")
        self.after_seconds = int(after) if after.isdecimal() else None
        self.retry_after = self.after_seconds or self.retry_after


class Misused(PaymentFailed):
    """The call is wrong, not allowed, or does not fit the state of things there. Repeating it is no use."""


class UnknownOutcome(PaymentFailed, Unavailable):
    """It may have been done. Make the same call with the same key, or look what is there; take no new key."""


# By the name of its exception, so that its library is not loaded before a call is made.
MEANING: Mapping[str, type[PaymentFailed]] = {
    "CardError": Declined,
    "InsufficientFundsError": Declined,
    "RateLimitError": RetryLater,
    "TemporarySessionExpiredError": RetryLater,
    "APIConnectionError": UnknownOutcome,
    "APIError": UnknownOutcome,  # but for a conflict, see below
    "StripeError": UnknownOutcome,
    **dict.fromkeys(
        (
            "AlreadyCanceledError",
            "AuthenticationError",
            "BlockedByStripeError",
            "CannotProceedError",
            "CapabilityNotEnabledError",
            "ControlledByAlternateResourceError",
            "FeatureNotEnabledError",
            "FinancialAccountNotOpenError",
            "FxQuoteNeedsRefreshError",
            "IdempotencyError",
            "InvalidPaymentMethodError",
            "InvalidPayoutMethodError",
            "InvalidVaultedCredentialError",
            "NotCancelableError",
            "PermissionError",
            "QuotaExceededError",
            "RecipientNotNotifiableError",
            "SignatureVerificationError",
            "VerificationAttemptFailedError",
            "VerificationExpiredError",
            "VerificationNotInitiatedError",
            "OAuthError",
            "InvalidClientError",
            "InvalidGrantError",
            "InvalidRequestError",
            "InvalidScopeError",
            "UnsupportedGrantTypeError",
            "UnsupportedResponseTypeError",
        ),
        Misused,
    ),
}


def meaning(failed: "stripe.StripeError") -> PaymentFailed:
    """What an exception of Stripe's library comes down to; one that is not known is an unknown outcome."""
    if failed.http_status == 409:  # noqa: PLR2004 -- conflict: another call with the same key is under way
        return RetryLater(failed)
    return MEANING.get(type(failed).__name__, UnknownOutcome)(failed)


def call[T](work: "Callable[[stripe.StripeClient], T]") -> T:
    """Call Stripe: `call(lambda client: client.v1.refunds.create({...}, {"idempotency_key": key}))`.

    The API key is `api_key` of the JSON secret STRIPE_SECRET_ARN; STRIPE_URL, if set, is where the API is.
    With all its repetitions it ends before the invocation does. Raises `PaymentFailed`; `SecretUnavailable`;
    `OutOfTime`, when nothing was sent.
    """
    import stripe  # noqa: PLC0415 -- 200 modules, for functions that call Stripe alone

    client = _client(secret(os.environ["STRIPE_SECRET_ARN"])["api_key"], os.environ.get("STRIPE_URL", ""))
    deadline.enough(SHORTEST_SECONDS + RECORD_SECONDS)
    try:
        return work(client)
    except stripe.StripeError as failed:
        raise meaning(failed) from failed


def timeout(left: float | None) -> tuple[float, float]:
    """Seconds to connect and to read, of an attempt that is made when so many are left."""
    if left is None:
        return CONNECT_SECONDS, READ_SECONDS
    whole = max(SHORTEST_SECONDS, left - RECORD_SECONDS)
    connect = min(CONNECT_SECONDS, whole / 3)
    return connect, min(READ_SECONDS, whole - connect)


def idempotency_key(tenant_id: str, aggregate: str, attempt: str | int) -> str:
    """`{tenant}/{aggregate}/{attempt}`: the same for every repetition of one attempt, and never of another.

    ValueError for a part that is empty or has a slash, and beyond 255 characters.
    """
    parts = (keys.tenant(tenant_id), aggregate, str(attempt))
    key = "/".join(parts)
    if not all(parts) or key.count("/") != len(parts) - 1 or len(key) > LONGEST_KEY:
        raise ValueError("the parts of an idempotency key are neither empty nor long, and have no slash")
    return key


@lru_cache(maxsize=4)
def _client(api_key: str, url: str) -> "stripe.StripeClient":
    import stripe  # noqa: PLC0415 -- 200 modules, for functions that call Stripe alone

    class InTime(stripe.RequestsClient):
        """Each attempt takes what the invocation has left, and there is none where that is nothing."""

        def _request_internal(self, *given: Any, **named: Any) -> Any:
            self._timeout = timeout(deadline.seconds_left())
            return super()._request_internal(*given, **named)

        def _should_retry(self, *given: Any, **named: Any) -> bool:
            left = deadline.seconds_left()
            in_time = left is None or left > LATEST_RETRY_SECONDS
            return in_time and super()._should_retry(*given, **named)

    return stripe.StripeClient(
        api_key,
        base_addresses={"api": url, "connect": url, "files": url, "meter_events": url} if url else {},
        max_network_retries=RETRIES,
        http_client=InTime(),
    )
