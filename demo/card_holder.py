"""A card holder at the local Stripe: does what a browser does for 3-D Secure."""

from typing import Any

import httpx

from demo.api import StoryError

GOOD, DECLINED = "pm_card_visa", "pm_card_chargeCustomerFail"
ASKS = "4000002500003155"  # https://docs.stripe.com/testing#authentication-and-setup
KEYS = {"secret": "sk_test_demo", "publishable": "pk_test_demo"}


def card_that_asks(stripe_url: str) -> str:
    """A payment method of which the bank wants to know that it is the customer who pays."""
    card: Any = {"number": ASKS, "exp_month": "12", "exp_year": "2040", "cvc": "123"}
    given = {"type": "card", **{f"card[{name}]": value for name, value in card.items()}}
    return str(_asked(f"{stripe_url}/v1/payment_methods", given)["id"])


def answer_bank(stripe_url: str, client_secret: str) -> None:
    """It is the customer. What comes of it, Stripe tells by webhook."""
    intent = client_secret.partition("_secret_")[0]
    given = {"key": KEYS["publishable"], "client_secret": client_secret, "success": "true"}
    _asked(f"{stripe_url}/v1/payment_intents/{intent}/_authenticate", given)


def _asked(url: str, given: dict[str, Any]) -> dict[str, Any]:
    answer = httpx.post(url, data=given, headers={"authorization": f"Bearer {KEYS['secret']}"}, timeout=30)
    if not answer.is_success:
        raise StoryError(f"{url}: {answer.status_code} {answer.text[:300]}")
    found: dict[str, Any] = answer.json()
    return found
