"""Stripe's OAuth calls: a code becomes a connection, and a connection ends. No token is kept.

Later calls are made with the platform's key and the `Stripe-Account` header, so the access token that comes
with a connection is of no use, and is forgotten here.
"""

import os
from typing import NamedTuple

from troupe.domain.decider import Invalid
from troupe.security.secrets import secret
from troupe.stripe.client import Misused, call


class Connection(NamedTuple):
    stripe_account_id: str
    livemode: bool
    scopes: tuple[str, ...]


def exchange(code: str) -> Connection:
    """Exchange a code, once: an exchange that is repeated revokes the first.

    Raises `authorization_refused` for a code that is not good (any more), else `PaymentFailed`.
    """
    try:
        given = call(
            lambda client: client.oauth.token(
                {"grant_type": "authorization_code", "code": code}, {"max_network_retries": 0}
            )
        )
    except Misused as failed:
        from stripe import oauth_error  # noqa: PLC0415 -- loaded by the call that failed

        if isinstance(failed.__cause__, oauth_error.InvalidGrantError):
            detail = "Stripe does not take the code: it is too old, was used, or is another platform's."
            raise Invalid("authorization_refused", detail, "code") from failed
        raise
    return Connection(
        stripe_account_id=given["stripe_user_id"],
        livemode=given["livemode"],
        scopes=tuple((given["scope"] or "").split()),
    )


def deauthorize(stripe_account_id: str) -> None:
    """End a connection at Stripe. One that is not there is ended.

    Stripe says `invalid_client` where the account is not connected to the platform
    (https://docs.stripe.com/connect/oauth-reference#post-deauthorize-error-codes).
    """
    client_id = secret(os.environ["STRIPE_SECRET_ARN"])["client_id"]
    try:
        call(
            lambda client: client.oauth.deauthorize(
                {"client_id": client_id, "stripe_user_id": stripe_account_id}
            )
        )
    except Misused as failed:
        from stripe import oauth_error  # noqa: PLC0415 -- loaded by the call that failed

        if not isinstance(failed.__cause__, oauth_error.InvalidClientError):
            raise
